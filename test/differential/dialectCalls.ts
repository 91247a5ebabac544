/**
 * The calls of the dialects: for each route, which operation it is, how that operation's input is spelt there, and what its
 * success looks like, all written from the contract and not from the rows. Only the form of a failure is taken from the row's
 * mount, since a dialect prints no code; its status is that of `statuses.ts`.
 */
import type { Config, ownDialects } from '../../src/config.ts'
import type { Requirement } from '../../src/domain/access/requirements.ts'
import type { Surface } from '../../src/domain/base/surfaces.ts'
import type { Mount, Row } from '../../src/rest/dialect.ts'
import { enabledDialects } from '../../src/rest/dialects.ts'
import { placesOf } from '../../src/rest/routing.ts'
import type { Input, Operation } from './graphqlCalls.ts'

export type DialectName = (typeof ownDialects)[number]

// biome-ignore lint/suspicious/noExplicitAny: a success as the schema wrote it
type Seen = any

export interface Facts {
  readonly config: Config
  /** Where the sign-in began. */
  readonly origin?: Surface | undefined
  /** Whether the session may do at once what another one has to confirm. */
  readonly atOnce: boolean
  readonly input: Input
}

export interface DialectCall {
  readonly dialect: DialectName
  readonly operation: Operation
  /** Method and path, as the row has them. */
  readonly place: string
  /** What the route asks for, where it is not what its row says. */
  readonly who?: Requirement
  /** The dialect's names of fields that it calls otherwise. */
  readonly names?: Readonly<Record<string, string>>
  /** The field that repeats the new password. */
  readonly confirmation?: string
  readonly send: (input: Input) => { readonly params?: Readonly<Record<string, string>>; readonly query?: object; readonly json?: unknown }
  readonly status?: number
  readonly body: (seen: Seen, facts: Facts) => unknown
}

/** Stands for what is shown once, and differs. */
export const SHOWN_ONCE = 'shown once'
const inTime = (life: number): string => new Date(Date.now() + life).toISOString()

const plainUser = ({ id, name, email, scopeNames }: Seen) => ({
  id,
  name,
  email: email ?? '',
  ...(scopeNames === null ? {} : { permissions: scopeNames.map((scope: string) => `perm:${scope}`) }),
})
const v1User = ({ id, email, firstName, lastName, phone, name, twoFactorEnabled }: Seen) => ({
  id,
  email: email ?? '',
  firstName,
  lastName,
  phone,
  name,
  twoFactorEnabled,
})
const profile = (user: Seen) => ({ ...v1User(user), createdAt: user.createdAt, updatedAt: user.updatedAt })
const bioUser = ({ name, bio, email }: Seen) => ({ name, bio, email: email ?? '' })
const done = (message: string, more: object = {}) => ({ statusCode: 200, message, ...more })
const chain = ({ accessToken, refreshToken }: Seen) => ({
  access: { token: SHOWN_ONCE, expires: accessToken.expiresAt },
  refresh: { token: SHOWN_ONCE, expires: refreshToken.expiresAt },
})
const v1SignedIn = ({ user, credentials }: Seen, { config, origin }: Facts) => ({
  token: SHOWN_ONCE,
  expire_at: inTime(config.V1_SESSION_LIFE),
  accessToken: SHOWN_ONCE,
  user: v1User(user),
  ...(origin === 'authentication' ? { tokens: chain(credentials) } : {}),
})
const resumed = ({ user }: Seen, { config }: Facts) => ({ id: user.id, token: SHOWN_ONCE, tokenExpires: inTime(config.WEKAN_SESSION_LIFE) })
const ownDocument = (user: Seen) => ({
  _id: user.id,
  createdAt: user.createdAt,
  modifiedAt: user.updatedAt,
  username: user.username,
  emails: user.email === null ? [] : [{ address: user.email, verified: user.emailVerified }],
  ...(user.isAdmin ? { isAdmin: true } : {}),
  ...(user.loginDisabled ? { loginDisabled: true } : {}),
  profile: user.name === user.username ? {} : { fullname: user.name },
  authenticationMethod: 'password',
  sessionData: {},
})
/** The tokens of a document are those of its sessions: a line of the table of exceptions. */
const wholeDocument = (user: Seen) => ({
  ...ownDocument(user),
  services: {
    password: { bcrypt: '[redacted]' },
    email: {
      verificationTokens: [user.pendingVerification ?? [], user.pendingEmails.toReversed()]
        .flat()
        .sort((one: Seen, other: Seen) => Date.parse(one.createdAt) - Date.parse(other.createdAt))
        .map(({ address, createdAt }: Seen) => ({ token: '[redacted]', address, when: createdAt })),
    },
    resume: { loginTokens: [] },
  },
})

const byId = ({ id }: Input) => ({ params: { id: String(id) } })
const inBody = (input: Input) => ({ json: input })
const nothing = () => ({})

export const dialectCalls: readonly DialectCall[] = [
  { dialect: 'idiot', operation: 'createUser', place: 'POST /v1/users', send: inBody, body: ({ user }) => plainUser(user) },
  {
    dialect: 'idiot',
    operation: 'users',
    place: 'GET /v1/users',
    send: (input) => ({ query: input }),
    body: (users) => users.map(plainUser),
  },
  { dialect: 'idiot', operation: 'user', place: 'GET /v1/users/:id', send: byId, body: plainUser },
  { dialect: 'idiot', operation: 'deleteUser', place: 'DELETE /v1/users/:id', send: byId, body: ({ user }) => plainUser(user) },
  {
    dialect: 'idiot',
    operation: 'signIn',
    place: 'POST /v1/auth/login',
    names: { identifier: 'email' },
    send: ({ identifier, password }) => ({ json: { email: identifier, password } }),
    body: v1SignedIn,
  },
  { dialect: 'idiot', operation: 'signOut', place: 'POST /v1/auth/logout', send: nothing, body: () => ({}) },
  { dialect: 'wekan', operation: 'signUp', place: 'POST /users/register', send: inBody, body: resumed },
  {
    dialect: 'wekan',
    operation: 'signIn',
    place: 'POST /users/login',
    send: ({ identifier, ...rest }) => ({
      json: String(identifier).includes('@') ? { email: identifier, ...rest } : { username: identifier, ...rest },
    }),
    body: resumed,
  },
  {
    dialect: 'wekan',
    operation: 'signOut',
    place: 'POST /users/logout',
    send: nothing,
    body: () => ({ message: "You've been logged out!" }),
  },
  {
    dialect: 'wekan',
    operation: 'signOutEverywhere',
    place: 'POST /users/logout',
    who: 'interactive',
    send: () => ({ json: { all: true } }),
    body: () => ({ message: 'All login tokens have been invalidated.' }),
  },
  { dialect: 'wekan', operation: 'createUser', place: 'POST /api/users', send: inBody, body: ({ user: { id } }) => ({ _id: id, id }) },
  {
    dialect: 'wekan',
    operation: 'users',
    place: 'GET /api/users',
    send: nothing,
    body: (users) => users.map(({ id, username }: Seen) => ({ _id: id, username })),
  },
  { dialect: 'wekan', operation: 'user', place: 'GET /api/users/:id', send: byId, body: wholeDocument },
  { dialect: 'wekan', operation: 'deleteUser', place: 'DELETE /api/users/:id', send: byId, body: ({ user: { id } }) => ({ _id: id }) },
  {
    dialect: 'wekan',
    operation: 'setLoginEnabled',
    place: 'PUT /api/users/:id',
    send: ({ id, enabled }) => ({ params: { id: String(id) }, json: { action: enabled === true ? 'enableLogin' : 'disableLogin' } }),
    body: ({ user }) => wholeDocument(user),
  },
  { dialect: 'wekan', operation: 'me', place: 'GET /api/user', send: nothing, body: ownDocument },
  {
    dialect: 'xiot',
    operation: 'signUp',
    place: 'POST /v1/auth/signup',
    confirmation: 'passwordConfirmation',
    send: (input) => ({ json: { ...input, passwordConfirmation: input.password } }),
    body: ({ user }) => done(`${user.email} account created successfully`, { id: user.id }),
  },
  { dialect: 'xiot', operation: 'verifyTwoFactor', place: 'POST /v1/auth/verify-totp', send: inBody, body: v1SignedIn },
  { dialect: 'xiot', operation: 'me', place: 'GET /v1/profile', send: nothing, body: profile },
  {
    dialect: 'xiot',
    operation: 'updateProfile',
    place: 'PUT /v1/profile',
    send: inBody,
    body: ({ user }) => done('Profile updated successfully', { user: profile(user) }),
  },
  {
    dialect: 'xiot',
    operation: 'changePassword',
    place: 'PUT /v1/security/change-password',
    names: { newPassword: 'password' },
    confirmation: 'passwordConfirmation',
    send: ({ oldPassword, newPassword }) => ({ json: { oldPassword, password: newPassword, passwordConfirmation: newPassword } }),
    body: () => done('Password changed successfully'),
  },
  {
    dialect: 'xiot',
    operation: 'requestPasswordReset',
    place: 'POST /v1/security/forget-password',
    send: inBody,
    body: () => done('Reset password link sent to your e-mail'),
  },
  {
    dialect: 'xiot',
    operation: 'resetPassword',
    place: 'POST /v1/security/reset-password',
    names: { newPassword: 'password' },
    send: ({ token, newPassword }) => ({ json: { token, password: newPassword } }),
    body: () => done('Password reset successfully'),
  },
  {
    dialect: 'xiot',
    operation: 'beginTwoFactorEnrollment',
    place: 'POST /v1/security/twofactor-enable',
    send: nothing,
    body: (_enrolment, { atOnce }) => {
      const shown = { secret: SHOWN_ONCE, otpauthUrl: SHOWN_ONCE, qrCode: SHOWN_ONCE }
      return atOnce
        ? done('Two factor authentication enabled', { ...shown, recoveryCodes: SHOWN_ONCE })
        : done('Two factor authentication is not enabled yet: confirm a first code', { ...shown, recoveryCodes: [] })
    },
  },
  {
    dialect: 'xiot',
    operation: 'disableTwoFactor',
    place: 'POST /v1/security/twofactor-disable',
    send: inBody,
    body: () => done('Two factor authentication disabled'),
  },
  {
    dialect: 'xiot',
    operation: 'changeEmail',
    place: 'PUT /v1/account/change-email',
    send: inBody,
    body: (_change, { atOnce }) =>
      done(atOnce ? 'E-mail changed successfully' : 'Confirm the new e-mail address by the mail that was sent to it'),
  },
  {
    dialect: 'authentication',
    operation: 'me',
    place: 'POST /auth',
    send: nothing,
    body: (user) => ({ message: `Welcome ${user.name}`, user: bioUser(user) }),
  },
  {
    dialect: 'authentication',
    operation: 'signUp',
    place: 'POST /auth/register',
    confirmation: 'confirm',
    send: (input) => ({ json: { ...input, confirm: input.password } }),
    status: 201,
    body: ({ user, credentials }) => ({ user: { id: user.id, ...bioUser(user) }, tokens: chain(credentials) }),
  },
  {
    dialect: 'authentication',
    operation: 'signIn',
    place: 'POST /auth/login',
    names: { identifier: 'email' },
    send: ({ identifier, password }) => ({ json: { email: identifier, password } }),
    body: ({ user, credentials }) => ({ user: { id: user.id, ...bioUser(user) }, tokens: chain(credentials) }),
  },
  {
    dialect: 'authentication',
    operation: 'signOut',
    place: 'POST /auth/logout',
    send: inBody,
    body: () => ({ message: 'Logout successful' }),
  },
  {
    dialect: 'authentication',
    operation: 'refreshSession',
    place: 'POST /auth/refresh-tokens',
    send: inBody,
    body: ({ credentials }) => chain(credentials),
  },
  {
    dialect: 'authentication',
    operation: 'requestPasswordReset',
    place: 'POST /auth/forgot-password',
    send: inBody,
    body: () => ({ message: 'Reset password link sent to your e-mail' }),
  },
  {
    dialect: 'authentication',
    operation: 'resetPassword',
    place: 'POST /auth/reset-password',
    names: { newPassword: 'password' },
    send: ({ token, newPassword }) => ({ query: { token }, json: { password: newPassword } }),
    body: () => ({ message: 'Password reset successful' }),
  },
]

export interface Place {
  readonly surface: Surface
  readonly mount: Mount
  readonly row: Row
}

/** The place of each route that is served, by method and path. */
export const placesBy = (config: Config): ReadonlyMap<string, Place> =>
  new Map(
    [...placesOf(enabledDialects(config))].flatMap(([path, methods]) =>
      [...methods].map(([method, place]) => [`${method} ${path}`, place] as const),
    ),
  )
