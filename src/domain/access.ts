/**
 * Who may do what: one line for each root field of the schema, enforced in `operations.ts` (`me` and `node` answer null
 * instead). A route of a dialect may ask for more than its operation does, never for less (a test holds that).
 */
import type { Caller } from './caller.ts'
import { Failure } from './errors.ts'
import type { Viewer } from './sessions/authenticate.ts'

/** The documented scopes, `iDIoT backend API`, authLogin. */
export const scopes = [
  'users:create',
  'users:read',
  'users:delete',
  'sensors:read',
  'sensors:update',
  'sensors:delete',
  'sensors:state:update',
] as const
export type Scope = (typeof scopes)[number]

/**
 * What an operation asks of its caller. `registration`: anyone, while registration is open. `step-up`: a session whose last
 * password or code check is young enough for its surface, so that a stolen token does not become a stolen account.
 */
export type Requirement = 'anyone' | 'registration' | 'session' | 'step-up' | 'admin' | Scope

export const access = {
  me: 'anyone',
  node: 'anyone',
  user: 'session',
  users: 'users:read',
  signUp: 'registration',
  signIn: 'anyone',
  verifyTwoFactor: 'anyone',
  refreshSession: 'anyone',
  signOut: 'anyone',
  signOutEverywhere: 'session',
  reauthenticate: 'session',
  changePassword: 'session',
  requestPasswordReset: 'anyone',
  resetPassword: 'anyone',
  changeEmail: 'step-up',
  confirmEmail: 'anyone',
  updateProfile: 'session',
  beginTwoFactorEnrollment: 'step-up',
  confirmTwoFactorEnrollment: 'step-up',
  disableTwoFactor: 'step-up',
  createUser: 'users:create',
  deleteUser: 'users:delete',
  setLoginEnabled: 'admin',
  setAdmin: 'admin',
  setScopes: 'admin',
  resetTwoFactor: 'admin',
  rotateSigningKey: 'admin',
} as const satisfies Record<string, Requirement>

export type OperationName = keyof typeof access

/**
 * Operations that try or set a secret, or that anybody may run: a request runs one of them, once, so that no document
 * multiplies attempts. (`createUser` is not one: who may use it may also make many.)
 */
export const oncePerRequest: ReadonlySet<OperationName> = new Set([
  'signUp',
  'signIn',
  'verifyTwoFactor',
  'refreshSession',
  'signOut',
  'reauthenticate',
  'changePassword',
  'requestPasswordReset',
  'resetPassword',
  'changeEmail',
  'confirmEmail',
  'confirmTwoFactorEnrollment',
  'disableTwoFactor',
])

/** A held scope covers what is below it by whole segments; the old `perm:` prefix is dropped, and `perm` alone is all. */
export const covers = (held: string, wanted: string): boolean => {
  if (held === 'perm') return true
  const scope = held.replace(/^perm:/, '')
  return scope !== '' && (wanted === scope || wanted.startsWith(`${scope}:`))
}

/** Whether a viewer holds what is asked; an administrator holds every scope. */
export const holds = (viewer: Viewer | null, wanted: 'admin' | Scope): boolean => {
  if (viewer === null || viewer.account.isAdmin) return viewer !== null
  return wanted !== 'admin' && viewer.account.scopes.some((held) => covers(held, wanted))
}

/** Whether a caller meets a requirement. */
export const permits = ({ viewer, registrationOpen, steppedUp }: Caller, requirement: Requirement): boolean => {
  if (requirement === 'anyone') return true
  if (requirement === 'registration') return registrationOpen
  if (requirement === 'step-up') return viewer !== null && steppedUp
  return requirement === 'session' ? viewer !== null : holds(viewer, requirement)
}

/** The failure of a caller who does not meet a requirement. */
export const refusal = ({ viewer }: Caller, requirement: Requirement): Failure => {
  if (requirement === 'registration') return new Failure('REGISTRATION_CLOSED')
  if (viewer === null) return new Failure('UNAUTHENTICATED')
  if (requirement === 'step-up') return new Failure('REAUTHENTICATION_REQUIRED')
  if (requirement === 'admin' || requirement === 'session' || requirement === 'anyone') return new Failure('FORBIDDEN')
  return new Failure('FORBIDDEN', { message: `missing permission ${requirement}`, missingScope: requirement })
}
