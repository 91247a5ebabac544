/**
 * What is done to the accounts of others, and to the keys of the server.
 */
import type { Account } from '../../domain/accounts/account.ts'
import { builder } from '../builder.ts'
import { LocaleEnum } from './locale.ts'
import { UserType } from './user.ts'

const success = (name: string, description: string) =>
  builder.objectRef<{ account: Account }>(name).implement({
    description,
    fields: (t) => ({
      user: t.field({ type: UserType, description: 'The account, as the operation left it.', resolve: ({ account }) => account }),
    }),
  })

const CreateUserSuccess = success('CreateUserSuccess', 'The account was made; its owner is asked to change the password.')
const DeleteUserSuccess = success('DeleteUserSuccess', 'The account is gone, and everything of it.')
const SetLoginEnabledSuccess = success('SetLoginEnabledSuccess', 'Sign-in was allowed or refused.')
const SetAdminSuccess = success('SetAdminSuccess', 'The account was made an administrator, or is none any more.')
const SetScopesSuccess = success('SetScopesSuccess', 'The scopes were replaced.')

const ResetTwoFactorSuccess = success('ResetTwoFactorSuccess', 'The second factor is off, and its owner got a mail.')

const RotateSigningKeySuccess = builder.objectRef<{ kid: string }>('RotateSigningKeySuccess').implement({
  description: 'A new key signs access tokens; those of the old one stay good until they expire.',
  fields: (t) => ({ kid: t.exposeString('kid', { description: 'The id of the new key, as `/.well-known/jwks.json` shows it.' }) }),
})

const CreateUserInput = builder.inputType('CreateUserInput', {
  description: 'An account for somebody else: an e-mail address or a username at least, and a first password.',
  fields: (t) => ({
    email: t.string({ description: 'An e-mail address that no account has.' }),
    username: t.string({ description: 'A username that no account has; made from the address when left out.' }),
    password: t.string({
      required: true,
      description: '8 to 128 characters; none of the most common passwords, and more than the names and addresses of its owner.',
    }),
    name: t.string({ description: 'The name in full, 1 to 100 characters.' }),
    firstName: t.string({ description: 'The first name, 1 to 50 characters.' }),
    lastName: t.string({ description: 'The last name, 1 to 50 characters.' }),
    phone: t.string({ description: 'A phone number.' }),
    bio: t.string({ description: 'Some words about the person, at most 500 characters.' }),
    locale: t.field({ type: LocaleEnum, description: 'The language of mails; left out, that of the server.' }),
    scopes: t.stringList({ description: 'Scopes to grant; none that you lack yourself.' }),
  }),
})

const DeleteUserInput = builder.inputType('DeleteUserInput', {
  description: 'An account to delete.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Its id.' }) }),
})

const SetLoginEnabledInput = builder.inputType('SetLoginEnabledInput', {
  description: 'Whether an account may sign in.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Its id.' }),
    enabled: t.boolean({ required: true, description: 'False ends its sessions and personal access tokens at once.' }),
  }),
})

const ResetTwoFactorInput = builder.inputType('ResetTwoFactorInput', {
  description: 'An account whose owner lost the second factor.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Its id.' }) }),
})

const SetAdminInput = builder.inputType('SetAdminInput', {
  description: 'Whether an account is an administrator.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Its id.' }),
    isAdmin: t.boolean({ required: true, description: 'True grants everything.' }),
  }),
})

const SetScopesInput = builder.inputType('SetScopesInput', {
  description: 'The scopes of an account.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Its id.' }),
    scopes: t.stringList({ required: true, description: 'All its scopes from now on; none that you lack yourself.' }),
  }),
})

builder.mutationFields((t) => ({
  createUser: t.field({
    type: CreateUserSuccess,
    errors: {},
    description: 'Makes an account for somebody else, also while registration is closed.',
    args: { input: t.arg({ type: CreateUserInput, required: true, description: 'The account.' }) },
    resolve: async (_root, { input }, { operations }) => ({ account: await operations.createUser({ ...input }) }),
  }),
  deleteUser: t.field({
    type: DeleteUserSuccess,
    errors: {},
    description: 'Deletes an account. Only an administrator deletes an administrator, and never the last enabled one.',
    args: { input: t.arg({ type: DeleteUserInput, required: true, description: 'Which.' }) },
    resolve: async (_root, { input }, { operations }) => ({ account: await operations.deleteUser(input) }),
  }),
  setLoginEnabled: t.field({
    type: SetLoginEnabledSuccess,
    errors: {},
    description: 'Allows or refuses sign-in. The caller’s own account and the last enabled administrator are refused.',
    args: { input: t.arg({ type: SetLoginEnabledInput, required: true, description: 'Which, and whether.' }) },
    resolve: async (_root, { input }, { operations }) => ({ account: await operations.setLoginEnabled(input) }),
  }),
  setAdmin: t.field({
    type: SetAdminSuccess,
    errors: {},
    description: 'Makes or unmakes an administrator. Never the last enabled one.',
    args: { input: t.arg({ type: SetAdminInput, required: true, description: 'Which, and whether.' }) },
    resolve: async (_root, { input }, { operations }) => ({ account: await operations.setAdmin(input) }),
  }),
  setScopes: t.field({
    type: SetScopesSuccess,
    errors: {},
    description: 'Replaces the scopes of an account.',
    args: { input: t.arg({ type: SetScopesInput, required: true, description: 'Which, and the scopes.' }) },
    resolve: async (_root, { input }, { operations }) => ({ account: await operations.setScopes(input) }),
  }),
  resetTwoFactor: t.field({
    type: ResetTwoFactorSuccess,
    errors: {},
    description:
      'Turns off the second factor of an account whose owner lost it, and sends the owner a mail. The caller’s own account is refused.',
    args: { input: t.arg({ type: ResetTwoFactorInput, required: true, description: 'Which.' }) },
    resolve: async (_root, { input }, { operations }) => ({ account: await operations.resetTwoFactor(input) }),
  }),
  rotateSigningKey: t.field({
    type: RotateSigningKeySuccess,
    errors: {},
    description: 'Makes a new key sign access tokens. Signs nobody out.',
    resolve: async (_root, _args, { operations }) => ({ kid: await operations.rotateSigningKey() }),
  }),
}))
