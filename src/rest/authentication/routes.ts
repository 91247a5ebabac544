/**
 * THE TABLE of `authentication`: the Authentication API v1.0.0.
 */
import { defineDialect } from '../defineDialect.ts'
import { withFieldNames } from '../fieldErrors.ts'
import * as run from '../operations.ts'
import { bodyAsInput, nothing, post, replies, takes } from '../rows.ts'
import { Tokens } from '../tokens.ts'
import { authenticationErrors, badLogoutToken } from './errors.ts'
import * as inputs from './inputs.ts'
import * as shapes from './shapes.ts'
import { texts } from './texts.ts'

const { Message, says, SignedIn, Welcome } = shapes
const passwordField = {
  failures: { INVALID_INPUT: withFieldNames(authenticationErrors.failures.INVALID_INPUT, { newPassword: 'password' }) },
}

// biome-ignore format: a table is read by its columns
const rows = [
  post('/auth',                 texts.welcome,        run.AuthenticationWelcomeDocument, nothing, replies(Welcome, shapes.welcome)),
  post('/auth/register',        texts.register,       run.AuthenticationRegisterDocument,
    takes({ body: inputs.Register }, shapes.register), replies(SignedIn, shapes.signedIn), ['IDENTIFIER_REQUIRED', 'USERNAME_TAKEN'], { status: 201 }),
  post('/auth/login',           texts.login,          run.AuthenticationLoginDocument,
    takes({ body: inputs.Login }, shapes.login), replies(SignedIn, shapes.signedIn), ['INVALID_TWO_FACTOR_CODE']),
  post('/auth/logout',          texts.logout,         run.AuthenticationLogoutDocument,
    takes({ body: inputs.RefreshToken }, bodyAsInput), replies(Message, says('Logout successful')),
    [], { failures: { INVALID_REFRESH_TOKEN: badLogoutToken } }),
  post('/auth/refresh-tokens',  texts.refreshTokens,  run.AuthenticationRefreshTokensDocument,
    takes({ body: inputs.RefreshToken }, bodyAsInput), replies(Tokens, shapes.refreshed)),
  post('/auth/forgot-password', texts.forgotPassword, run.AuthenticationForgotPasswordDocument,
    takes({ body: inputs.ForgotPassword }, bodyAsInput), replies(Message, says('Reset password link sent to your e-mail')), ['EMAIL_UNKNOWN']),
  post('/auth/reset-password',  texts.resetPassword,  run.AuthenticationResetPasswordDocument,
    takes({ query: inputs.ResetToken, body: inputs.NewPassword }, shapes.resetPassword), replies(Message, says('Password reset successful')),
    [], passwordField),
]

export const authentication = defineDialect({
  name: 'authentication',
  surface: 'authentication',
  title: 'Authentication API',
  version: '1.0.0',
  description: 'API for user authentication and management',
  mounts: [{ path: '/auth', rows, errors: authenticationErrors, acceptsForms: false }],
})
