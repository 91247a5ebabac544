/**
 * The error body of `/v1`, the union of the two documented ones (contract, section 2):
 * `{"statusCode", "message", "errors"?, "request_id"}`; `errors` has one string a field, only for what is invalid.
 */
import { z } from 'zod'
import type { ErrorCode, FieldError } from '../../domain/errors.ts'
import type { ErrorForms, FailureView, Reply, ReplyContext } from '../dialect.ts'

export const ErrorBody = z
  .object({
    message: z.string().meta({ description: 'Error message' }),
    request_id: z.string().optional().meta({ description: 'Request ID' }),
    statusCode: z.int().meta({ description: 'The status of the answer' }),
    errors: z.record(z.string(), z.string()).optional().meta({ description: 'What is wrong with each field' }),
  })
  .meta({ id: 'Error' })

export const TwoFactorRequired = z
  .object({ statusCode: z.literal(200), message: z.string(), loginCode: z.string().meta({ description: 'What verify-totp asks for' }) })
  .meta({ id: 'TwoFactorRequired' })

const VALIDATION = 'Validation errors'

const body = (statusCode: number, message: string, { requestId }: ReplyContext, fieldErrors: readonly FieldError[] = []): Reply => ({
  status: statusCode,
  body: {
    statusCode,
    message,
    ...(fieldErrors.length > 0 ? { errors: Object.fromEntries(fieldErrors.map(({ field, message: text }) => [field, text])) } : {}),
    request_id: requestId,
  },
})

type Form = (failure: FailureView, context: ReplyContext) => Reply

/** A fixed status and text. */
const plain =
  (status: number, message: string): Form =>
  (_failure, context) =>
    body(status, message, context)

/** 400 with the failure's fields; `names` says what this surface calls a field. */
export const invalidFields =
  (message = VALIDATION, names: Readonly<Record<string, string>> = {}): Form =>
  ({ fieldErrors }, context) =>
    body(
      400,
      message,
      context,
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
  UNAUTHENTICATED: plain(401, 'Unauthorized'),
  BAD_CREDENTIALS: plain(401, 'Invalid email or password'),
  TWO_FACTOR_REQUIRED: ({ loginCode }) => ({
    status: 200,
    body: { statusCode: 200, message: 'Two factor authentication code required', loginCode },
  }),
  INVALID_TWO_FACTOR_CODE: plain(401, 'Invalid two factor authentication code'),
  INVALID_LOGIN_CODE: plain(401, 'Invalid or expired login code'),
  INVALID_REFRESH_TOKEN: plain(401, 'Invalid or expired refresh token'),
  INVALID_MAIL_TOKEN: plain(401, 'Invalid or expired reset token'),
  REAUTHENTICATION_REQUIRED: plain(401, 'Sign in again to do this'),
  FORBIDDEN: ({ message }, context) => body(403, message, context),
  TWO_FACTOR_ENROLLMENT_REQUIRED: ({ message }, context) => body(403, message, context),
  ACCOUNT_DISABLED: plain(403, 'Account disabled'),
  REGISTRATION_CLOSED: plain(403, 'Registration is closed'),
  NOT_FOUND: plain(404, 'User not found'),
  LAST_ADMIN: ({ message }, context) => body(400, message, context),
  OWN_ACCOUNT: ({ message }, context) => body(400, message, context),
  TWO_FACTOR_ALREADY_ENABLED: plain(400, 'Two factor authentication is already enabled'),
  TWO_FACTOR_NOT_ENABLED: plain(400, 'Two factor authentication is not enabled'),
  EMAIL_ALREADY_VERIFIED: ({ message }, context) => body(400, message, context),
  TOO_MANY_TOKENS: ({ message }, context) => body(400, message, context),
  TOO_MANY_REQUESTS: plain(429, 'Too many requests'),
  OVERLOADED: plain(503, 'Service overloaded, try again later'),
}

export const v1Errors: ErrorForms = {
  body: ErrorBody,
  bodies: { TWO_FACTOR_REQUIRED: TwoFactorRequired },
  failures,
  invalid: (fieldErrors, context) => body(400, VALIDATION, context, fieldErrors),
  problem: (status, message, context) => body(status, message, context),
}
