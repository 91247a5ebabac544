/**
 * The second factor of one's own account.
 */
import QRCode from 'qrcode'
import type { Account } from '../../domain/sessions/authenticate.ts'
import type { Enrollment } from '../../domain/twoFactor/enroll.ts'
import { builder } from '../builder.ts'
import { UserType } from './user.ts'

const BeginSuccess = builder.objectRef<Enrollment>('BeginTwoFactorEnrollmentSuccess').implement({
  description: 'A secret for an authenticator app, shown this once. It counts when `confirmTwoFactorEnrollment` got a first code.',
  fields: (t) => ({
    secret: t.exposeString('secret', { description: 'The secret in base32, for typing.' }),
    otpauthUrl: t.expose('otpauthUrl', { type: 'URL', description: 'The same as an `otpauth:` URL, for apps on this device.' }),
    qrCode: t.string({
      description: 'The same as a QR code: a PNG image as a data URL.',
      resolve: async (enrollment) => await QRCode.toDataURL(enrollment.otpauthUrl),
    }),
    recoveryCodes: t.exposeStringList('recoveryCodes', {
      nullable: true,
      description: 'Null on GraphQL: the codes come with the confirmation.',
    }),
  }),
})

const ConfirmSuccess = builder.objectRef<{ recoveryCodes: readonly string[] }>('ConfirmTwoFactorEnrollmentSuccess').implement({
  description: 'The second factor is on.',
  fields: (t) => ({
    recoveryCodes: t.stringList({
      description: 'Ten codes for a lost device, each good for one sign-in. Shown this once.',
      resolve: ({ recoveryCodes }) => [...recoveryCodes],
    }),
  }),
})

const DisableSuccess = builder.objectRef<{ account: Account }>('DisableTwoFactorSuccess').implement({
  description: 'The second factor is off, and its recovery codes are gone.',
  fields: (t) => ({ user: t.field({ type: UserType, description: 'The account as it is now.', resolve: ({ account }) => account }) }),
})

const ConfirmInput = builder.inputType('ConfirmTwoFactorEnrollmentInput', {
  description: 'The proof that the app took the secret.',
  fields: (t) => ({ code: t.string({ required: true, description: 'Six digits of the authenticator app.' }) }),
})

const DisableInput = builder.inputType('DisableTwoFactorInput', {
  description: 'A proof; one of the two is needed, and what is sent is checked.',
  fields: (t) => ({
    code: t.string({ description: 'Six digits of the authenticator app, or a recovery code.' }),
    password: t.string({ description: 'Your password.' }),
  }),
})

builder.mutationFields((t) => ({
  beginTwoFactorEnrollment: t.field({
    type: BeginSuccess,
    errors: {},
    description: 'Makes a secret for a second factor.',
    resolve: async (_root, _args, { operations }) => await operations.beginTwoFactorEnrollment(),
  }),
  confirmTwoFactorEnrollment: t.field({
    type: ConfirmSuccess,
    errors: {},
    description: 'Turns the second factor on, with a first code.',
    args: { input: t.arg({ type: ConfirmInput, required: true, description: 'The code.' }) },
    resolve: async (_root, { input }, { operations }) => ({ recoveryCodes: await operations.confirmTwoFactorEnrollment({ ...input }) }),
  }),
  disableTwoFactor: t.field({
    type: DisableSuccess,
    errors: {},
    description: 'Turns the second factor off, with a code or the password.',
    args: { input: t.arg({ type: DisableInput, description: 'The proof.' }) },
    resolve: async (_root, { input }, { operations }) => ({ account: await operations.disableTwoFactor({ ...input }) }),
  }),
}))
