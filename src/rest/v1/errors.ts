/**
 * The error body of `/v1`, the union of the two documented ones (contract, section 2):
 * `{"statusCode", "message", "errors"?, "request_id"}`; `errors` has one string a field, only for what is invalid.
 */
import * as z from 'zod'
import type { ErrorCode } from '../../domain/base/errors.ts'
import type { ErrorForms } from '../dialect.ts'
import { errorForms } from '../errorForms.ts'
import { errorsByField } from '../fieldErrors.ts'

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
const OWN = undefined

/** The words for each code; a new code does not compile until it has some, or the domain's own. */
const messages: Readonly<Record<ErrorCode, string | undefined>> = {
  INVALID_INPUT: VALIDATION,
  IDENTIFIER_REQUIRED: VALIDATION,
  EMAIL_TAKEN: VALIDATION,
  USERNAME_TAKEN: VALIDATION,
  EMAIL_UNKNOWN: VALIDATION,
  WRONG_PASSWORD: VALIDATION,
  WRONG_CODE: VALIDATION,
  UNAUTHENTICATED: 'Unauthorized',
  BAD_CREDENTIALS: 'Invalid email or password',
  TWO_FACTOR_REQUIRED: 'Two factor authentication code required',
  INVALID_TWO_FACTOR_CODE: 'Invalid two factor authentication code',
  INVALID_LOGIN_CODE: 'Invalid or expired login code',
  INVALID_REFRESH_TOKEN: 'Invalid or expired refresh token',
  INVALID_MAIL_TOKEN: 'Invalid or expired reset token',
  REAUTHENTICATION_REQUIRED: 'Sign in again to do this',
  FORBIDDEN: OWN,
  TWO_FACTOR_ENROLLMENT_REQUIRED: OWN,
  ACCOUNT_DISABLED: 'Account disabled',
  REGISTRATION_CLOSED: 'Registration is closed',
  NOT_FOUND: 'User not found',
  LAST_ADMIN: OWN,
  OWN_ACCOUNT: OWN,
  TWO_FACTOR_ALREADY_ENABLED: 'Two factor authentication is already enabled',
  TWO_FACTOR_NOT_ENABLED: 'Two factor authentication is not enabled',
  EMAIL_ALREADY_VERIFIED: OWN,
  TOO_MANY_TOKENS: OWN,
  TOO_MANY_WEBHOOKS: OWN,
  TOO_MANY_REQUESTS: 'Too many requests',
  OVERLOADED: 'Service overloaded, try again later',
  SERVICE_UNAVAILABLE: 'Service unavailable, try again later',
}

/** The forms of `/v1`, but for the words of one dialect. */
export const v1ErrorsWith = (own: Readonly<Partial<Record<ErrorCode, string>>>): ErrorForms => {
  const forms = errorForms({
    body: ErrorBody,
    messages: { ...messages, ...own },
    print: (problem, { requestId }) => ({
      statusCode: problem.status,
      message: problem.message,
      ...errorsByField(problem),
      request_id: requestId,
    }),
  })
  return {
    ...forms,
    bodies: { TWO_FACTOR_REQUIRED: TwoFactorRequired },
    failures: {
      ...forms.failures,
      TWO_FACTOR_REQUIRED: ({ loginCode }) => ({
        status: 200,
        body: { statusCode: 200, message: messages.TWO_FACTOR_REQUIRED, loginCode },
      }),
    },
  }
}

export const v1Errors = v1ErrorsWith({})
