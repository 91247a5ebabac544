/**
 * Who may do what: one line for each root field of the schema, enforced in `operations.ts` (`me` and `node` answer null
 * instead). A route of a dialect may ask for more than its operation does, never for less (a test holds that).
 */

import { type ErrorCode, Failure } from '../base/errors.ts'
import { type Scope, scopes } from '../base/scopes.ts'
import type { Caller, Viewer } from '../frame/caller.ts'

/**
 * What an operation asks of its caller. `registration`: anyone, while registration is open. `session`: any live session.
 * `interactive`: one that a person signed in to, which a personal access token is not. `step-up`: one whose last password or
 * code check is young enough for its surface, so that a stolen token does not become a stolen account; `admin step-up` is both.
 */
export type Requirement = 'anyone' | 'registration' | 'session' | 'interactive' | 'step-up' | 'admin' | 'admin step-up' | Scope

export const access = {
  me: 'anyone',
  node: 'anyone',
  user: 'session',
  users: 'users:read',
  auditEvents: 'admin',
  dialectUses: 'admin',
  signUp: 'registration',
  signIn: 'anyone',
  verifyTwoFactor: 'anyone',
  refreshSession: 'anyone',
  signOut: 'anyone',
  signOutEverywhere: 'interactive',
  endSession: 'interactive',
  endOtherSessions: 'interactive',
  endUserSessions: 'admin',
  createPersonalAccessToken: 'step-up',
  revokePersonalAccessToken: 'interactive',
  reauthenticate: 'interactive',
  changePassword: 'interactive',
  requestPasswordReset: 'anyone',
  resetPassword: 'anyone',
  changeEmail: 'step-up',
  confirmEmail: 'anyone',
  requestEmailVerification: 'interactive',
  checkMailToken: 'anyone',
  disownEmail: 'anyone',
  undoAccountChange: 'anyone',
  updateProfile: 'interactive',
  beginTwoFactorEnrollment: 'step-up',
  confirmTwoFactorEnrollment: 'step-up',
  disableTwoFactor: 'step-up',
  regenerateRecoveryCodes: 'step-up',
  createUser: 'users:create',
  deleteUser: 'users:delete',
  setLoginEnabled: 'admin',
  setAdmin: 'admin step-up',
  setScopes: 'admin step-up',
  resetTwoFactor: 'admin step-up',
  rotateSigningKey: 'admin step-up',
} as const satisfies Record<string, Requirement>

export type OperationName = keyof typeof access

/** What an operation may change: sessions and their tokens only, or also what is kept of accounts (and of the house). */
export type Effect = 'nothing' | 'sessions' | 'accounts'

/** A read-only mode of a dialect goes by it; its rows say the same (`readDialects` holds that). */
export const effects: Readonly<Record<OperationName, Effect>> = {
  me: 'nothing',
  node: 'nothing',
  user: 'nothing',
  users: 'nothing',
  auditEvents: 'nothing',
  dialectUses: 'nothing',
  signUp: 'accounts',
  signIn: 'sessions',
  verifyTwoFactor: 'sessions',
  refreshSession: 'sessions',
  signOut: 'sessions',
  signOutEverywhere: 'sessions',
  endSession: 'sessions',
  endOtherSessions: 'sessions',
  endUserSessions: 'sessions',
  createPersonalAccessToken: 'sessions',
  revokePersonalAccessToken: 'sessions',
  reauthenticate: 'sessions',
  changePassword: 'accounts',
  requestPasswordReset: 'accounts',
  resetPassword: 'accounts',
  changeEmail: 'accounts',
  confirmEmail: 'accounts',
  requestEmailVerification: 'accounts',
  checkMailToken: 'nothing',
  disownEmail: 'accounts',
  undoAccountChange: 'accounts',
  updateProfile: 'accounts',
  beginTwoFactorEnrollment: 'accounts',
  confirmTwoFactorEnrollment: 'accounts',
  disableTwoFactor: 'accounts',
  regenerateRecoveryCodes: 'accounts',
  createUser: 'accounts',
  deleteUser: 'accounts',
  setLoginEnabled: 'accounts',
  setAdmin: 'accounts',
  setScopes: 'accounts',
  resetTwoFactor: 'accounts',
  rotateSigningKey: 'accounts',
}

/**
 * Who may read a field: `anyone` who may read the object at all, a `reader` (the account itself, or who holds
 * `users:read`), or the `owner` (the account itself in an interactive session, or an administrator). Others read null.
 */
export type Audience = 'anyone' | 'reader' | 'owner'

/** The fields of an account, each with its audience; the schema guards them by this table. */
export const userFields = {
  id: 'anyone',
  username: 'anyone',
  email: 'anyone',
  name: 'anyone',
  firstName: 'reader',
  lastName: 'reader',
  phone: 'reader',
  phoneE164: 'reader',
  bio: 'reader',
  locale: 'reader',
  emailVerified: 'reader',
  isAdmin: 'reader',
  loginDisabled: 'reader',
  scopes: 'reader',
  twoFactorEnabled: 'reader',
  mustChangePassword: 'reader',
  createdAt: 'reader',
  updatedAt: 'reader',
  pendingEmails: 'owner',
  pendingVerification: 'owner',
  recoveryCodesLeft: 'owner',
  sessions: 'owner',
  personalAccessTokens: 'owner',
  auditEvents: 'owner',
} as const satisfies Record<string, Audience>

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
  'regenerateRecoveryCodes',
  'requestEmailVerification',
  'checkMailToken',
  'disownEmail',
  'undoAccountChange',
])

/** Whether a viewer holds what is asked; an administrator holds every scope. */
export const holds = (viewer: Viewer | null, wanted: 'admin' | Scope): boolean =>
  viewer !== null && (viewer.rights.isAdmin || (wanted !== 'admin' && viewer.rights.scopes.includes(wanted)))

/** Whether somebody signed in to the session, which nobody does to a personal access token. */
export const isInteractive = (viewer: Viewer | null): viewer is Viewer => viewer !== null && viewer.session.kind !== 'personal'

/** Whether a viewer belongs to the audience of what is an account's. */
export const belongsTo = (viewer: Viewer | null, audience: Audience, accountId: string): boolean => {
  if (audience === 'anyone') return true
  if (audience === 'reader') return viewer?.account.id === accountId || holds(viewer, 'users:read')
  return (isInteractive(viewer) && viewer.account.id === accountId) || holds(viewer, 'admin')
}

/** How a caller stands to a requirement; `scoped` holds the very scope, `token` is a personal access token that does not. */
export const standings = ['anonymous', 'token', 'user', 'scoped', 'admin'] as const
export type Standing = (typeof standings)[number]
export type Verdict = 'allowed' | ErrorCode

const none = 'UNAUTHENTICATED'

/**
 * What each standing gets for each requirement, a scope being one. Two things come on top: closed registration refuses
 * everybody, and step-up refuses a session without a fresh proof.
 */
// biome-ignore format: a table is read by its columns
export const grid: Readonly<Record<Exclude<Requirement, Scope> | 'scope', Readonly<Record<Standing, Verdict>>>> = {
  anyone:          { anonymous: 'allowed', token: 'allowed',   user: 'allowed',   scoped: 'allowed',   admin: 'allowed' },
  registration:    { anonymous: 'allowed', token: 'allowed',   user: 'allowed',   scoped: 'allowed',   admin: 'allowed' },
  session:         { anonymous: none,      token: 'allowed',   user: 'allowed',   scoped: 'allowed',   admin: 'allowed' },
  interactive:     { anonymous: none,      token: 'FORBIDDEN', user: 'allowed',   scoped: 'allowed',   admin: 'allowed' },
  'step-up':       { anonymous: none,      token: 'FORBIDDEN', user: 'allowed',   scoped: 'allowed',   admin: 'allowed' },
  scope:           { anonymous: none,      token: 'FORBIDDEN', user: 'FORBIDDEN', scoped: 'allowed',   admin: 'allowed' },
  admin:           { anonymous: none,      token: 'FORBIDDEN', user: 'FORBIDDEN', scoped: 'FORBIDDEN', admin: 'allowed' },
  'admin step-up': { anonymous: none,      token: 'FORBIDDEN', user: 'FORBIDDEN', scoped: 'FORBIDDEN', admin: 'allowed' },
}

/** Whether a requirement is a scope to hold. */
export const isScope = (requirement: Requirement): requirement is Scope => !Object.hasOwn(grid, requirement)

/** Every requirement there is. */
export const requirements: readonly Requirement[] = [
  ...(Object.keys(grid).filter((name) => name !== 'scope') as Exclude<Requirement, Scope>[]),
  ...scopes,
]

type Kind = keyof typeof grid
const kindOf = (requirement: Requirement): Kind => (isScope(requirement) ? 'scope' : requirement)

/** For what an operation asks, what else a route may ask: whoever passes the one passes the other, whatever the settings say. */
const stricter: Readonly<Record<Kind, readonly Kind[]>> = {
  anyone: Object.keys(grid) as Kind[],
  registration: [],
  session: ['interactive', 'step-up', 'scope', 'admin', 'admin step-up'],
  interactive: ['step-up', 'admin', 'admin step-up'],
  'step-up': ['admin step-up'],
  scope: ['admin', 'admin step-up'],
  admin: ['admin step-up'],
  'admin step-up': [],
}

/** Whether everybody who meets `who` meets `asked`. */
export const isAtLeast = (who: Requirement, asked: Requirement): boolean => who === asked || stricter[kindOf(asked)].includes(kindOf(who))

/** Whether a session makes no difference. */
export const isOpen = (requirement: Requirement): boolean => requirement === 'anyone' || requirement === 'registration'

const standingOf = ({ viewer }: Caller, requirement: Requirement): Standing => {
  if (viewer === null) return 'anonymous'
  if (isScope(requirement) && !viewer.rights.isAdmin && holds(viewer, requirement)) return 'scoped'
  if (!isInteractive(viewer)) return 'token'
  return viewer.rights.isAdmin ? 'admin' : 'user'
}

const verdictOf = (caller: Caller, requirement: Requirement): Verdict => {
  if (requirement === 'registration' && !caller.registrationOpen) return 'REGISTRATION_CLOSED'
  const verdict = grid[isScope(requirement) ? 'scope' : requirement][standingOf(caller, requirement)]
  const asksProof = requirement === 'step-up' || requirement === 'admin step-up'
  return asksProof && verdict === 'allowed' && !caller.steppedUp ? 'REAUTHENTICATION_REQUIRED' : verdict
}

/** Whether a caller meets a requirement. */
export const permits = (caller: Caller, requirement: Requirement): boolean => verdictOf(caller, requirement) === 'allowed'

/** The failure of a caller who does not meet a requirement. */
export const refusal = (caller: Caller, requirement: Requirement): Failure => {
  const verdict = verdictOf(caller, requirement)
  if (verdict !== 'FORBIDDEN') return new Failure(verdict === 'allowed' ? 'FORBIDDEN' : verdict)
  const { viewer } = caller
  // An administrator who may not act as one yet.
  if (isInteractive(viewer) && viewer.account.isAdmin && !viewer.rights.isAdmin)
    return new Failure(viewer.account.twoFactorSecret === null ? 'TWO_FACTOR_ENROLLMENT_REQUIRED' : 'REAUTHENTICATION_REQUIRED')
  if (isScope(requirement)) return new Failure('FORBIDDEN', { message: `missing permission ${requirement}`, missingScope: requirement })
  return new Failure('FORBIDDEN', isInteractive(viewer) ? {} : { message: 'A personal access token may not do this' })
}

/** Every code that `refusal` may give for a requirement. */
export const refusalsOf = (requirement: Requirement): readonly ErrorCode[] => {
  if (requirement === 'registration') return ['REGISTRATION_CLOSED']
  const verdicts = new Set(Object.values(grid[isScope(requirement) ? 'scope' : requirement]))
  verdicts.delete('allowed')
  const administers = verdicts.has('FORBIDDEN') && requirement !== 'interactive' && requirement !== 'step-up'
  if (administers) verdicts.add('TWO_FACTOR_ENROLLMENT_REQUIRED')
  if (administers || requirement === 'step-up') verdicts.add('REAUTHENTICATION_REQUIRED')
  return [...verdicts] as ErrorCode[]
}
