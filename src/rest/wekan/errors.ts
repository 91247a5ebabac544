/**
 * How `wekan` says what went wrong. `/users/*` speaks as Meteor's accounts do, `/api/*` as its errors do; the original
 * sent the latter with HTTP 200, which a setting brings back.
 */
import type { ErrorCode, FieldError } from '../../domain/errors.ts'
import type { ErrorForms, FailureView, Reply, ReplyContext } from '../dialect.ts'

type Form = (failure: FailureView, context: ReplyContext) => Reply

const account = (status: number, error: number | string, reason: string): Reply => ({ status, body: { error, reason } })
const fixed =
  (status: number, error: number | string, reason: string): Form =>
  () =>
    account(status, error, reason)

/** The reason of invalid input: row schemas of this dialect carry it as their message. */
const reasonOf = (fieldErrors: readonly FieldError[]): string => fieldErrors[0]?.message ?? 'Match failed'

const accountFailures: Readonly<Record<ErrorCode, Form>> = {
  INVALID_INPUT: ({ message }) => account(400, 400, message),
  IDENTIFIER_REQUIRED: fixed(400, 400, 'Need to set a username or email'),
  EMAIL_TAKEN: fixed(400, 403, 'Email already exists.'),
  USERNAME_TAKEN: fixed(400, 403, 'Username already exists.'),
  EMAIL_UNKNOWN: fixed(400, 403, 'User not found'),
  WRONG_PASSWORD: fixed(400, 403, 'Incorrect password'),
  WRONG_CODE: fixed(403, 'invalid-2fa-code', 'Invalid 2FA code'),
  UNAUTHENTICATED: fixed(401, 401, 'Unauthorized'),
  BAD_CREDENTIALS: fixed(401, 'login-failed', 'Incorrect username, email address or password.'),
  TWO_FACTOR_REQUIRED: fixed(403, 'no-2fa-code', '2FA code must be informed'),
  INVALID_TWO_FACTOR_CODE: fixed(403, 'invalid-2fa-code', 'Invalid 2FA code'),
  INVALID_LOGIN_CODE: fixed(401, 401, 'Unauthorized'),
  INVALID_REFRESH_TOKEN: fixed(401, 401, 'Unauthorized'),
  INVALID_MAIL_TOKEN: fixed(401, 401, 'Unauthorized'),
  REAUTHENTICATION_REQUIRED: fixed(401, 401, 'Unauthorized'),
  FORBIDDEN: fixed(403, 403, 'Forbidden'),
  ACCOUNT_DISABLED: fixed(403, 403, 'Login forbidden'),
  REGISTRATION_CLOSED: fixed(403, 403, 'Registration is closed'),
  NOT_FOUND: fixed(404, 404, 'User not found'),
  LAST_ADMIN: ({ message }) => account(400, 400, message),
  OWN_ACCOUNT: ({ message }) => account(400, 400, message),
  TWO_FACTOR_ALREADY_ENABLED: ({ message }) => account(400, 400, message),
  TWO_FACTOR_NOT_ENABLED: ({ message }) => account(400, 400, message),
  TOO_MANY_REQUESTS: fixed(429, 'too-many-requests', 'Too many failed login attempts. Try again later.'),
  OVERLOADED: fixed(503, 503, 'Service overloaded, try again later'),
}

/** Errors of `/users/*`: `{"error": <number or string>, "reason"}`. */
export const accountErrors: ErrorForms = {
  failures: accountFailures,
  invalid: (fieldErrors) => account(400, 400, reasonOf(fieldErrors)),
  problem: (status, message) => account(status, status, message),
}

const meteor = (statusCode: number, error: number | string, reason: string = String(error)): Reply => ({
  status: statusCode,
  body: { isClientSafe: true, error, reason, message: `${reason} [${error}]`, errorType: 'Meteor.Error', statusCode },
})
const known =
  (statusCode: number, error: number | string, reason?: string): Form =>
  () =>
    meteor(statusCode, error, reason)

const apiFailures: Readonly<Record<ErrorCode, Form>> = {
  INVALID_INPUT: ({ message }) => meteor(400, 400, message),
  IDENTIFIER_REQUIRED: known(400, 400, 'Need to set a username or email'),
  EMAIL_TAKEN: known(400, 403, 'Email already exists.'),
  USERNAME_TAKEN: known(400, 403, 'Username already exists.'),
  EMAIL_UNKNOWN: known(400, 403, 'User not found'),
  WRONG_PASSWORD: known(400, 403, 'Incorrect password'),
  WRONG_CODE: known(403, 'invalid-2fa-code', 'Invalid 2FA code'),
  UNAUTHENTICATED: known(401, 'Unauthorized'),
  BAD_CREDENTIALS: known(401, 'Unauthorized'),
  TWO_FACTOR_REQUIRED: known(403, 'no-2fa-code', '2FA code must be informed'),
  INVALID_TWO_FACTOR_CODE: known(403, 'invalid-2fa-code', 'Invalid 2FA code'),
  INVALID_LOGIN_CODE: known(401, 'Unauthorized'),
  INVALID_REFRESH_TOKEN: known(401, 'Unauthorized'),
  INVALID_MAIL_TOKEN: known(401, 'Unauthorized'),
  REAUTHENTICATION_REQUIRED: known(401, 'Unauthorized'),
  FORBIDDEN: known(403, 'Forbidden'),
  ACCOUNT_DISABLED: known(403, 'Forbidden'),
  REGISTRATION_CLOSED: known(403, 'Forbidden'),
  NOT_FOUND: known(404, 'not-found'),
  LAST_ADMIN: ({ message }) => meteor(400, 400, message),
  OWN_ACCOUNT: ({ message }) => meteor(400, 400, message),
  TWO_FACTOR_ALREADY_ENABLED: ({ message }) => meteor(400, 400, message),
  TWO_FACTOR_NOT_ENABLED: ({ message }) => meteor(400, 400, message),
  TOO_MANY_REQUESTS: known(429, 'too-many-requests', 'Too many failed login attempts. Try again later.'),
  OVERLOADED: known(503, 'overloaded', 'Service overloaded, try again later'),
}

const apiProblem = (status: number, message: string): Reply => (status === 404 ? meteor(404, 'not-found') : meteor(status, status, message))

/** Errors of `/api/*`, with the status that they name. */
export const apiErrors: ErrorForms = {
  failures: apiFailures,
  invalid: (fieldErrors) => meteor(400, 400, reasonOf(fieldErrors)),
  problem: apiProblem,
}

/** The statuses that the original sent as 200. */
const HIDDEN = new Set([400, 401, 403, 404])
const hidden = (reply: Reply): Reply => (HIDDEN.has(reply.status) ? { ...reply, status: 200 } : reply)

/** The same as the original sent them: HTTP 200, and an unknown id is `{}` on GET and `{_id}` on DELETE. */
export const apiErrorsAsOriginal: ErrorForms = {
  failures: {
    ...(Object.fromEntries(
      Object.entries(apiFailures).map(([code, form]) => [
        code,
        (failure: FailureView, context: ReplyContext) => hidden(form(failure, context)),
      ]),
    ) as typeof apiFailures),
    NOT_FOUND: (failure, context) => {
      if (context.method === 'GET') return { status: 200, body: {} }
      return context.method === 'DELETE'
        ? { status: 200, body: { _id: context.params.id } }
        : hidden(apiFailures.NOT_FOUND(failure, context))
    },
  },
  invalid: (fieldErrors, context) => hidden(apiErrors.invalid(fieldErrors, context)),
  problem: (status, message) => hidden(apiProblem(status, message)),
}
