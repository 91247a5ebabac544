/**
 * THE TABLE of `xiot`: the Users API.
 */
import { z } from 'zod'
import { email, nonEmpty, password, text } from '../../domain/base/input.ts'
import { minimumPasswordLength } from '../../domain/base/surfaces.ts'
import { defineDialect } from '../defineDialect.ts'
import { row } from '../dialect.ts'
import { withFieldNames } from '../fieldErrors.ts'
import {
  V1VerifyTotpDocument,
  XiotChangeEmailDocument,
  XiotChangePasswordDocument,
  XiotDisableTwoFactorDocument,
  XiotEnableTwoFactorDocument,
  XiotForgetPasswordDocument,
  XiotGetProfileDocument,
  XiotResetPasswordDocument,
  XiotSignupDocument,
  XiotUpdateProfileDocument,
} from '../operations.ts'
import { confirmed } from '../passwordConfirmation.ts'
import { login } from '../v1/login.ts'
import { xiotErrors } from './errors.ts'
import { code, egyptianPhone, letters } from './fields.ts'
import { Done, done, Enrolled, Profile, ProfileUpdated, profileOf, SignedUp, Verified, verified } from './shapes.ts'

const newPassword = password(minimumPasswordLength.xiot)

const rows = [
  row({
    operationId: 'PostNewUser',
    tag: 'Authentication',
    summary: 'Create a new user',
    method: 'POST',
    path: '/v1/auth/signup',
    documented: true,
    body: confirmed(
      z.object({
        email,
        firstName: letters,
        lastName: letters,
        password: newPassword,
        passwordConfirmation: text,
        phone: egyptianPhone.optional(),
      }),
      'password',
      'passwordConfirmation',
    ),
    document: XiotSignupDocument,
    variables: ({ body: { passwordConfirmation: _, ...input } }) => ({ input }),
    success: { status: 200, description: 'The account was created', body: SignedUp },
    reply: ({ user }) => done(`${user.email} account created successfully`, { id: user.id }),
    fails: ['EMAIL_TAKEN', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
  }),
  login,
  row({
    operationId: 'VerifyTOTP',
    tag: 'Authentication',
    summary: 'Finish a sign-in with a second factor',
    description: 'Only if the two factor authentication is enabled.',
    method: 'POST',
    path: '/v1/auth/verify-totp',
    documented: true,
    body: z.object({ loginCode: nonEmpty, code }),
    document: V1VerifyTotpDocument,
    variables: ({ body }) => ({ input: body }),
    success: { status: 200, description: 'Signed in', body: Verified },
    reply: verified,
    fails: ['INVALID_TWO_FACTOR_CODE', 'INVALID_LOGIN_CODE', 'BAD_CREDENTIALS', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
  }),
  row({
    operationId: 'GetUserProfile',
    tag: 'Profile',
    summary: 'Get the profile of the user',
    method: 'GET',
    path: '/v1/profile',
    documented: true,
    document: XiotGetProfileDocument,
    variables: () => ({}),
    success: { status: 200, description: 'The profile', body: Profile },
    reply: profileOf,
    fails: [],
  }),
  row({
    operationId: 'UpdateProfile',
    tag: 'Profile',
    summary: 'Update the profile of the user',
    method: 'PUT',
    path: '/v1/profile',
    documented: true,
    body: z.object({ phone: egyptianPhone.optional(), firstName: letters.optional(), lastName: letters.optional() }),
    document: XiotUpdateProfileDocument,
    variables: ({ body }) => ({ input: body }),
    success: { status: 200, description: 'The profile was updated', body: ProfileUpdated },
    reply: ({ user }) => done('Profile updated successfully', { user: profileOf(user) }),
    fails: ['TOO_MANY_REQUESTS'],
  }),
  row({
    operationId: 'ChangePassword',
    tag: 'Security',
    summary: 'Change logged in user’s password',
    method: 'PUT',
    path: '/v1/security/change-password',
    documented: true,
    body: confirmed(
      z.object({ oldPassword: nonEmpty, password: newPassword, passwordConfirmation: text }),
      'password',
      'passwordConfirmation',
    ),
    document: XiotChangePasswordDocument,
    variables: ({ body }) => ({ input: { oldPassword: body.oldPassword, newPassword: body.password } }),
    success: { status: 200, description: 'The password was changed', body: Done },
    reply: () => done('Password changed successfully'),
    fails: ['WRONG_PASSWORD', 'REAUTHENTICATION_REQUIRED', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
    failures: { INVALID_INPUT: withFieldNames(xiotErrors.failures.INVALID_INPUT, { newPassword: 'password' }) },
  }),
  row({
    operationId: 'ForgetPassword',
    tag: 'Security',
    summary: 'Ask for a link to reset the password',
    method: 'POST',
    path: '/v1/security/forget-password',
    documented: true,
    body: z.object({ email: nonEmpty }),
    document: XiotForgetPasswordDocument,
    variables: ({ body }) => ({ input: body }),
    success: { status: 200, description: 'A link was sent', body: Done },
    reply: () => done('Reset password link sent to your e-mail'),
    fails: ['EMAIL_UNKNOWN', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
  }),
  row({
    operationId: 'ResetPassword',
    tag: 'Security',
    summary: 'Reset the password with the token of the link',
    method: 'POST',
    path: '/v1/security/reset-password',
    documented: false,
    body: z.object({ token: nonEmpty, password: newPassword }),
    document: XiotResetPasswordDocument,
    variables: ({ body }) => ({ input: { token: body.token, newPassword: body.password } }),
    success: { status: 200, description: 'The password was reset', body: Done },
    reply: () => done('Password reset successfully'),
    fails: ['INVALID_MAIL_TOKEN', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
    failures: { INVALID_INPUT: withFieldNames(xiotErrors.failures.INVALID_INPUT, { newPassword: 'password' }) },
  }),
  row({
    operationId: 'EnableTwoFactorAuth',
    tag: 'Security',
    summary: 'Enable two factor authentication',
    method: 'POST',
    path: '/v1/security/twofactor-enable',
    documented: true,
    document: XiotEnableTwoFactorDocument,
    variables: () => ({}),
    success: {
      status: 200,
      description: 'Two factor authentication is on; the secret and the recovery codes are shown this once',
      body: Enrolled,
    },
    reply: ({ secret, otpauthUrl, qrCode, recoveryCodes }) =>
      recoveryCodes === null
        ? // A session that began elsewhere has to confirm the authenticator, on GraphQL.
          done('Two factor authentication is not enabled yet: confirm a first code', { secret, otpauthUrl, qrCode, recoveryCodes: [] })
        : done('Two factor authentication enabled', { secret, otpauthUrl, qrCode, recoveryCodes: [...recoveryCodes] }),
    fails: ['TWO_FACTOR_ALREADY_ENABLED', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
  }),
  row({
    operationId: 'DisableTwoFactorAuth',
    tag: 'Security',
    summary: 'Disable two factor authentication',
    description: 'A code or the password, when sent, is checked.',
    method: 'POST',
    path: '/v1/security/twofactor-disable',
    documented: true,
    body: z.object({ code: code.nullish(), password: nonEmpty.nullish() }),
    document: XiotDisableTwoFactorDocument,
    variables: ({ body }) => ({ input: body }),
    success: { status: 200, description: 'Two factor authentication is off', body: Done },
    reply: () => done('Two factor authentication disabled'),
    fails: ['TWO_FACTOR_NOT_ENABLED', 'WRONG_CODE', 'WRONG_PASSWORD', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
  }),
  row({
    operationId: 'ChangeEmail',
    tag: 'Account',
    summary: 'Change the e-mail address',
    method: 'PUT',
    path: '/v1/account/change-email',
    documented: true,
    body: z.object({ email }),
    document: XiotChangeEmailDocument,
    variables: ({ body }) => ({ input: body }),
    success: { status: 200, description: 'The address was changed', body: Done },
    // A session that began elsewhere has to confirm the address.
    reply: ({ pendingEmail }) =>
      done(pendingEmail === null ? 'E-mail changed successfully' : 'Confirm the new e-mail address by the mail that was sent to it'),
    fails: ['EMAIL_TAKEN', 'TOO_MANY_REQUESTS'],
  }),
]

export const xiot = defineDialect({
  name: 'xiot',
  surface: 'xiot',
  title: 'Users API',
  version: '1.0.0',
  basePath: '/v1',
  tags: {
    Authentication: 'Sign-up and sign-in',
    Profile: 'What a user keeps',
    Security: 'Passwords and second factors',
    Account: 'The e-mail address',
  },
  mounts: [{ path: '/v1', rows, errors: xiotErrors, acceptsForms: false }],
})
