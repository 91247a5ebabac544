/**
 * What a failed operation leaves in the audit log. One exhaustive map from codes to types of events: a new code does not
 * compile until it was decided whether it is one. Written after whatever the operation did was rolled back.
 *
 * No event: input that breaks a rule, a name that is taken, an object that is not there; nor anything that an anonymous
 * caller may not do, since nobody was refused. What a loop could write without end passes a throttle.
 */
import { isOpen, type Requirement } from '../access/requirements.ts'
import { type AuditEventType, record } from '../auditLog/events.ts'
import type { ErrorCode, Failure } from '../base/errors.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { addressGroup } from '../limits/limits.ts'

/** The type of event that each failure is, or null where it is none, or is written where it happens. */
export const failureEvents = {
  INVALID_INPUT: null,
  IDENTIFIER_REQUIRED: null,
  EMAIL_TAKEN: null,
  USERNAME_TAKEN: null,
  EMAIL_UNKNOWN: null,
  WRONG_PASSWORD: 'password.check_failed',
  WRONG_CODE: 'two_factor.code_failed',
  UNAUTHENTICATED: null,
  BAD_CREDENTIALS: 'session.sign_in_failed',
  TWO_FACTOR_REQUIRED: 'session.two_factor_required',
  INVALID_TWO_FACTOR_CODE: 'two_factor.code_failed',
  INVALID_LOGIN_CODE: 'session.sign_in_failed',
  INVALID_REFRESH_TOKEN: null,
  INVALID_MAIL_TOKEN: 'mail_token.refused',
  REAUTHENTICATION_REQUIRED: 'access.refused',
  FORBIDDEN: 'access.refused',
  TWO_FACTOR_ENROLLMENT_REQUIRED: 'access.refused',
  ACCOUNT_DISABLED: 'session.sign_in_failed',
  REGISTRATION_CLOSED: null,
  NOT_FOUND: null,
  LAST_ADMIN: 'access.refused',
  OWN_ACCOUNT: 'access.refused',
  TWO_FACTOR_ALREADY_ENABLED: null,
  TWO_FACTOR_NOT_ENABLED: null,
  EMAIL_ALREADY_VERIFIED: null,
  TOO_MANY_TOKENS: null,
  TOO_MANY_REQUESTS: 'limit.reached',
  OVERLOADED: null,
  SERVICE_UNAVAILABLE: null,
} as const satisfies Record<ErrorCode, AuditEventType | null>

type FailureEventType = Exclude<(typeof failureEvents)[ErrorCode], null>

const MINUTE = 60_000

/** What was asked for: an operation of the schema, or a dialect's route that asks for more than its operation does. */
export interface Asked {
  readonly name: string
  readonly requirement: Requirement
}

interface Refused {
  readonly type: FailureEventType
  /** The account, or what stands for one that is not there: whether there is one must not show in what is done. */
  readonly countedAs: string | null
  readonly code: ErrorCode
  readonly requirement: string
}

/** Whether this failure is to be written: not if nobody was refused, nor if the same was written a moment ago. */
const passes = (domain: Domain, { viewer, clientAddress }: Caller, { type, countedAs, code, requirement }: Refused): boolean => {
  const { auditThrottle, config } = domain
  const address = addressGroup(clientAddress)
  if (type === 'access.refused')
    return viewer !== null && auditThrottle.passes(`${type} ${viewer.session.id} ${requirement} ${code}`, MINUTE)
  if (type === 'limit.reached') return auditThrottle.passes(`${type} ${countedAs} ${address}`, config.LIMIT_PASSWORD_WINDOW)
  return type !== 'mail_token.refused' || auditThrottle.passes(`${type} ${address}`, MINUTE)
}

/**
 * Writes the event of a failure, if it is one. Where an operation is open, the session that a request happens to carry is
 * not who acts.
 */
export const recordFailure = async (domain: Domain, caller: Caller, asked: Asked, failure: Failure): Promise<void> => {
  const type = failureEvents[failure.code]
  if (type === null) return
  const actorId = isOpen(asked.requirement) ? null : (caller.viewer?.account.id ?? null)
  const userId = failure.userId ?? actorId
  const requirement = failure.details.missingScope ?? asked.requirement
  const { code } = failure
  if (!passes(domain, caller, { type, countedAs: failure.countedAs ?? userId, code, requirement })) return
  const details = { operation: asked.name, code }
  if (type === 'access.refused') await record(domain, domain.db, caller, { type, userId, actorId, details: { ...details, requirement } })
  else await record(domain, domain.db, caller, { type, userId, actorId, details })
}
