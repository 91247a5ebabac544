/**
 * Whether a dialect's answer says what GraphQL's outcome was: a success with the status and the body of its call, or the form
 * that the route's mount has for this very code, made of the failure that GraphQL gave.
 */
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { FieldError } from '../../src/domain/base/errors.ts'
import type { FailureView, Reply, ReplyContext } from '../../src/rest/dialect.ts'
import type { Answer } from '../support/world.ts'
import { type DialectCall, type Facts, type Place, SHOWN_ONCE } from './dialectCalls.ts'
import { named } from './dump.ts'
import type { Lines } from './exceptions.ts'
import type { Outcome } from './graphqlCalls.ts'
import type { Both, Pair } from './pair.ts'
import { statusOf } from './statuses.ts'

export interface Route {
  readonly call: DialectCall
  readonly place: Place
}

const SECRETS = new Set(['token', 'accessToken', 'loginCode', 'secret', 'otpauthUrl', 'qrCode', 'recoveryCodes'])
const REDACTED = '[redacted]'

/** A body without what is shown once; what a document redacts has to be redacted. */
export const hideShownOnce = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(hideShownOnce)
  if (typeof value !== 'object' || value === null) return value
  const hidden = (key: string, item: unknown) =>
    SECRETS.has(key) && item !== REDACTED && (typeof item === 'string' || Array.isArray(item)) && item.length > 0
      ? SHOWN_ONCE
      : hideShownOnce(item)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hidden(key, item)]))
}

/** A whole document without the tokens that other surfaces do not have. */
const withoutResumeTokens = (body: unknown, lines: Lines): unknown => {
  const { services } = (body ?? {}) as { services?: { resume: { loginTokens: object[] } } }
  const isToken = (item: object) => isDeepStrictEqual(Object.keys(item), ['when', 'hashedToken']) && Object.values(item)[1] === REDACTED
  if (services === undefined || !lines.has('resumeTokens') || !services.resume.loginTokens.every(isToken)) return body
  return { ...(body as object), services: { ...services, resume: { loginTokens: [] } } }
}

export interface Comparing {
  readonly pair: Pair
  readonly lines: Lines
  readonly labels: Both<ReadonlyMap<string, string>>
  /** The least length of a new password that the dialect tells. */
  readonly least: number
}

/** The least length is another number on another surface. */
const withMinimum = ({ pair, lines, least }: Comparing, text: string): string =>
  lines.has('passwordLength') ? text.replace(`at least ${pair.minimum.graphql} characters`, `at least ${least} characters`) : text

const TAKES_LENGTH = /password/i

const formsOf = (comparing: Comparing, route: Route, failure: FailureView, context: ReplyContext): Reply[] => {
  const { call, place } = route
  const { row, mount } = place
  const isLength = failure.fieldErrors.some(({ field }) => TAKES_LENGTH.test(field))
  const asShown = (text: string) => (isLength ? withMinimum(comparing, text) : text)
  const fieldErrors = failure.fieldErrors.map(({ field, message }) => ({ field, message: asShown(message) }))
  const view: FailureView = {
    ...failure,
    message: asShown(failure.message),
    fieldErrors,
    ...(failure.loginCode === undefined ? {} : { loginCode: SHOWN_ONCE }),
  }
  const form = row.failures?.[failure.code] ?? mount.errors.failures[failure.code]
  const forms = [form(view, context)]
  if (failure.code !== 'INVALID_INPUT') return forms
  const renamed = fieldErrors.map(({ field, message }): FieldError => ({ field: call.names?.[field] ?? field, message }))
  forms.push(mount.errors.invalid(renamed, context))
  const { confirmation } = call
  if (confirmation !== undefined && comparing.lines.has('confirmation'))
    forms.push(mount.errors.invalid([...renamed, ...renamed.map((error) => ({ ...error, field: confirmation }))], context))
  if (call.dialect === 'wekan' && comparing.lines.has('matchFailed'))
    forms.push(mount.errors.invalid([{ field: '', message: 'Match failed' }], context))
  return forms
}

const challengeOf = (code: string): string =>
  code === 'REAUTHENTICATION_REQUIRED' ? 'Bearer error="insufficient_user_authentication"' : 'Bearer'

/** The answer has one of the forms of a failure, and its headers. */
export function expectFailure(comparing: Comparing, route: Route, failure: FailureView, answer: Answer, context: ReplyContext): void {
  const { loginCode } = answer.body ?? {}
  const body = typeof loginCode === 'string' ? { ...answer.body, loginCode: SHOWN_ONCE } : answer.body
  const actual = { status: answer.status, body }
  const forms = formsOf(comparing, route, failure, context).map(({ status, body }) => ({ status, body: JSON.parse(JSON.stringify(body)) }))
  if (!forms.some((form) => isDeepStrictEqual(form, actual))) expect(actual, `${route.call.place} for ${failure.code}`).toEqual(forms[0])
  expect(answer.status, `the status of ${failure.code}`).toBe(statusOf(route.call, failure.code))
  expect(answer.headers.get('www-authenticate'), 'WWW-Authenticate').toBe(answer.status === 401 ? challengeOf(failure.code) : null)
  expect(answer.headers.get('retry-after'), 'Retry-After').toBe(failure.retryAfter === undefined ? null : String(failure.retryAfter))
}

/** The answer is what the call says of a success. */
export function expectSuccess({ labels, lines }: Comparing, { call }: Route, result: unknown, answer: Answer, facts: Facts): void {
  const expected = hideShownOnce(call.body(named(result, labels.graphql), facts))
  const actual = withoutResumeTokens(hideShownOnce(named(answer.body, labels.rest)), lines)
  expect({ status: answer.status, body: actual }, call.place).toEqual({ status: call.status ?? 200, body: expected })
}

export function expectSame(
  comparing: Comparing,
  route: Route,
  outcome: Outcome,
  answer: Answer,
  context: ReplyContext,
  facts: Facts,
): void {
  if (outcome.kind === 'success') expectSuccess(comparing, route, outcome.result, answer, facts)
  else expectFailure(comparing, route, outcome.failure, answer, context)
}
