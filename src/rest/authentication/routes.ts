/**
 * THE TABLE of `authentication`: the Authentication API v1.0.0.
 */
import { z } from 'zod'
import { bio, email, name, nonEmpty, password, text } from '../../domain/base/input.ts'
import { minimumPasswordLength } from '../../domain/base/surfaces.ts'
import { defineDialect } from '../defineDialect.ts'
import { row } from '../dialect.ts'
import { withFieldNames } from '../fieldErrors.ts'
import {
  AuthenticationForgotPasswordDocument,
  AuthenticationLoginDocument,
  AuthenticationLogoutDocument,
  AuthenticationRefreshTokensDocument,
  AuthenticationRegisterDocument,
  AuthenticationResetPasswordDocument,
  AuthenticationWelcomeDocument,
} from '../operations.ts'
import { confirmed } from '../passwordConfirmation.ts'
import { given } from '../required.ts'
import { Tokens, tokensOf } from '../tokens.ts'
import { authenticationErrors, badLogoutToken } from './errors.ts'
import { Message, SignedIn, signedInOf, User, userOf } from './shapes.ts'

const newPassword = password(minimumPasswordLength.authentication)

const rows = [
  row({
    summary: 'Welcome authenticated user',
    method: 'POST',
    path: '/auth',
    documented: true,
    document: AuthenticationWelcomeDocument,
    variables: () => ({}),
    success: {
      status: 200,
      description: 'Welcome message with user information',
      body: z.object({ message: z.string().optional(), user: User.optional() }),
    },
    reply: (user) => ({ message: `Welcome ${user.name}`, user: userOf(user) }),
    fails: [],
  }),
  row({
    summary: 'Register a new user',
    descriptions: { 400: 'Bad request (validation error)' },
    method: 'POST',
    path: '/auth/register',
    documented: true,
    body: confirmed(
      z.object({ name, bio: bio.nullish(), email: email.meta({ format: 'email' }), password: newPassword, confirm: text }),
      'password',
      'confirm',
    ),
    document: AuthenticationRegisterDocument,
    variables: ({ body: { confirm: _, ...input } }) => ({ input }),
    success: { status: 201, description: 'User registered successfully', body: SignedIn },
    reply: ({ user, credentials }) => signedInOf(user, credentials),
    fails: ['EMAIL_TAKEN', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
  }),
  row({
    summary: 'User login',
    method: 'POST',
    path: '/auth/login',
    documented: true,
    body: z.object({ email: nonEmpty, password: nonEmpty }),
    document: AuthenticationLoginDocument,
    variables: ({ body }) => ({ input: { identifier: body.email, password: body.password } }),
    success: { status: 200, description: 'Login successful', body: SignedIn },
    reply: ({ user, credentials }) => signedInOf(user, credentials),
    fails: ['BAD_CREDENTIALS', 'TWO_FACTOR_REQUIRED', 'ACCOUNT_DISABLED', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
  }),
  row({
    summary: 'User logout',
    method: 'POST',
    path: '/auth/logout',
    documented: true,
    body: z.object({ refreshToken: nonEmpty }),
    document: AuthenticationLogoutDocument,
    variables: ({ body }) => ({ input: body }),
    success: { status: 200, description: 'Logout successful', body: Message },
    reply: () => ({ message: 'Logout successful' }),
    fails: ['INVALID_REFRESH_TOKEN'],
    failures: { INVALID_REFRESH_TOKEN: badLogoutToken },
  }),
  row({
    summary: 'Refresh access tokens',
    method: 'POST',
    path: '/auth/refresh-tokens',
    documented: true,
    body: z.object({ refreshToken: nonEmpty }),
    document: AuthenticationRefreshTokensDocument,
    variables: ({ body }) => ({ input: body }),
    success: { status: 200, description: 'Tokens refreshed successfully', body: Tokens },
    reply: ({ credentials }) => given(tokensOf(credentials)),
    fails: ['INVALID_REFRESH_TOKEN', 'TOO_MANY_REQUESTS'],
  }),
  row({
    summary: 'Ask for a link to reset the password',
    method: 'POST',
    path: '/auth/forgot-password',
    documented: false,
    body: z.object({ email: nonEmpty }),
    document: AuthenticationForgotPasswordDocument,
    variables: ({ body }) => ({ input: body }),
    success: { status: 200, description: 'A link was sent, if there is such an account', body: Message },
    reply: () => ({ message: 'Reset password link sent to your e-mail' }),
    fails: ['TOO_MANY_REQUESTS', 'OVERLOADED'],
  }),
  row({
    summary: 'Reset user password',
    method: 'POST',
    path: '/auth/reset-password',
    documented: true,
    query: z.object({ token: nonEmpty }),
    body: z.object({ password: newPassword }),
    document: AuthenticationResetPasswordDocument,
    variables: ({ query, body }) => ({ input: { token: query.token, newPassword: body.password } }),
    success: { status: 200, description: 'Password reset successful', body: Message },
    reply: () => ({ message: 'Password reset successful' }),
    fails: ['INVALID_MAIL_TOKEN', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
    failures: { INVALID_INPUT: withFieldNames(authenticationErrors.failures.INVALID_INPUT, { newPassword: 'password' }) },
  }),
]

export const authentication = defineDialect({
  name: 'authentication',
  surface: 'authentication',
  title: 'Authentication API',
  version: '1.0.0',
  description: 'API for user authentication and management',
  mounts: [{ path: '/auth', rows, errors: authenticationErrors, acceptsForms: false }],
})
