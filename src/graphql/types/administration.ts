/**
 * Administration of other accounts, and of the signing keys.
 */
import type { Account } from '../../domain/frame/account.ts'
import { builder } from '../builder.ts'
import { failsAs } from '../errorTypes.ts'
import { LocaleEnum } from './locale.ts'
import { ScopeEnum } from './scope.ts'
import { readableAccount, UserType } from './user.ts'

const success = (name: string, description: string) =>
  builder.objectRef<{ account: Account }>(name).implement({
    description,
    fields: (t) => ({
      user: t.field({ type: UserType, description: 'The account after the operation.', resolve: ({ account }) => account }),
    }),
  })

const CreateUserSuccess = builder.objectRef<{ account: Account }>('CreateUserSuccess').implement({
  description: 'The account was created; `mustChangePassword` is set.',
  fields: (t) => ({
    createdUserId: t.id({ description: 'The id of the account.', resolve: ({ account: { id } }) => id }),
    user: t.field({ ...readableAccount('The account'), resolve: ({ account }) => account }),
  }),
})
const DeleteUserSuccess = builder.objectRef<{ account: Account }>('DeleteUserSuccess').implement({
  description: 'The account and all its data were deleted.',
  fields: (t) => ({
    deletedUserId: t.id({ description: 'The id that the account had.', resolve: ({ account: { id } }) => id }),
    user: t.field({ ...readableAccount('The account as it was'), resolve: ({ account }) => account }),
  }),
})
const SetLoginEnabledSuccess = success('SetLoginEnabledSuccess', 'Sign-in was enabled or disabled.')
const SetAdminSuccess = success('SetAdminSuccess', 'The account is now an administrator, or no longer one.')
const SetScopesSuccess = success('SetScopesSuccess', 'The scopes were replaced.')

const ResetTwoFactorSuccess = success('ResetTwoFactorSuccess', 'The second factor is off, and the owner was notified by mail.')

const RotateSigningKeySuccess = builder.objectRef<{ kid: string }>('RotateSigningKeySuccess').implement({
  description: 'A new key signs access tokens from now on; tokens signed with the old key stay valid until they expire.',
  fields: (t) => ({ kid: t.exposeString('kid', { description: 'The id of the new key, as `/.well-known/jwks.json` shows it.' }) }),
})

const CreateUserInput = builder.inputType('CreateUserInput', {
  description: 'An account for somebody else. It needs a first password, and an e-mail address or a username.',
  fields: (t) => ({
    email: t.string({ description: 'An e-mail address that no account has.' }),
    username: t.string({ description: 'A username that no account has. If left out, it is derived from the e-mail address.' }),
    password: t.string({
      required: true,
      description: '8 to 128 characters; not a common password, and not made of the names and addresses of its owner.',
    }),
    name: t.string({ description: 'The full name, 1 to 100 characters.' }),
    firstName: t.string({ description: 'The first name, 1 to 50 characters.' }),
    lastName: t.string({ description: 'The last name, 1 to 50 characters.' }),
    phone: t.string({ description: 'A phone number.' }),
    bio: t.string({ description: 'A text about the person, at most 500 characters.' }),
    locale: t.field({ type: LocaleEnum, description: 'The language of mails. If left out, the default language of the server.' }),
    scopes: t.field({ type: [ScopeEnum], description: 'Scopes to grant; you must hold them yourself.' }),
  }),
})

const DeleteUserInput = builder.inputType('DeleteUserInput', {
  description: 'The account to delete.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The id of the account.' }) }),
})

const SetLoginEnabledInput = builder.inputType('SetLoginEnabledInput', {
  description: 'An account, and whether it may sign in.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the account.' }),
    enabled: t.boolean({
      required: true,
      description: 'Whether sign-in is enabled. False also ends its sessions and personal access tokens at once.',
    }),
  }),
})

const ResetTwoFactorInput = builder.inputType('ResetTwoFactorInput', {
  description: 'The account whose owner lost the second factor.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The id of the account.' }) }),
})

const SetAdminInput = builder.inputType('SetAdminInput', {
  description: 'An account, and whether it is an administrator.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the account.' }),
    isAdmin: t.boolean({ required: true, description: 'Whether the account is an administrator, who may do everything.' }),
  }),
})

const SetScopesInput = builder.inputType('SetScopesInput', {
  description: 'An account, and its scopes.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the account.' }),
    scopes: t.field({
      type: [ScopeEnum],
      required: true,
      description: 'All scopes of the account from now on; you must hold them yourself.',
    }),
  }),
})

builder.mutationFields((t) => ({
  createUser: t.field({
    type: CreateUserSuccess,
    errors: failsAs('createUser'),
    description: 'Creates an account for somebody else, even while registration is closed.',
    args: { input: t.arg({ type: CreateUserInput, required: true, description: 'The account.' }) },
    resolve: async (_root, { input }, { operations }) => ({ account: await operations.createUser({ ...input }) }),
  }),
  deleteUser: t.field({
    type: DeleteUserSuccess,
    errors: failsAs('deleteUser'),
    description: 'Deletes an account. Only an administrator may delete an administrator, and the last enabled one cannot be deleted.',
    args: { input: t.arg({ type: DeleteUserInput, required: true, description: 'The account.' }) },
    resolve: async (_root, { input }, { operations }) => ({ account: await operations.deleteUser(input) }),
  }),
  setLoginEnabled: t.field({
    type: SetLoginEnabledSuccess,
    errors: failsAs('setLoginEnabled'),
    description: 'Enables or disables sign-in of an account; not of the caller’s own, and not of the last enabled administrator.',
    args: { input: t.arg({ type: SetLoginEnabledInput, required: true, description: 'The account, and whether it may sign in.' }) },
    resolve: async (_root, { input }, { operations }) => ({ account: await operations.setLoginEnabled(input) }),
  }),
  setAdmin: t.field({
    type: SetAdminSuccess,
    errors: failsAs('setAdmin'),
    description: 'Makes an account an administrator, or takes that away; not from the last enabled administrator.',
    args: { input: t.arg({ type: SetAdminInput, required: true, description: 'The account, and whether it is an administrator.' }) },
    resolve: async (_root, { input }, { operations }) => ({ account: await operations.setAdmin(input) }),
  }),
  setScopes: t.field({
    type: SetScopesSuccess,
    errors: failsAs('setScopes'),
    description: 'Replaces the scopes of an account.',
    args: { input: t.arg({ type: SetScopesInput, required: true, description: 'The account, and its scopes.' }) },
    resolve: async (_root, { input }, { operations }) => ({ account: await operations.setScopes(input) }),
  }),
  resetTwoFactor: t.field({
    type: ResetTwoFactorSuccess,
    errors: failsAs('resetTwoFactor'),
    description:
      'Turns off the second factor of an account whose owner lost it, and notifies the owner by mail; not for the caller’s own account.',
    args: { input: t.arg({ type: ResetTwoFactorInput, required: true, description: 'The account.' }) },
    resolve: async (_root, { input }, { operations }) => ({ account: await operations.resetTwoFactor(input) }),
  }),
  rotateSigningKey: t.field({
    type: RotateSigningKeySuccess,
    errors: failsAs('rotateSigningKey'),
    description: 'Creates a new key that signs access tokens. Sessions continue.',
    resolve: async (_root, _args, { operations }) => ({ kid: await operations.rotateSigningKey() }),
  }),
}))
