/**
 * THE TABLE of `xiot`: the Users API.
 */
import { defineDialect } from '../defineDialect.ts'
import { withFieldNames } from '../fieldErrors.ts'
import * as run from '../operations.ts'
import { bodyAsInput, get, nothing, post, put, replies, takes } from '../rows.ts'
import { login } from '../v1/login.ts'
import { xiotErrors } from './errors.ts'
import * as inputs from './inputs.ts'
import * as shapes from './shapes.ts'
import { texts } from './texts.ts'

const { Done, Enrolled, Profile, ProfileUpdated, says, SignedUp, Verified } = shapes
const passwordField = { failures: { INVALID_INPUT: withFieldNames(xiotErrors.failures.INVALID_INPUT, { newPassword: 'password' }) } }

// biome-ignore format: a table is read by its columns
const rows = [
  post('/v1/auth/signup',               texts.signup,           run.XiotSignupDocument,
    takes({ body: inputs.SignUp }, shapes.signUp), replies(SignedUp, shapes.signedUp), ['IDENTIFIER_REQUIRED', 'USERNAME_TAKEN']),
  login,
  post('/v1/auth/verify-totp',          texts.verifyTotp,       run.V1VerifyTotpDocument,
    takes({ body: inputs.VerifyTotp }, bodyAsInput), replies(Verified, shapes.verified),
    ['ACCOUNT_DISABLED']),
  get('/v1/profile',                    texts.getProfile,       run.XiotGetProfileDocument, nothing, replies(Profile, shapes.profileOf)),
  put('/v1/profile',                    texts.updateProfile,    run.XiotUpdateProfileDocument,
    takes({ body: inputs.UpdateProfile }, bodyAsInput), replies(ProfileUpdated, shapes.profileUpdated)),
  put('/v1/security/change-password',   texts.changePassword,   run.XiotChangePasswordDocument,
    takes({ body: inputs.ChangePassword }, shapes.changePassword), replies(Done, says('Password changed successfully')),
    [], passwordField),
  post('/v1/security/forget-password',  texts.forgetPassword,   run.XiotForgetPasswordDocument,
    takes({ body: inputs.ForgetPassword }, bodyAsInput), replies(Done, says('Reset password link sent to your e-mail'))),
  post('/v1/security/reset-password',   texts.resetPassword,    run.XiotResetPasswordDocument,
    takes({ body: inputs.ResetPassword }, shapes.resetPassword), replies(Done, says('Password reset successfully')),
    [], passwordField),
  post('/v1/security/twofactor-enable', texts.enableTwoFactor,  run.XiotEnableTwoFactorDocument,
    nothing, replies(Enrolled, shapes.enrolled)),
  post('/v1/security/twofactor-disable', texts.disableTwoFactor, run.XiotDisableTwoFactorDocument,
    takes({ body: inputs.DisableTwoFactor }, shapes.disableTwoFactor), replies(Done, says('Two factor authentication disabled'))),
  put('/v1/account/change-email',       texts.changeEmail,      run.XiotChangeEmailDocument,
    takes({ body: inputs.ChangeEmail }, bodyAsInput), replies(Done, shapes.emailChanged), ['OVERLOADED']),
]

export const xiot = defineDialect({
  name: 'xiot',
  surface: 'xiot',
  title: 'Users API',
  version: '1.0.0',
  description: 'Users, their sign-in and their security',
  basePath: '/v1',
  tags: {
    Authentication: 'Sign-up and sign-in',
    Profile: 'What a user keeps',
    Security: 'Passwords and second factors',
    Account: 'The e-mail address',
  },
  mounts: [{ path: '/v1', rows, errors: xiotErrors, acceptsForms: false }],
})
