/**
 * From what a form says to an HTTP answer.
 */
import type { Failure } from '../domain/base/errors.ts'
import { jsonAnswer } from '../http/answers.ts'
import type { HttpAnswer } from '../http/message.ts'
import { outcomeOf } from '../http/outcomes.ts'
import type { ErrorForms, FailureView, Reply, ReplyContext, Row } from './dialect.ts'

/** Ends a walk early, with the answer that the client gets; the request for a second factor is one, too. */
export class Refusal extends Error {
  readonly reply: Reply
  /** The code of the failure, or what the true status says, also where the reply has another one. */
  readonly outcome: string
  readonly failure: FailureView | undefined
  constructor(reply: Reply, outcome: string, failure?: FailureView) {
    super('a refusal')
    this.reply = reply
    this.outcome = outcome
    this.failure = failure
  }
}

/** A failure of the domain as the document of an operation would select it. */
export const viewOf = (failure: Failure): FailureView => ({
  code: failure.code,
  message: failure.message,
  fieldErrors: [],
  ...failure.details,
})

/** An expected failure in the form of the row, or else of its mount. */
export const failed = (row: Row, errors: ErrorForms, context: ReplyContext, failure: FailureView): Refusal => {
  const form = row.failures?.[failure.code] ?? errors.failures[failure.code]
  return new Refusal(form(failure, context), failure.code, failure)
}

/** RFC 6750, 3, and RFC 9470, 3 for a session whose last proof is too old. */
const challenge = (failure?: FailureView): string =>
  failure?.code === 'REAUTHENTICATION_REQUIRED' ? 'Bearer error="insufficient_user_authentication"' : 'Bearer'

export const toAnswer = ({ status, body }: Reply, failure?: FailureView): HttpAnswer =>
  jsonAnswer(status, body, {
    ...(status === 401 ? { 'www-authenticate': challenge(failure) } : {}),
    ...(failure?.retryAfter === undefined ? {} : { 'retry-after': String(failure.retryAfter) }),
  })

/** What goes wrong before or outside an operation, in the form of a mount of a dialect. */
export const problemAnswer = (errors: ErrorForms, surface: string, status: number, message: string, context: ReplyContext): HttpAnswer => ({
  ...toAnswer(errors.problem(status, message, context)),
  about: { surface, outcome: outcomeOf(status) },
})
