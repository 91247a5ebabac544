/** What an operation or route may require of its caller, and which callers meet it. */
import { type ErrorCode, Failure } from '../base/errors.ts'
import { type Scope, scopes } from '../base/scopes.ts'
import { type Caller, unauthenticated, type Viewer } from '../frame/caller.ts'

/**
 * `registration`: anyone, while registration is open. `session`: any live session. `interactive`: a session that a person signed in
 * to, not a personal access token. `step-up`: an interactive session in which a password or code was checked recently enough for
 * its surface, so that a stolen token is not enough to take over an account. `admin step-up`: both.
 */
export type Requirement = 'anyone' | 'registration' | 'session' | 'interactive' | 'step-up' | 'admin' | 'admin step-up' | Scope

/** Whether a viewer holds a scope; an administrator holds every scope. */
export const holds = (viewer: Viewer | null, wanted: 'admin' | Scope): boolean =>
  viewer !== null && (viewer.rights.isAdmin || (wanted !== 'admin' && viewer.rights.scopes.includes(wanted)))

/** Whether somebody signed in to the session; false for a personal access token. */
export const isInteractive = (viewer: Viewer | null): viewer is Viewer => viewer !== null && viewer.session.kind !== 'personal'

/** The standing of a caller towards a requirement. `scoped`: holds the required scope; `token`: a personal access token without it. */
export const standings = ['anonymous', 'token', 'user', 'scoped', 'admin'] as const
export type Standing = (typeof standings)[number]
export type Verdict = 'allowed' | ErrorCode

const none = 'UNAUTHENTICATED'

/**
 * The verdict for each standing and requirement; all scopes share one row. In addition, closed registration refuses everybody, and
 * step-up refuses a session without a recent check.
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

/** Whether a requirement is a scope. */
export const isScope = (requirement: Requirement): requirement is Scope => !Object.hasOwn(grid, requirement)

/** Every requirement. */
export const requirements: readonly Requirement[] = [
  ...(Object.keys(grid).filter((name) => name !== 'scope') as Exclude<Requirement, Scope>[]),
  ...scopes,
]

type Kind = keyof typeof grid
const kindOf = (requirement: Requirement): Kind => (isScope(requirement) ? 'scope' : requirement)

/** For each requirement, the stricter ones: whoever meets one of those meets it too, whatever the settings are. */
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

/** Whether everybody who meets `who` also meets `asked`. */
export const isAtLeast = (who: Requirement, asked: Requirement): boolean => who === asked || stricter[kindOf(asked)].includes(kindOf(who))

/** Whether a requirement can be met without a session. */
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
  if (verdict === 'UNAUTHENTICATED') return unauthenticated(caller)
  if (verdict !== 'FORBIDDEN') return new Failure(verdict === 'allowed' ? 'FORBIDDEN' : verdict)
  const { viewer } = caller
  // An administrator without the required second factor.
  if (isInteractive(viewer) && viewer.account.isAdmin && !viewer.rights.isAdmin)
    return new Failure(viewer.account.twoFactorSecret === null ? 'TWO_FACTOR_ENROLLMENT_REQUIRED' : 'REAUTHENTICATION_REQUIRED')
  if (isScope(requirement)) return new Failure('FORBIDDEN', { message: `missing permission ${requirement}`, missingScope: requirement })
  return new Failure('FORBIDDEN', isInteractive(viewer) ? {} : { message: 'A personal access token may not do this' })
}

/** Every code that `refusal` may return for a requirement. */
export const refusalsOf = (requirement: Requirement): readonly ErrorCode[] => {
  if (requirement === 'registration') return ['REGISTRATION_CLOSED']
  const verdicts = new Set(Object.values(grid[isScope(requirement) ? 'scope' : requirement]))
  verdicts.delete('allowed')
  const administers = verdicts.has('FORBIDDEN') && requirement !== 'interactive' && requirement !== 'step-up'
  if (administers) verdicts.add('TWO_FACTOR_ENROLLMENT_REQUIRED')
  if (administers || requirement === 'step-up') verdicts.add('REAUTHENTICATION_REQUIRED')
  return [...verdicts] as ErrorCode[]
}
