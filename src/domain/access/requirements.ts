/**
 * What may be asked of a caller, and who meets it.
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

/** Whether a viewer holds what is asked; an administrator holds every scope. */
export const holds = (viewer: Viewer | null, wanted: 'admin' | Scope): boolean =>
  viewer !== null && (viewer.rights.isAdmin || (wanted !== 'admin' && viewer.rights.scopes.includes(wanted)))

/** Whether somebody signed in to the session, which nobody does to a personal access token. */
export const isInteractive = (viewer: Viewer | null): viewer is Viewer => viewer !== null && viewer.session.kind !== 'personal'

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
