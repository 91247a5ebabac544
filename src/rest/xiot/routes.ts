/**
 * THE TABLE of `xiot`: the Users API.
 */
import { z } from 'zod'
import { email, nonEmpty, password, text } from '../../domain/input.ts'
import { minimumPasswordLength } from '../../domain/surfaces.ts'
import { confirmed } from '../confirmed.ts'
import { type Dialect, row } from '../dialect.ts'
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
import { invalidFields } from '../v1/errors.ts'
import { login } from '../v1/login.ts'
import { xiotErrors } from './errors.ts'
import { code, egyptianPhone, letters } from './fields.ts'
import { done, profileOf, verified } from './shapes.ts'

const newPassword = password(minimumPasswordLength.xiot)

const rows = [
  row({
    method: 'POST',
    path: '/v1/auth/signup',
    documented: true,
    who: 'registration',
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
    reply: ({ user }) => done(`${user.email} account created successfully`, { id: user.id }),
  }),
  login,
  row({
    method: 'POST',
    path: '/v1/auth/verify-totp',
    documented: true,
    who: 'anyone',
    body: z.object({ loginCode: nonEmpty, code }),
    document: V1VerifyTotpDocument,
    variables: ({ body }) => ({ input: body }),
    reply: verified,
  }),
  row({
    method: 'GET',
    path: '/v1/profile',
    documented: true,
    who: 'session',
    document: XiotGetProfileDocument,
    variables: () => ({}),
    reply: (user) => ({ status: 200, body: profileOf(user) }),
  }),
  row({
    method: 'PUT',
    path: '/v1/profile',
    documented: true,
    who: 'interactive',
    body: z.object({ phone: egyptianPhone.optional(), firstName: letters.optional(), lastName: letters.optional() }),
    document: XiotUpdateProfileDocument,
    variables: ({ body }) => ({ input: body }),
    reply: ({ user }) => done('Profile updated successfully', { user: profileOf(user) }),
  }),
  row({
    method: 'PUT',
    path: '/v1/security/change-password',
    documented: true,
    who: 'interactive',
    body: confirmed(
      z.object({ oldPassword: nonEmpty, password: newPassword, passwordConfirmation: text }),
      'password',
      'passwordConfirmation',
    ),
    document: XiotChangePasswordDocument,
    variables: ({ body }) => ({ input: { oldPassword: body.oldPassword, newPassword: body.password } }),
    reply: () => done('Password changed successfully'),
    failures: { INVALID_INPUT: invalidFields(undefined, { newPassword: 'password' }) },
  }),
  row({
    method: 'POST',
    path: '/v1/security/forget-password',
    documented: true,
    who: 'anyone',
    body: z.object({ email: nonEmpty }),
    document: XiotForgetPasswordDocument,
    variables: ({ body }) => ({ input: body }),
    reply: () => done('Reset password link sent to your e-mail'),
  }),
  row({
    method: 'POST',
    path: '/v1/security/reset-password',
    documented: false,
    who: 'anyone',
    body: z.object({ token: nonEmpty, password: newPassword }),
    document: XiotResetPasswordDocument,
    variables: ({ body }) => ({ input: { token: body.token, newPassword: body.password } }),
    reply: () => done('Password reset successfully'),
    failures: { INVALID_INPUT: invalidFields(undefined, { newPassword: 'password' }) },
  }),
  row({
    method: 'POST',
    path: '/v1/security/twofactor-enable',
    documented: true,
    who: 'step-up',
    document: XiotEnableTwoFactorDocument,
    variables: () => ({}),
    reply: ({ secret, otpauthUrl, qrCode, recoveryCodes }) =>
      done('Two factor authentication enabled', { secret, otpauthUrl, qrCode, recoveryCodes }),
  }),
  row({
    method: 'POST',
    path: '/v1/security/twofactor-disable',
    documented: true,
    who: 'step-up',
    body: z.object({ code: code.nullish(), password: nonEmpty.nullish() }),
    document: XiotDisableTwoFactorDocument,
    variables: ({ body }) => ({ input: body }),
    reply: () => done('Two factor authentication disabled'),
  }),
  row({
    method: 'PUT',
    path: '/v1/account/change-email',
    documented: true,
    who: 'step-up',
    body: z.object({ email }),
    document: XiotChangeEmailDocument,
    variables: ({ body }) => ({ input: body }),
    reply: () => done('E-mail changed successfully'),
  }),
]

export const xiot: Dialect = { name: 'xiot', title: 'Users API', mounts: [{ path: '/v1', rows, errors: xiotErrors, acceptsForms: false }] }
