/**
 * The second factor of the caller's account.
 */
import QRCode from 'qrcode'
import type { Enrollment } from '../../domain/twoFactor/beginEnrollment.ts'
import type { ConfirmedEnrollment } from '../../domain/twoFactor/confirmEnrollment.ts'
import type { DisabledTwoFactor } from '../../domain/twoFactor/disable.ts'
import { builder } from '../builder.ts'
import { failsAs } from '../errorTypes.ts'
import { guarded } from '../guardedField.ts'
import { beside, ownAccountAfter, UserType } from './user.ts'

const BeginSuccess = builder.objectRef<Enrollment>('BeginTwoFactorEnrollmentSuccess').implement({
  description:
    'A secret for an authenticator app; it is shown only once. The second factor is on after `confirmTwoFactorEnrollment` with a first code.',
  fields: (t) => ({
    secret: t.exposeString('secret', { description: 'The secret in base32, to type into the app.' }),
    otpauthUrl: t.expose('otpauthUrl', { type: 'URL', description: 'The secret as an `otpauth:` URL, for an app on the same device.' }),
    qrCode: t.string({
      description: 'The secret as a QR code: a PNG image in a data URL.',
      resolve: async (enrollment) => await QRCode.toDataURL(enrollment.otpauthUrl),
    }),
    recoveryCodes: t.exposeStringList('recoveryCodes', {
      nullable: true,
      description: 'Null on GraphQL: the codes come with the confirmation.',
    }),
  }),
})

const TEN_CODES = 'Ten recovery codes for a lost device. Each replaces a code of the app once. They are shown only once.'
const ENDED = 'How many other sessions were ended.'
const END_OTHERS = 'Whether to end all your other sessions too.'

const ConfirmSuccess = builder.objectRef<ConfirmedEnrollment>('ConfirmTwoFactorEnrollmentSuccess').implement({
  description: 'The second factor is on.',
  fields: (t) => ({
    recoveryCodes: t.stringList({ description: TEN_CODES, resolve: ({ recoveryCodes }) => [...recoveryCodes] }),
    endedSessions: t.exposeInt('endedSessions', { description: ENDED }),
    user: t.field(beside(ownAccountAfter)),
  }),
})

const RegenerateSuccess = builder.objectRef<{ recoveryCodes: readonly string[] }>('RegenerateRecoveryCodesSuccess').implement({
  description: 'The recovery codes were replaced; the old ones no longer work.',
  fields: (t) => ({
    recoveryCodes: t.stringList({ description: TEN_CODES, resolve: ({ recoveryCodes }) => [...recoveryCodes] }),
    user: t.field(beside(ownAccountAfter)),
  }),
})

const DisableSuccess = builder.objectRef<DisabledTwoFactor>('DisableTwoFactorSuccess').implement({
  description: 'The second factor is off, and its recovery codes no longer work.',
  fields: (t) => ({
    user: t.field({ type: UserType, description: 'The account as it is now.', resolve: ({ account }) => account }),
    endedSessions: t.exposeInt('endedSessions', { description: ENDED }),
  }),
})

const ConfirmInput = builder.inputType('ConfirmTwoFactorEnrollmentInput', {
  description: 'The proof that the app has the secret.',
  fields: (t) => ({
    code: t.string({ required: true, description: 'Six digits of the authenticator app.' }),
    endOtherSessions: t.boolean({ defaultValue: false, description: END_OTHERS }),
  }),
})

const CODE = 'Six digits of the authenticator app, or a recovery code.'

const CodeAndPassword = builder.inputType('CodeAndPassword', {
  description: 'A code and the password; both are checked.',
  fields: (t) => ({
    code: t.string({ required: true, description: CODE }),
    password: t.string({ required: true, description: 'Your password.' }),
  }),
})

const DisableProof = builder.inputType('DisableTwoFactorProof', {
  description: 'The proof that it is you.',
  isOneOf: true,
  fields: (t) => ({
    code: t.string({ description: CODE }),
    password: t.string({ description: 'Your password.' }),
    codeAndPassword: t.field({ type: CodeAndPassword, description: 'Both.' }),
  }),
})

const DisableInput = builder.inputType('DisableTwoFactorInput', {
  description: 'The proof that it is you, and what happens to your other sessions.',
  fields: (t) => ({
    proof: t.field({ type: DisableProof, description: 'Required on GraphQL; some legacy documents have none.' }),
    endOtherSessions: t.boolean({ defaultValue: false, description: END_OTHERS }),
  }),
})

builder.mutationFields((t) => ({
  beginTwoFactorEnrollment: t.field({
    type: BeginSuccess,
    errors: failsAs('beginTwoFactorEnrollment'),
    description: 'Begins to set up a second factor: creates its secret.',
    resolve: async (_root, _args, { operations }) => await operations.beginTwoFactorEnrollment(),
  }),
  confirmTwoFactorEnrollment: t.field({
    type: ConfirmSuccess,
    errors: failsAs('confirmTwoFactorEnrollment'),
    description: 'Turns the second factor on, given a first code of the app.',
    args: { input: t.arg({ type: ConfirmInput, required: true, description: 'The code.' }) },
    resolve: async (_root, { input }, { operations }) => await operations.confirmTwoFactorEnrollment({ ...input }),
  }),
  disableTwoFactor: t.field({
    type: DisableSuccess,
    errors: failsAs('disableTwoFactor'),
    description: 'Turns the second factor off, given a code or the password.',
    args: { input: t.arg({ type: DisableInput, description: 'The proof.' }) },
    resolve: async (_root, { input }, { operations }) => {
      const { codeAndPassword, ...proof } = input?.proof ?? {}
      return await operations.disableTwoFactor({ ...proof, ...codeAndPassword, endOtherSessions: input?.endOtherSessions })
    },
  }),
  regenerateRecoveryCodes: t.field({
    type: RegenerateSuccess,
    errors: failsAs('regenerateRecoveryCodes'),
    description: 'Replaces the recovery codes with ten new ones.',
    resolve: async (_root, _args, { operations }) => ({ recoveryCodes: await operations.regenerateRecoveryCodes() }),
  }),
}))

builder.objectField(UserType, 'recoveryCodesLeft', (t) =>
  t.int({
    nullable: true,
    ...guarded('recoveryCodesLeft', 'How many recovery codes are unused; null without a second factor.'),
    resolve: async ({ id, twoFactorSecret }, _args, { recoveryCodesLeft }) =>
      twoFactorSecret === null ? null : await recoveryCodesLeft(id),
  }),
)
