/**
 * Who may do what: one line for each operation of the schema. The schema's authorization is built from this table; a
 * route of a dialect may ask for more than its operation does, never for less (a test holds that).
 */
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

/** What an operation asks of its caller. */
export type Requirement = 'anyone' | 'session' | 'admin' | Scope

export const access = {
  me: 'anyone',
  node: 'anyone',
  user: 'session',
  users: 'users:read',
  signUp: 'anyone',
  signIn: 'anyone',
  verifyTwoFactor: 'anyone',
  refreshSession: 'anyone',
  signOut: 'anyone',
  signOutEverywhere: 'session',
  reauthenticate: 'session',
  changePassword: 'session',
  requestPasswordReset: 'anyone',
  resetPassword: 'anyone',
  changeEmail: 'session',
  confirmEmail: 'anyone',
  updateProfile: 'session',
  beginTwoFactorEnrollment: 'session',
  confirmTwoFactorEnrollment: 'session',
  disableTwoFactor: 'session',
  createUser: 'users:create',
  deleteUser: 'users:delete',
  setLoginEnabled: 'admin',
  setAdmin: 'admin',
  setScopes: 'admin',
  rotateSigningKey: 'admin',
} as const satisfies Record<string, Requirement>

export type OperationName = keyof typeof access

/** A held scope covers what is below it by whole segments; the old `perm:` prefix is dropped, and `perm` alone is all. */
export const covers = (held: string, wanted: string): boolean => {
  if (held === 'perm') return true
  const scope = held.replace(/^perm:/, '')
  return scope !== '' && (wanted === scope || wanted.startsWith(`${scope}:`))
}

/** Whether a viewer meets a requirement; an administrator holds every scope. */
export const meets = (viewer: Viewer | null, requirement: Requirement): boolean => {
  if (requirement === 'anyone') return true
  if (viewer === null) return false
  if (requirement === 'session' || viewer.account.isAdmin) return true
  return requirement !== 'admin' && viewer.account.scopes.some((held) => covers(held, requirement))
}

/** The failure of a viewer who does not meet a requirement. */
export const refusal = (viewer: Viewer | null, requirement: Requirement): Failure => {
  if (viewer === null) return new Failure('UNAUTHENTICATED')
  return requirement === 'admin' || requirement === 'session' || requirement === 'anyone'
    ? new Failure('FORBIDDEN')
    : new Failure('FORBIDDEN', { message: `missing permission ${requirement}`, missingScope: requirement })
}
