/**
 * How `authentication` reports errors: `{"error", "message", "status", "code", "errors"?}`, where `error` repeats the text and `code` the
 * status.
 */
import * as z from 'zod'
import type { ErrorCode } from '../../domain/base/errors.ts'
import type { ErrorForms, Reply } from '../dialect.ts'
import { errorForms, type Problem } from '../errorForms.ts'
import { errorsByField } from '../fieldErrors.ts'

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

const print = (problem: Problem) => ({
  error: problem.message,
  message: problem.message,
  status: problem.status,
  code: problem.status,
  ...errorsByField(problem),
})

const OWN = undefined
const AUTHENTICATE = 'Please authenticate'
const CODE_REQUIRED = 'Two factor authentication code required'

/** The words for each code; a new code does not compile until it has some, or the domain's own. */
const messages: Readonly<Record<ErrorCode, string | undefined>> = {
  INVALID_INPUT: OWN,
  IDENTIFIER_REQUIRED: OWN,
  EMAIL_TAKEN: OWN,
  USERNAME_TAKEN: OWN,
  EMAIL_UNKNOWN: OWN,
  WRONG_PASSWORD: OWN,
  WRONG_CODE: OWN,
  UNAUTHENTICATED: AUTHENTICATE,
  BAD_CREDENTIALS: 'Incorrect email or password',
  TWO_FACTOR_REQUIRED: CODE_REQUIRED,
  INVALID_TWO_FACTOR_CODE: 'Invalid two factor authentication code',
  INVALID_LOGIN_CODE: 'Invalid or expired login code',
  INVALID_REFRESH_TOKEN: AUTHENTICATE,
  INVALID_MAIL_TOKEN: 'Password reset failed',
  REAUTHENTICATION_REQUIRED: AUTHENTICATE,
  FORBIDDEN: OWN,
  TWO_FACTOR_ENROLLMENT_REQUIRED: OWN,
  ACCOUNT_DISABLED: 'Account disabled',
  REGISTRATION_CLOSED: 'Registration is closed',
  NOT_FOUND: 'User not found',
  LAST_ADMIN: OWN,
  OWN_ACCOUNT: OWN,
  TWO_FACTOR_ALREADY_ENABLED: OWN,
  TWO_FACTOR_NOT_ENABLED: OWN,
  EMAIL_ALREADY_VERIFIED: OWN,
  TOO_MANY_TOKENS: OWN,
  TOO_MANY_WEBHOOKS: OWN,
  TOO_MANY_REQUESTS: 'Too many requests',
  OVERLOADED: 'Service overloaded, try again later',
  SERVICE_UNAVAILABLE: 'Service unavailable, try again later',
}

const forms = errorForms({ body: ErrorBody, messages, print })

export const authenticationErrors: ErrorForms = {
  ...forms,
  bodies: { TWO_FACTOR_REQUIRED: TwoFactorRequired },
  failures: {
    ...forms.failures,
    TWO_FACTOR_REQUIRED: ({ loginCode }) => ({
      status: 401,
      body: { ...print({ status: 401, message: CODE_REQUIRED, fieldErrors: [] }), loginCode },
    }),
  },
}

/** The reply to a logout whose refresh token is unknown, expired or revoked: 400, as the document prints. */
export const badLogoutToken = (): Reply => ({
  status: 400,
  body: print({
    status: 400,
    message: 'Invalid refresh token',
    fieldErrors: [{ field: 'refreshToken', message: 'is unknown, expired or revoked' }],
  }),
})
