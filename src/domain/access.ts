/**
 * Who may do what: one line for each root field of the schema, enforced in `operations.ts` (`me` and `node` answer null
 * instead). A route of a dialect may ask for more than its operation does, never for less (a test holds that).
 */
import type { Caller } from './caller.ts'
import { Failure } from './errors.ts'
import type { Scope } from './scopes.ts'
import type { Viewer } from './sessions/authenticate.ts'

/**
 * What an operation asks of its caller. `registration`: anyone, while registration is open. `session`: any live session.
 * `interactive`: one that a person signed in to, which a personal access token is not. `step-up`: one whose last password or
 * code check is young enough for its surface, so that a stolen token does not become a stolen account.
 */
export type Requirement = 'anyone' | 'registration' | 'session' | 'interactive' | 'step-up' | 'admin' | Scope

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
  signOutEverywhere: 'interactive',
  reauthenticate: 'interactive',
  changePassword: 'interactive',
  requestPasswordReset: 'anyone',
  resetPassword: 'anyone',
  changeEmail: 'step-up',
  confirmEmail: 'anyone',
  requestEmailVerification: 'interactive',
  updateProfile: 'interactive',
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

/** Whether a viewer holds what is asked; an administrator holds every scope. */
export const holds = (viewer: Viewer | null, wanted: 'admin' | Scope): boolean =>
  viewer !== null && (viewer.rights.isAdmin || (wanted !== 'admin' && viewer.rights.scopes.includes(wanted)))

/** Whether somebody signed in to the session, which nobody does to a personal access token. */
export const isInteractive = (viewer: Viewer | null): viewer is Viewer => viewer !== null && viewer.session.kind !== 'personal'

/** Whether a caller meets a requirement. */
export const permits = ({ viewer, registrationOpen, steppedUp }: Caller, requirement: Requirement): boolean => {
  if (requirement === 'anyone') return true
  if (requirement === 'registration') return registrationOpen
  if (requirement === 'session') return viewer !== null
  if (requirement === 'interactive') return isInteractive(viewer)
  return requirement === 'step-up' ? isInteractive(viewer) && steppedUp : holds(viewer, requirement)
}

/** The failure of a viewer who lacks a right: an administrator may only have to enrol first. */
const lacking = ({ account, rights }: Viewer, failure: Failure): Failure =>
  account.isAdmin && !rights.isAdmin ? new Failure('TWO_FACTOR_ENROLLMENT_REQUIRED') : failure

/** The failure of a caller who does not meet a requirement. */
export const refusal = ({ viewer }: Caller, requirement: Requirement): Failure => {
  if (requirement === 'registration') return new Failure('REGISTRATION_CLOSED')
  if (viewer === null) return new Failure('UNAUTHENTICATED')
  if (requirement === 'anyone' || requirement === 'session') return new Failure('FORBIDDEN')
  const isScope = requirement !== 'interactive' && requirement !== 'step-up' && requirement !== 'admin'
  const missing = isScope ? { message: `missing permission ${requirement}`, missingScope: requirement } : {}
  if (!isInteractive(viewer)) return new Failure('FORBIDDEN', isScope ? missing : { message: 'A personal access token may not do this' })
  if (requirement === 'step-up' || requirement === 'interactive') return new Failure('REAUTHENTICATION_REQUIRED')
  return lacking(viewer, new Failure('FORBIDDEN', missing))
}
