/**
 * What people change about their own account: profile, password, e-mail address.
 */

import type { Account } from '../../domain/accounts/account.ts'
import type { CheckedToken } from '../../domain/recovery/checkMailToken.ts'
import { builder } from '../builder.ts'
import { keepCookie } from '../cookieSlot.ts'
import { LocaleEnum } from './locale.ts'
import { UserType } from './user.ts'

/** A success that holds the changed account. */
const accountSuccess = (name: string, description: string) =>
  builder.objectRef<{ account: Account }>(name).implement({
    description,
    fields: (t) => ({ user: t.field({ type: UserType, description: 'The account as it is now.', resolve: ({ account }) => account }) }),
  })

/** A success that has nothing to tell but that it was done. */
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
  'The password was set; every session and personal access token of the account has ended. Sign in.',
)
const ConfirmEmailSuccess = plainSuccess('ConfirmEmailSuccess', 'The address counts from now on, and is verified.')
const RequestEmailVerificationSuccess = plainSuccess(
  'RequestEmailVerificationSuccess',
  'A mail is on its way to your address, unless it got too many lately.',
)

const ChangeEmailSuccess = builder.objectRef<{ account: Account; pendingEmail: string | null }>('ChangeEmailSuccess').implement({
  description: 'The address was taken, or a confirmation mail is on its way to it.',
  fields: (t) => ({
    user: t.field({ type: UserType, description: 'The account as it is now.', resolve: ({ account }) => account }),
    pendingEmail: t.exposeString('pendingEmail', {
      nullable: true,
      description: 'The address that waits for its confirmation; null when it counts already.',
    }),
  }),
})

const DisownEmailSuccess = plainSuccess(
  'DisownEmailSuccess',
  'The address was taken off the account, whose sessions and personal access tokens have ended.',
)
const UndoAccountChangeSuccess = plainSuccess(
  'UndoAccountChangeSuccess',
  'The account is what it was before the change, with the new password; every session and personal access token has ended. Sign in.',
)
const CheckMailTokenSuccess = builder.objectRef<CheckedToken>('CheckMailTokenSuccess').implement({
  description: 'The link of the mail works.',
  fields: (t) => ({
    signInName: t.exposeString('signInName', {
      nullable: true,
      description: 'What to sign in with once the link was used, for password managers; null where nothing changes about that.',
    }),
  }),
})

const MailTokenUseEnum = builder.enumType('MailTokenUse', {
  description: 'What the link of a mail is for.',
  values: {
    RESET_PASSWORD: { value: 'reset_password', description: '`resetPassword`.' },
    CONFIRM_EMAIL: { value: 'confirm_email', description: '`confirmEmail`.' },
    DISOWN_EMAIL: { value: 'disown_email', description: '`disownEmail`.' },
    UNDO_ACCOUNT_CHANGE: { value: 'undo_account_change', description: '`undoAccountChange`.' },
  } as const,
})

const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  description: 'What to change; what is left out stays as it is.',
  fields: (t) => ({
    name: t.string({ description: 'The name in full, 1 to 100 characters. Goes before first and last name.' }),
    firstName: t.string({ description: 'The first name, 1 to 50 characters.' }),
    lastName: t.string({ description: 'The last name, 1 to 50 characters; null takes it away.' }),
    phone: t.string({ description: 'A phone number; null or empty takes it away.' }),
    bio: t.string({ description: 'Some words about yourself, at most 500 characters; null takes them away.' }),
    locale: t.field({ type: LocaleEnum, description: 'The language of mails to you.' }),
  }),
})

const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'The old password as a proof, and the new one.',
  fields: (t) => ({
    oldPassword: t.string({ required: true, description: 'The password that counts now.' }),
    newPassword: t.string({
      required: true,
      description: '8 to 128 characters; none of the most common passwords, and more than your own names and addresses.',
    }),
  }),
})

const RequestPasswordResetInput = builder.inputType('RequestPasswordResetInput', {
  description: 'Who lost a password.',
  fields: (t) => ({ email: t.string({ required: true, description: 'The address of the account.' }) }),
})

const ResetPasswordInput = builder.inputType('ResetPasswordInput', {
  description: 'The token of the mail, and a new password.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'From the link in the mail. A password that is refused does not spend it.' }),
    newPassword: t.string({
      required: true,
      description: '8 to 128 characters; none of the most common passwords, and more than your own names and addresses.',
    }),
  }),
})

const ChangeEmailInput = builder.inputType('ChangeEmailInput', {
  description: 'A new e-mail address.',
  fields: (t) => ({ email: t.string({ required: true, description: 'An address that no account has.' }) }),
})

const ConfirmEmailInput = builder.inputType('ConfirmEmailInput', {
  description: 'What stands in a confirmation mail: the token of its link, or its code.',
  fields: (t) => ({
    token: t.string({ description: 'From the link in the mail; needs no session.' }),
    code: t.string({ description: 'The six digits in the mail, for a session of the account. Dead after five tries; the link is not.' }),
  }),
})

const DisownEmailInput = builder.inputType('DisownEmailInput', {
  description: 'The token of a verification mail.',
  fields: (t) => ({ token: t.string({ required: true, description: 'From the link in the mail.' }) }),
})

const UndoAccountChangeInput = builder.inputType('UndoAccountChangeInput', {
  description: 'The token of the mail about the change, and a new password.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'From the link in the mail. A password that is refused does not spend it.' }),
    newPassword: t.string({
      required: true,
      description: '8 to 128 characters; none of the most common passwords, and more than your own names and addresses.',
    }),
  }),
})

const CheckMailTokenInput = builder.inputType('CheckMailTokenInput', {
  description: 'The token of a mail, and what it is going to be used for.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'From the link in the mail; it is not spent.' }),
    use: t.field({ type: MailTokenUseEnum, required: true, description: 'What for.' }),
  }),
})

/** Leaves out what may be left out but not taken away. */
const withoutNull = <T>(value: T | null | undefined): T | undefined => value ?? undefined

builder.mutationFields((t) => ({
  updateProfile: t.field({
    type: UpdateProfileSuccess,
    errors: {},
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
    errors: {},
    description: 'Changes your password, and ends your other sessions and your personal access tokens. One in a cookie gets a new cookie.',
    args: { input: t.arg({ type: ChangePasswordInput, required: true, description: 'Both passwords.' }) },
    resolve: async (_root, { input }, { operations, cookie }) => {
      const result = await operations.changePassword({ ...input })
      keepCookie(cookie, result)
      return result
    },
  }),
  requestPasswordReset: t.field({
    type: RequestPasswordResetSuccess,
    errors: {},
    description: 'Sends a mail with a link to set a new password. Answers alike whether or not an account has the address.',
    args: { input: t.arg({ type: RequestPasswordResetInput, required: true, description: 'The address.' }) },
    resolve: async (_root, { input }, { operations }) => {
      await operations.requestPasswordReset({ ...input })
      return {}
    },
  }),
  resetPassword: t.field({
    type: ResetPasswordSuccess,
    errors: {},
    description: 'Sets a new password for the token of a reset mail. Signs nobody in and leaves the second factor on.',
    args: { input: t.arg({ type: ResetPasswordInput, required: true, description: 'The token and the password.' }) },
    resolve: async (_root, { input }, { operations }) => {
      await operations.resetPassword({ ...input })
      return {}
    },
  }),
  changeEmail: t.field({
    type: ChangeEmailSuccess,
    errors: {},
    description: 'Sends a confirmation to a new address, which counts once it was answered.',
    args: { input: t.arg({ type: ChangeEmailInput, required: true, description: 'The address.' }) },
    resolve: async (_root, { input }, { operations }) => await operations.changeEmail({ ...input }),
  }),
  confirmEmail: t.field({
    type: ConfirmEmailSuccess,
    errors: {},
    description: 'Takes the answer to a confirmation mail: a new address counts from now on, or your own is verified.',
    args: { input: t.arg({ type: ConfirmEmailInput, required: true, description: 'The token or the code.' }) },
    resolve: async (_root, { input }, { operations }) => {
      await operations.confirmEmail({ ...input })
      return {}
    },
  }),
  checkMailToken: t.field({
    type: CheckMailTokenSuccess,
    errors: {},
    description: 'Tells whether the link of a mail still works. Spends nothing.',
    args: { input: t.arg({ type: CheckMailTokenInput, required: true, description: 'The token.' }) },
    resolve: async (_root, { input }, { operations }) => await operations.checkMailToken({ ...input }),
  }),
  disownEmail: t.field({
    type: DisownEmailSuccess,
    errors: {},
    description: 'Takes an address that was never verified off an account, for whoever reads its mails and did not make the account.',
    args: { input: t.arg({ type: DisownEmailInput, required: true, description: 'The token.' }) },
    resolve: async (_root, { input }, { operations }) => {
      await operations.disownEmail({ ...input })
      return {}
    },
  }),
  undoAccountChange: t.field({
    type: UndoAccountChangeSuccess,
    errors: {},
    description:
      'Puts address and second factor back to what they were before a change that counted at once, ends all sessions, and sets a new password.',
    args: { input: t.arg({ type: UndoAccountChangeInput, required: true, description: 'The token and the password.' }) },
    resolve: async (_root, { input }, { operations }) => {
      await operations.undoAccountChange({ ...input })
      return {}
    },
  }),
  requestEmailVerification: t.field({
    type: RequestEmailVerificationSuccess,
    errors: {},
    description: 'Sends a mail to your own address with a link and a code that verify it (`confirmEmail`).',
    resolve: async (_root, _args, { operations }) => {
      await operations.requestEmailVerification()
      return {}
    },
  }),
}))
