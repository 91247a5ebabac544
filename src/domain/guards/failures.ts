/**
 * The events of failed operations in the audit log. The map from codes to event types is exhaustive: a new code does not compile
 * until it has an entry. Events are written after the operation was rolled back.
 *
 * No event: invalid input, a name that is taken, an object that does not exist, and refusals of anonymous callers. Events that a
 * loop could write without end pass a throttle.
 */

import { inSpan } from '../../tracing/spans.ts'
import { isOpen, type Requirement } from '../access/requirements.ts'
import { type AuditEventType, record } from '../auditLog/events.ts'
import type { ErrorCode, Failure } from '../base/errors.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { addressGroup } from '../limits/addresses.ts'

/** The event type of each failure; null if there is no event, or if it is written where it happens. */
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
  TOO_MANY_WEBHOOKS: null,
  TOO_MANY_REQUESTS: 'limit.reached',
  OVERLOADED: null,
  SERVICE_UNAVAILABLE: null,
} as const satisfies Record<ErrorCode, AuditEventType | null>

type FailureEventType = Exclude<(typeof failureEvents)[ErrorCode], null>

const MINUTE = 60_000

/** What was called: an operation of the schema, or a route of a dialect that requires more than its operation. */
export interface Asked {
  readonly name: string
  readonly requirement: Requirement
}

interface Refused {
  readonly type: FailureEventType
  /** The account, or a substitute for an unknown one: the work must not show whether an account exists. */
  readonly countedAs: string | null
  readonly code: ErrorCode
  readonly requirement: string
}

/** Whether to record this failure: not if an anonymous caller was refused, nor if the same event was written a moment ago. */
const passes = (domain: Domain, { viewer, clientAddress }: Caller, { type, countedAs, code, requirement }: Refused): boolean => {
  const { auditThrottle, config } = domain
  const address = addressGroup(clientAddress)
  if (type === 'access.refused')
    return viewer !== null && auditThrottle.passes(`${type} ${viewer.session.id} ${requirement} ${code}`, MINUTE)
  if (type === 'limit.reached') return auditThrottle.passes(`${type} ${countedAs} ${address}`, config.LIMIT_PASSWORD_WINDOW)
  return type !== 'mail_token.refused' || auditThrottle.passes(`${type} ${address}`, MINUTE)
}

/**
 * Records the event of a failure, if there is one. If the operation needs no session, a session that the request happens to have is
 * not recorded as the actor.
 */
export const recordFailure = async (domain: Domain, caller: Caller, asked: Asked, failure: Failure): Promise<void> => {
  const type = failureEvents[failure.code]
  if (type === null) return
  // The operator of the command line has no account.
  const actorId = isOpen(asked.requirement) ? null : caller.viewer?.account.id || null
  const userId = failure.userId ?? actorId
  const requirement = failure.details.missingScope ?? asked.requirement
  const { code } = failure
  if (!passes(domain, caller, { type, countedAs: failure.countedAs ?? userId, code, requirement })) return
  const details = { operation: asked.name, code }
  await inSpan('record failure', async () => {
    if (type === 'access.refused') await record(domain, domain.db, caller, { type, userId, actorId, details: { ...details, requirement } })
    else await record(domain, domain.db, caller, { type, userId, actorId, details })
  })
}
