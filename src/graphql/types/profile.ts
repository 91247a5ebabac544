/**
 * What people change about their own account: profile, password, e-mail address.
 */

import type { Account } from '../../domain/frame/account.ts'
import type { CheckedToken } from '../../domain/recovery/checkMailToken.ts'
import { builder } from '../builder.ts'
import { keepCookie } from '../cookieSlot.ts'
import { failsAs } from '../errorTypes.ts'
import { LocaleEnum } from './locale.ts'
import { ownAccountAfter, UserType } from './user.ts'

/** A success that holds the changed account. */
const accountSuccess = (name: string, description: string) =>
  builder.objectRef<{ account: Account }>(name).implement({
    description,
    fields: (t) => ({ user: t.field({ type: UserType, description: 'The account as it is now.', resolve: ({ account }) => account }) }),
  })

/** A success without data. */
const plainSuccess = (name: string, description: string) =>
  builder.objectRef<Record<string, never>>(name).implement({
    description,
    fields: (t) => ({ ok: t.boolean({ description: 'Always true.', resolve: () => true }) }),
  })

const UpdateProfileSuccess = accountSuccess('UpdateProfileSuccess', 'The profile was changed.')
const ChangePasswordSuccess = accountSuccess(
  'ChangePasswordSuccess',
  'The password was changed; your other sessions and your personal access tokens have ended.',
)
const RequestPasswordResetSuccess = plainSuccess('RequestPasswordResetSuccess', 'If an account has the address, a mail is on its way.')
const ResetPasswordSuccess = plainSuccess(
  'ResetPasswordSuccess',
  'The password was set; every session and personal access token of the account has ended. Sign in again.',
)
const ConfirmEmailSuccess = builder.objectRef<{ userId: string }>('ConfirmEmailSuccess').implement({
  description: 'The e-mail address is now verified; a new address has replaced the old one.',
  fields: (t) => ({
    user: t.field({
      type: UserType,
      nullable: true,
      description: 'Your account as it is now; null if this request has no session of the account.',
      resolve: async ({ userId }, _args, { caller, account }) => (caller.viewer?.account.id === userId ? await account(userId) : null),
    }),
  }),
})
const RequestEmailVerificationSuccess = builder.objectRef<Record<string, never>>('RequestEmailVerificationSuccess').implement({
  description: 'A mail is on its way to your address, unless too many were sent to it recently.',
  fields: (t) => ({ user: t.field(ownAccountAfter) }),
})

const ChangeEmailSuccess = builder.objectRef<{ account: Account; pendingEmail: string | null }>('ChangeEmailSuccess').implement({
  description: 'The address was changed, or a confirmation mail is on its way to the new one.',
  fields: (t) => ({
    user: t.field({ type: UserType, description: 'The account as it is now.', resolve: ({ account }) => account }),
    pendingEmail: t.exposeString('pendingEmail', {
      nullable: true,
      description: 'The new address, if it waits for confirmation; null if it has already replaced the old one.',
    }),
  }),
})

const DisownEmailSuccess = plainSuccess(
  'DisownEmailSuccess',
  'The address was removed from the account, and all sessions and personal access tokens of the account have ended.',
)
const UndoAccountChangeSuccess = plainSuccess(
  'UndoAccountChangeSuccess',
  'The change was undone and the new password set; every session and personal access token has ended. Sign in again.',
)
const CheckMailTokenSuccess = builder.objectRef<CheckedToken>('CheckMailTokenSuccess').implement({
  description: 'The link of the mail works.',
  fields: (t) => ({
    signInName: t.exposeString('signInName', {
      nullable: true,
      description:
        'The username or address to sign in with after the link was used, for password managers; null if the link does not change it.',
    }),
  }),
})

const MailTokenUseEnum = builder.enumType('MailTokenUse', {
  description: 'What a link in a mail is for.',
  values: {
    RESET_PASSWORD: { value: 'reset_password', description: 'The link is for `resetPassword`.' },
    CONFIRM_EMAIL: { value: 'confirm_email', description: 'The link is for `confirmEmail`.' },
    DISOWN_EMAIL: { value: 'disown_email', description: 'The link is for `disownEmail`.' },
    UNDO_ACCOUNT_CHANGE: { value: 'undo_account_change', description: 'The link is for `undoAccountChange`.' },
  } as const,
})

const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  description: 'The fields to change; those left out stay as they are.',
  fields: (t) => ({
    name: t.string({ description: 'The full name, 1 to 100 characters. It takes precedence over first and last name.' }),
    firstName: t.string({ description: 'The first name, 1 to 50 characters.' }),
    lastName: t.string({ description: 'The last name, 1 to 50 characters; null removes it.' }),
    phone: t.string({ description: 'A phone number; null or an empty text removes it.' }),
    bio: t.string({ description: 'A text about yourself, at most 500 characters; null removes it.' }),
    locale: t.field({ type: LocaleEnum, description: 'The language of mails to you.' }),
  }),
})

const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'The old password, as a proof, and the new one.',
  fields: (t) => ({
    oldPassword: t.string({ required: true, description: 'The current password.' }),
    newPassword: t.string({
      required: true,
      description: '8 to 128 characters; not a common password, and not made of your names and addresses.',
    }),
  }),
})

const RequestPasswordResetInput = builder.inputType('RequestPasswordResetInput', {
  description: 'The account whose password was lost.',
  fields: (t) => ({ email: t.string({ required: true, description: 'The address of the account.' }) }),
})

const ResetPasswordInput = builder.inputType('ResetPasswordInput', {
  description: 'The token of the mail, and a new password.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token from the link in the mail. It stays valid if the password is refused.' }),
    newPassword: t.string({
      required: true,
      description: '8 to 128 characters; not a common password, and not made of your names and addresses.',
    }),
  }),
})

const ChangeEmailInput = builder.inputType('ChangeEmailInput', {
  description: 'A new e-mail address.',
  fields: (t) => ({ email: t.string({ required: true, description: 'An address that no account has.' }) }),
})

const ConfirmEmailInput = builder.inputType('ConfirmEmailInput', {
  description: 'The token or the code from a confirmation mail.',
  isOneOf: true,
  fields: (t) => ({
    token: t.string({ description: 'The token from the link in the mail; works without a session.' }),
    code: t.string({
      description:
        'The six-digit code in the mail; works in a session of the account. After five attempts the code is invalid, but the link is not.',
    }),
  }),
})

const DisownEmailInput = builder.inputType('DisownEmailInput', {
  description: 'The token of a verification mail.',
  fields: (t) => ({ token: t.string({ required: true, description: 'The token from the link in the mail.' }) }),
})

const UndoAccountChangeInput = builder.inputType('UndoAccountChangeInput', {
  description: 'The token of the mail about the change, and a new password.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token from the link in the mail. It stays valid if the password is refused.' }),
    newPassword: t.string({
      required: true,
      description: '8 to 128 characters; not a common password, and not made of your names and addresses.',
    }),
  }),
})

const CheckMailTokenInput = builder.inputType('CheckMailTokenInput', {
  description: 'The token of a mail, and its intended use.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token from the link in the mail; it can still be used afterwards.' }),
    use: t.field({ type: MailTokenUseEnum, required: true, description: 'The intended use.' }),
  }),
})

/** Treats null as left out, for fields that cannot be removed. */
const withoutNull = <T>(value: T | null | undefined): T | undefined => value ?? undefined

builder.mutationFields((t) => ({
  updateProfile: t.field({
    type: UpdateProfileSuccess,
    errors: failsAs('updateProfile'),
    description: 'Changes your profile.',
    args: { input: t.arg({ type: UpdateProfileInput, required: true, description: 'What to change.' }) },
    resolve: async (_root, { input }, { operations }) => ({
      account: await operations.updateProfile({
        ...input,
        name: withoutNull(input.name),
        firstName: withoutNull(input.firstName),
        locale: withoutNull(input.locale),
      }),
    }),
  }),
  changePassword: t.field({
    type: ChangePasswordSuccess,
    errors: failsAs('changePassword'),
    description:
      'Changes your password, and ends your other sessions and your personal access tokens. A session in a cookie gets a new cookie.',
    args: { input: t.arg({ type: ChangePasswordInput, required: true, description: 'Both passwords.' }) },
    resolve: async (_root, { input }, { operations, cookie }) => {
      const result = await operations.changePassword({ ...input })
      keepCookie(cookie, result)
      return result
    },
  }),
  requestPasswordReset: t.field({
    type: RequestPasswordResetSuccess,
    errors: failsAs('requestPasswordReset'),
    description: 'Sends a mail with a link to set a new password. The answer is the same whether or not an account has the address.',
    args: { input: t.arg({ type: RequestPasswordResetInput, required: true, description: 'The address.' }) },
    resolve: async (_root, { input }, { operations }) => {
      await operations.requestPasswordReset({ ...input })
      return {}
    },
  }),
  resetPassword: t.field({
    type: ResetPasswordSuccess,
    errors: failsAs('resetPassword'),
    description: 'Sets a new password, given the token of a reset mail. It does not sign in, and leaves the second factor on.',
    args: { input: t.arg({ type: ResetPasswordInput, required: true, description: 'The token and the password.' }) },
    resolve: async (_root, { input }, { operations }) => {
      await operations.resetPassword({ ...input })
      return {}
    },
  }),
  changeEmail: t.field({
    type: ChangeEmailSuccess,
    errors: failsAs('changeEmail'),
    description: 'Sends a confirmation mail to a new address, which replaces the old one when it is confirmed.',
    args: { input: t.arg({ type: ChangeEmailInput, required: true, description: 'The address.' }) },
    resolve: async (_root, { input }, { operations }) => await operations.changeEmail({ ...input }),
  }),
  confirmEmail: t.field({
    type: ConfirmEmailSuccess,
    errors: failsAs('confirmEmail'),
    description:
      'Confirms an e-mail address, given the token or code of a mail: a new address replaces the old one, or the present one is verified.',
    args: { input: t.arg({ type: ConfirmEmailInput, required: true, description: 'The token or the code.' }) },
    resolve: async (_root, { input }, { operations }) => ({ userId: await operations.confirmEmail({ ...input }) }),
  }),
  checkMailToken: t.field({
    type: CheckMailTokenSuccess,
    errors: failsAs('checkMailToken'),
    description: 'Checks whether the link of a mail still works, without using it up.',
    args: { input: t.arg({ type: CheckMailTokenInput, required: true, description: 'The token.' }) },
    resolve: async (_root, { input }, { operations }) => await operations.checkMailToken({ ...input }),
  }),
  disownEmail: t.field({
    type: DisownEmailSuccess,
    errors: failsAs('disownEmail'),
    description:
      'Removes an address that was never verified from an account. For the person who receives the mails but did not create the account.',
    args: { input: t.arg({ type: DisownEmailInput, required: true, description: 'The token.' }) },
    resolve: async (_root, { input }, { operations }) => {
      await operations.disownEmail({ ...input })
      return {}
    },
  }),
  undoAccountChange: t.field({
    type: UndoAccountChangeSuccess,
    errors: failsAs('undoAccountChange'),
    description: 'Undoes a change of address or second factor that took effect at once, ends all sessions, and sets a new password.',
    args: { input: t.arg({ type: UndoAccountChangeInput, required: true, description: 'The token and the password.' }) },
    resolve: async (_root, { input }, { operations }) => {
      await operations.undoAccountChange({ ...input })
      return {}
    },
  }),
  requestEmailVerification: t.field({
    type: RequestEmailVerificationSuccess,
    errors: failsAs('requestEmailVerification'),
    description: 'Sends a mail to your address with a link and a code that verify it (`confirmEmail`).',
    resolve: async (_root, _args, { operations }) => {
      await operations.requestEmailVerification()
      return {}
    },
  }),
}))
