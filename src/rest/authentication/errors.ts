/**
 * How `authentication` says what went wrong: `{"error", "message", "status", "code", "errors"?}`, where `error` repeats the
 * text and `code` the status.
 */
import { z } from 'zod'
import type { ErrorCode, FieldError } from '../../domain/errors.ts'
import type { ErrorForms, FailureView, Reply, ReplyContext } from '../dialect.ts'

export const ErrorBody = z
  .object({
    error: z.string(),
    message: z.string().meta({ description: 'The same text' }),
    status: z.int(),
    code: z.int().meta({ description: 'The same status' }),
    errors: z.record(z.string(), z.string()).optional().meta({ description: 'What is wrong with each field' }),
  })
  .meta({ id: 'Error' })

const TwoFactorRequired = ErrorBody.extend({
  loginCode: z.string().meta({ description: 'What `POST /v1/auth/verify-totp` of the Users API asks for' }),
}).meta({ id: 'TwoFactorRequired' })

const body = (status: number, text: string, fieldErrors: readonly FieldError[] = [], more: object = {}): Reply => ({
  status,
  body: {
    error: text,
    message: text,
    status,
    code: status,
    ...(fieldErrors.length > 0 ? { errors: Object.fromEntries(fieldErrors.map(({ field, message }) => [field, message])) } : {}),
    ...more,
  },
})

type Form = (failure: FailureView, context: ReplyContext) => Reply

const plain =
  (status: number, text: string): Form =>
  () =>
    body(status, text)

/** 400 with the failure's fields; `names` says what this surface calls a field. */
export const invalidFields =
  (names: Readonly<Record<string, string>> = {}): Form =>
  ({ message, fieldErrors }) =>
    body(
      400,
      message,
      fieldErrors.map((error) => ({ ...error, field: names[error.field] ?? error.field })),
    )

const failures: Readonly<Record<ErrorCode, Form>> = {
  INVALID_INPUT: invalidFields(),
  IDENTIFIER_REQUIRED: invalidFields(),
  EMAIL_TAKEN: invalidFields(),
  USERNAME_TAKEN: invalidFields(),
  EMAIL_UNKNOWN: invalidFields(),
  WRONG_PASSWORD: invalidFields(),
  WRONG_CODE: invalidFields(),
  UNAUTHENTICATED: plain(401, 'Please authenticate'),
  BAD_CREDENTIALS: plain(401, 'Incorrect email or password'),
  TWO_FACTOR_REQUIRED: ({ loginCode }) => body(401, 'Two factor authentication code required', [], { loginCode }),
  INVALID_TWO_FACTOR_CODE: plain(401, 'Invalid two factor authentication code'),
  INVALID_LOGIN_CODE: plain(401, 'Invalid or expired login code'),
  INVALID_REFRESH_TOKEN: plain(401, 'Please authenticate'),
  INVALID_MAIL_TOKEN: plain(401, 'Password reset failed'),
  REAUTHENTICATION_REQUIRED: plain(401, 'Please authenticate'),
  FORBIDDEN: ({ message }) => body(403, message),
  TWO_FACTOR_ENROLLMENT_REQUIRED: ({ message }) => body(403, message),
  ACCOUNT_DISABLED: plain(403, 'Account disabled'),
  REGISTRATION_CLOSED: plain(403, 'Registration is closed'),
  NOT_FOUND: plain(404, 'User not found'),
  LAST_ADMIN: ({ message }) => body(400, message),
  OWN_ACCOUNT: ({ message }) => body(400, message),
  TWO_FACTOR_ALREADY_ENABLED: ({ message }) => body(400, message),
  TWO_FACTOR_NOT_ENABLED: ({ message }) => body(400, message),
  EMAIL_ALREADY_VERIFIED: ({ message }) => body(400, message),
  TOO_MANY_TOKENS: ({ message }) => body(400, message),
  TOO_MANY_REQUESTS: plain(429, 'Too many requests'),
  OVERLOADED: plain(503, 'Service overloaded, try again later'),
}

/** The form of a logout whose refresh token is unknown, expired or revoked: 400, as the document prints. */
export const badLogoutToken: Form = () =>
  body(400, 'Invalid refresh token', [{ field: 'refreshToken', message: 'is unknown, expired or revoked' }])

export const authenticationErrors: ErrorForms = {
  body: ErrorBody,
  bodies: { TWO_FACTOR_REQUIRED: TwoFactorRequired },
  failures,
  invalid: (fieldErrors) => body(400, `${fieldErrors[0]?.field} ${fieldErrors[0]?.message}`, fieldErrors),
  problem: (status, message) => body(status, message),
}
