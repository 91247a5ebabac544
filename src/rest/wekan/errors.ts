/**
 * How `wekan` reports errors: `/users/*` as Meteor's accounts do, `/api/*` as its errors do. The original sent the latter with HTTP 200,
 * which a setting restores.
 */
import * as z from 'zod'
import type { ErrorCode, FieldError } from '../../domain/base/errors.ts'
import type { ErrorForms, FailureView, Reply } from '../dialect.ts'
import { DeletedUser } from './shapes.ts'

/** What both mounts say, each in its own body. Without a reason it is the failure's own message. */
interface Words {
  readonly status: number
  readonly error: number | string
  readonly reason?: string
}

const UNAUTHORIZED: Words = { status: 401, error: 401, reason: 'Unauthorized' }
const FORBIDDEN: Words = { status: 403, error: 403, reason: 'Forbidden' }
const INVALID_CODE: Words = { status: 403, error: 'invalid-2fa-code', reason: 'Invalid 2FA code' }
const PLAIN: Words = { status: 400, error: 400 }

const accountWords: Readonly<Record<ErrorCode, Words>> = {
  INVALID_INPUT: PLAIN,
  IDENTIFIER_REQUIRED: { status: 400, error: 400, reason: 'Need to set a username or email' },
  EMAIL_TAKEN: { status: 400, error: 403, reason: 'Email already exists.' },
  USERNAME_TAKEN: { status: 400, error: 403, reason: 'Username already exists.' },
  EMAIL_UNKNOWN: { status: 400, error: 403, reason: 'User not found' },
  WRONG_PASSWORD: { status: 400, error: 403, reason: 'Incorrect password' },
  WRONG_CODE: INVALID_CODE,
  UNAUTHENTICATED: UNAUTHORIZED,
  BAD_CREDENTIALS: { status: 401, error: 'login-failed', reason: 'Incorrect username, email address or password.' },
  TWO_FACTOR_REQUIRED: { status: 403, error: 'no-2fa-code', reason: '2FA code must be informed' },
  INVALID_TWO_FACTOR_CODE: INVALID_CODE,
  INVALID_LOGIN_CODE: UNAUTHORIZED,
  INVALID_REFRESH_TOKEN: UNAUTHORIZED,
  INVALID_MAIL_TOKEN: UNAUTHORIZED,
  REAUTHENTICATION_REQUIRED: UNAUTHORIZED,
  FORBIDDEN,
  TWO_FACTOR_ENROLLMENT_REQUIRED: FORBIDDEN,
  ACCOUNT_DISABLED: { status: 403, error: 403, reason: 'Login forbidden' },
  REGISTRATION_CLOSED: { status: 403, error: 403, reason: 'Registration is closed' },
  NOT_FOUND: { status: 404, error: 404, reason: 'User not found' },
  LAST_ADMIN: PLAIN,
  OWN_ACCOUNT: PLAIN,
  TWO_FACTOR_ALREADY_ENABLED: PLAIN,
  TWO_FACTOR_NOT_ENABLED: PLAIN,
  EMAIL_ALREADY_VERIFIED: PLAIN,
  TOO_MANY_TOKENS: PLAIN,
  TOO_MANY_WEBHOOKS: PLAIN,
  TOO_MANY_REQUESTS: { status: 429, error: 'too-many-requests', reason: 'Too many failed login attempts. Try again later.' },
  OVERLOADED: { status: 503, error: 503, reason: 'Service overloaded, try again later' },
  SERVICE_UNAVAILABLE: { status: 503, error: 503, reason: 'Service unavailable, try again later' },
}

/** `/api/*` names its statuses by words. */
const named = (words: Words): Words => {
  if (words.error === 401) return { status: 401, error: 'Unauthorized', reason: 'Unauthorized' }
  if (words.status === 403 && words.error === 403) return { ...words, error: 'Forbidden', ...(words.reason && { reason: 'Forbidden' }) }
  return words.status === 404 ? { status: 404, error: 'not-found', reason: 'not-found' } : words
}

const error = z.union([z.int(), z.string()]).meta({ description: 'A status, or the name of an error' })

const AccountError = z.object({ error, reason: z.string() }).meta({ id: 'AccountError' })

const MeteorError = z
  .object({
    isClientSafe: z.literal(true),
    error,
    reason: z.string(),
    message: z.string().meta({ description: 'The reason, and the error in brackets' }),
    errorType: z.literal('Meteor.Error'),
    statusCode: z.int(),
  })
  .meta({ id: 'MeteorError' })

type Render = (status: number, error: number | string, reason: string) => Reply

const account: Render = (status, error, reason) => ({ status, body: { error, reason } })
const meteor: Render = (status, error, reason) => ({
  status,
  body: { isClientSafe: true, error, reason, message: `${reason} [${error}]`, errorType: 'Meteor.Error', statusCode: status },
})

/** The reason of invalid input: row schemas of this dialect carry it as their message. */
const reasonOf = (fieldErrors: readonly FieldError[]): string => fieldErrors[0]?.message ?? 'Match failed'

const formsOf = (body: z.ZodType, render: Render, naming: (words: Words) => Words): ErrorForms => {
  const said = (words: Words, message: string): Reply => {
    const { status, error, reason } = naming(words)
    return render(status, error, reason ?? message)
  }
  const forms = Object.entries(accountWords).map(([code, words]) => [code, ({ message }: FailureView) => said(words, message)])
  return {
    body,
    failures: Object.fromEntries(forms) as ErrorForms['failures'],
    invalid: (fieldErrors) => said(PLAIN, reasonOf(fieldErrors)),
    problem: (status, message) => said({ status, error: status }, message),
  }
}

/** Errors of `/users/*`: `{"error": <number or string>, "reason"}`. */
export const accountErrors: ErrorForms = formsOf(AccountError, account, (words) => words)

/** Errors of `/api/*`, with the status that they name. */
export const apiErrors: ErrorForms = formsOf(MeteorError, meteor, named)

/** The statuses that the original sent as 200. */
const HIDDEN = new Set([400, 401, 403, 404])
const hidden = (reply: Reply): Reply => (HIDDEN.has(reply.status) ? { ...reply, status: 200 } : reply)

const hiddenFailures = Object.fromEntries(
  Object.entries(apiErrors.failures).map(([code, form]) => [code, (...given: Parameters<typeof form>) => hidden(form(...given))]),
) as ErrorForms['failures']

/** What each method says of an unknown id: nothing at all on PUT. */
const unknownId: Readonly<Record<string, (id: string | undefined) => object | undefined>> = {
  GET: () => ({}),
  DELETE: (id) => ({ _id: id }),
  PUT: () => undefined,
}

/**
 * The same as the original sent them: HTTP 200, and an unknown id is `{}` on GET, `{_id}` on DELETE and empty on PUT. What cannot be
 * parsed keeps its 400, which was not Meteor's to say.
 */
export const apiErrorsAsOriginal: ErrorForms = {
  body: MeteorError,
  bodies: { NOT_FOUND: z.union([z.strictObject({}), DeletedUser, MeteorError]) },
  failures: {
    ...hiddenFailures,
    NOT_FOUND: (failure, context) => {
      const say = unknownId[context.method]
      return say === undefined ? hiddenFailures.NOT_FOUND(failure, context) : { status: 200, body: say(context.params.id) }
    },
  },
  invalid: (...given) => hidden(apiErrors.invalid(...given)),
  problem: (status, ...given) => {
    const reply = apiErrors.problem(status, ...given)
    return status === 400 ? reply : hidden(reply)
  },
}
