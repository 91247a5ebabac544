/**
 * THE TABLE of `authentication`: the Authentication API v1.0.0.
 */
import { z } from 'zod'
import { bio, email, name, nonEmpty, password, text } from '../../domain/input.ts'
import { minimumPasswordLength } from '../../domain/surfaces.ts'
import { confirmed } from '../confirmed.ts'
import { type Dialect, row } from '../dialect.ts'
import {
  AuthenticationForgotPasswordDocument,
  AuthenticationLoginDocument,
  AuthenticationLogoutDocument,
  AuthenticationRefreshTokensDocument,
  AuthenticationRegisterDocument,
  AuthenticationResetPasswordDocument,
  AuthenticationWelcomeDocument,
} from '../operations.ts'
import { tokensOf } from '../tokens.ts'
import { authenticationErrors, badLogoutToken, invalidFields } from './errors.ts'
import { accountOf, userOf } from './shapes.ts'

const newPassword = password(minimumPasswordLength.authentication)

const rows = [
  row({
    method: 'POST',
    path: '/auth',
    documented: true,
    who: 'session',
    document: AuthenticationWelcomeDocument,
    variables: () => ({}),
    reply: (user) => ({ status: 200, body: { message: `Welcome ${user.name}`, user: userOf(user) } }),
  }),
  row({
    method: 'POST',
    path: '/auth/register',
    documented: true,
    who: 'registration',
    body: confirmed(z.object({ name, email, password: newPassword, confirm: text, bio: bio.nullish() }), 'password', 'confirm'),
    document: AuthenticationRegisterDocument,
    variables: ({ body: { confirm: _, ...input } }) => ({ input }),
    reply: ({ user, credentials }) => ({ status: 201, body: { user: accountOf(user), tokens: tokensOf(credentials) } }),
  }),
  row({
    method: 'POST',
    path: '/auth/login',
    documented: true,
    who: 'anyone',
    body: z.object({ email: nonEmpty, password: nonEmpty }),
    document: AuthenticationLoginDocument,
    variables: ({ body }) => ({ input: { identifier: body.email, password: body.password } }),
    reply: ({ user, credentials }) => ({ status: 200, body: { user: accountOf(user), tokens: tokensOf(credentials) } }),
  }),
  row({
    method: 'POST',
    path: '/auth/logout',
    documented: true,
    who: 'anyone',
    body: z.object({ refreshToken: nonEmpty }),
    document: AuthenticationLogoutDocument,
    variables: ({ body }) => ({ input: body }),
    reply: () => ({ status: 200, body: { message: 'Logout successful' } }),
    failures: { INVALID_REFRESH_TOKEN: badLogoutToken },
  }),
  row({
    method: 'POST',
    path: '/auth/refresh-tokens',
    documented: true,
    who: 'anyone',
    body: z.object({ refreshToken: nonEmpty }),
    document: AuthenticationRefreshTokensDocument,
    variables: ({ body }) => ({ input: body }),
    reply: ({ credentials }) => ({ status: 200, body: tokensOf(credentials) }),
  }),
  row({
    method: 'POST',
    path: '/auth/forgot-password',
    documented: false,
    who: 'anyone',
    body: z.object({ email: nonEmpty }),
    document: AuthenticationForgotPasswordDocument,
    variables: ({ body }) => ({ input: body }),
    reply: () => ({ status: 200, body: { message: 'Reset password link sent to your e-mail' } }),
  }),
  row({
    method: 'POST',
    path: '/auth/reset-password',
    documented: true,
    who: 'anyone',
    query: z.object({ token: nonEmpty }),
    body: z.object({ password: newPassword }),
    document: AuthenticationResetPasswordDocument,
    variables: ({ query, body }) => ({ input: { token: query.token, newPassword: body.password } }),
    reply: () => ({ status: 200, body: { message: 'Password reset successful' } }),
    failures: { INVALID_INPUT: invalidFields({ newPassword: 'password' }) },
  }),
]

export const authentication: Dialect = {
  name: 'authentication',
  title: 'Authentication API',
  mounts: [{ path: '/auth', rows, errors: authenticationErrors, acceptsForms: false }],
}
