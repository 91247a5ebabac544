/**
 * Expected failures as types of the schema: one `Error` interface with a stable `code`, and one type for each way in which a front
 * end reacts. Every code has a type.
 */
import { GraphQLError } from 'graphql'
import { failuresOf, type OperationName } from '../domain/access/operationTable.ts'
import { type ErrorCode, Failure } from '../domain/base/errors.ts'
import { scopeName } from './scopeName.ts'

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
  TOO_MANY_WEBHOOKS: 'ConflictError',
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

/**
 * The union of a mutation: its success, and the failures that it can have. A caller who is not signed in gets an entry of `errors`
 * instead, which is where the clients' own mechanisms look for it.
 */
export const failsAs = (name: OperationName) => {
  const codes = failuresOf(name).filter((code) => code !== 'UNAUTHENTICATED')
  return {
    types: [...new Set(codes.map((code) => errorTypes[errorTypeOf[code]]))],
    union: { description: `The success of \`${name}\`, or one of its failures: ${codes.join(', ')}.` },
  }
}

/** A failure as an instance of its schema type; any other error is returned as it is, to be masked. */
export const asErrorValue = (error: unknown): unknown =>
  error instanceof Failure ? new errorTypes[errorTypeOf[error.code]](error.code, { ...error.details, message: error.message }) : error

/** A failure as an entry of `errors`, with its code and details in `extensions`, at the place of `error`. */
export const asGraphqlError = (failure: Failure, error: unknown): GraphQLError => {
  const { code, message, details } = failure
  const { fieldErrors, retryAfter, missingScope, isTokenDead } = details
  const extensions = {
    code,
    ...(fieldErrors === undefined ? {} : { fieldErrors }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(missingScope === undefined ? {} : { missingScope: scopeName(missingScope) }),
    ...(isTokenDead === true ? { http: { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } } } : {}),
  }
  const place = error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {}
  return new GraphQLError(message, { ...place, originalError: failure, extensions })
}
