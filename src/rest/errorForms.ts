/**
 * The forms of a dialect that says everything in one body: one function prints it, and the statuses are those that REST clients know.
 * The dialects of `/v1` and `authentication` are made so, each with a table of its words for every code; `wekan` is not, whose
 * Meteor errors have a name and a reason beside the status.
 */
import type * as z from 'zod'
import type { ErrorCode, FieldError } from '../domain/base/errors.ts'
import type { ErrorForms, FailureView, Reply, ReplyContext } from './dialect.ts'
import type { Exactly } from './exactTypes.ts'

/** The status of each failure where nothing else is said; a new code does not compile until it has one. */
const statuses: Readonly<Record<ErrorCode, number>> = {
  INVALID_INPUT: 400,
  IDENTIFIER_REQUIRED: 400,
  EMAIL_TAKEN: 400,
  USERNAME_TAKEN: 400,
  EMAIL_UNKNOWN: 400,
  WRONG_PASSWORD: 400,
  WRONG_CODE: 400,
  UNAUTHENTICATED: 401,
  BAD_CREDENTIALS: 401,
  TWO_FACTOR_REQUIRED: 401,
  INVALID_TWO_FACTOR_CODE: 401,
  INVALID_LOGIN_CODE: 401,
  INVALID_REFRESH_TOKEN: 401,
  INVALID_MAIL_TOKEN: 401,
  REAUTHENTICATION_REQUIRED: 401,
  FORBIDDEN: 403,
  TWO_FACTOR_ENROLLMENT_REQUIRED: 403,
  ACCOUNT_DISABLED: 403,
  REGISTRATION_CLOSED: 403,
  NOT_FOUND: 404,
  LAST_ADMIN: 400,
  OWN_ACCOUNT: 400,
  TWO_FACTOR_ALREADY_ENABLED: 400,
  TWO_FACTOR_NOT_ENABLED: 400,
  EMAIL_ALREADY_VERIFIED: 400,
  TOO_MANY_TOKENS: 400,
  TOO_MANY_WEBHOOKS: 400,
  TOO_MANY_REQUESTS: 429,
  OVERLOADED: 503,
  SERVICE_UNAVAILABLE: 503,
}

/** What a body may say about an error. */
export interface Problem {
  readonly status: number
  /** Of a failure of an operation or of its input; absent for what goes wrong before or outside one. */
  readonly code?: ErrorCode
  readonly message: string
  readonly fieldErrors: readonly FieldError[]
  readonly retryAfter?: number
  readonly loginCode?: string
}

interface Printed<Body extends z.ZodType, Made> {
  /** What every body looks like. */
  readonly body: Body
  readonly print: (problem: Problem, context: ReplyContext) => Made & Exactly<Made, z.input<Body>>
  /** The statuses that differ. */
  readonly statuses?: Readonly<Partial<Record<ErrorCode, number>>>
  /** The words that differ; a table of all codes says `undefined` where the domain's own words do. */
  readonly messages?: Readonly<Partial<Record<ErrorCode, string | undefined>>>
}

const codes = Object.keys(statuses) as ErrorCode[]

export const errorForms = <Body extends z.ZodType, const Made extends z.input<Body>>(printed: Printed<Body, Made>): ErrorForms => {
  const statusOf = (code: ErrorCode): number => printed.statuses?.[code] ?? statuses[code]
  const reply = (problem: Problem, context: ReplyContext): Reply => ({ status: problem.status, body: printed.print(problem, context) })
  const form =
    (code: ErrorCode) =>
    (failure: FailureView, context: ReplyContext): Reply =>
      reply({ ...failure, status: statusOf(code), message: printed.messages?.[code] ?? failure.message }, context)
  return {
    body: printed.body,
    failures: Object.fromEntries(codes.map((code) => [code, form(code)])) as ErrorForms['failures'],
    invalid: (fieldErrors, context) => {
      const [first] = fieldErrors
      const message = printed.messages?.INVALID_INPUT ?? `${first?.field} ${first?.message}`
      return reply({ status: statusOf('INVALID_INPUT'), code: 'INVALID_INPUT', message, fieldErrors }, context)
    },
    problem: (status, message, context) => reply({ status, message, fieldErrors: [] }, context),
  }
}
