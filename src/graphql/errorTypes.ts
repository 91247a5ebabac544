/**
 * Expected failures as types of the schema: one `Error` interface with a stable `code`, and one type for each way in which a front
 * end reacts. Every code has a type.
 */
import { type ErrorCode, Failure } from '../domain/base/errors.ts'

export class InputError extends Failure {}
export class AuthenticationError extends Failure {}
export class TwoFactorRequired extends Failure {}
export class PermissionError extends Failure {}
export class NotFoundError extends Failure {}
export class ConflictError extends Failure {}
export class RateLimitError extends Failure {}

export const errorTypes = {
  InputError,
  AuthenticationError,
  TwoFactorRequired,
  PermissionError,
  NotFoundError,
  ConflictError,
  RateLimitError,
} as const

/** The type of each code. */
export const errorTypeOf: Readonly<Record<ErrorCode, keyof typeof errorTypes>> = {
  INVALID_INPUT: 'InputError',
  IDENTIFIER_REQUIRED: 'InputError',
  EMAIL_UNKNOWN: 'InputError',
  WRONG_PASSWORD: 'InputError',
  WRONG_CODE: 'InputError',
  EMAIL_TAKEN: 'ConflictError',
  USERNAME_TAKEN: 'ConflictError',
  LAST_ADMIN: 'ConflictError',
  OWN_ACCOUNT: 'ConflictError',
  TWO_FACTOR_ALREADY_ENABLED: 'ConflictError',
  TWO_FACTOR_NOT_ENABLED: 'ConflictError',
  EMAIL_ALREADY_VERIFIED: 'ConflictError',
  TOO_MANY_TOKENS: 'ConflictError',
  UNAUTHENTICATED: 'AuthenticationError',
  BAD_CREDENTIALS: 'AuthenticationError',
  INVALID_TWO_FACTOR_CODE: 'AuthenticationError',
  INVALID_LOGIN_CODE: 'AuthenticationError',
  INVALID_REFRESH_TOKEN: 'AuthenticationError',
  INVALID_MAIL_TOKEN: 'AuthenticationError',
  REAUTHENTICATION_REQUIRED: 'AuthenticationError',
  TWO_FACTOR_REQUIRED: 'TwoFactorRequired',
  FORBIDDEN: 'PermissionError',
  TWO_FACTOR_ENROLLMENT_REQUIRED: 'PermissionError',
  ACCOUNT_DISABLED: 'PermissionError',
  REGISTRATION_CLOSED: 'PermissionError',
  NOT_FOUND: 'NotFoundError',
  TOO_MANY_REQUESTS: 'RateLimitError',
  OVERLOADED: 'RateLimitError',
  // Only ever in `errors`, with status 503; never part of a result.
  SERVICE_UNAVAILABLE: 'RateLimitError',
}

/** A failure as an instance of its schema type; any other error is returned as it is, to be masked. */
export const asErrorValue = (error: unknown): unknown =>
  error instanceof Failure ? new errorTypes[errorTypeOf[error.code]](error.code, { ...error.details, message: error.message }) : error
