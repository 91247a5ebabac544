/**
 * The status of each failure as the contract has it, so that it is held apart from the forms, which are read from the mounts. What
 * a dialect's document prints otherwise stands under its name; one route differs from its dialect.
 */
import type { ErrorCode } from '../../src/domain/base/errors.ts'
import type { DialectCall, DialectName } from './dialectCalls.ts'

const statuses: Readonly<Record<ErrorCode, number>> = {
  INVALID_INPUT: 400,
  IDENTIFIER_REQUIRED: 400,
  EMAIL_TAKEN: 400,
  USERNAME_TAKEN: 400,
  EMAIL_UNKNOWN: 400,
  WRONG_PASSWORD: 400,
  WRONG_CODE: 400,
  UNAUTHENTICATED: 401,
  BAD_CREDENTIALS: 401,
  TWO_FACTOR_REQUIRED: 401,
  INVALID_TWO_FACTOR_CODE: 401,
  INVALID_LOGIN_CODE: 401,
  INVALID_REFRESH_TOKEN: 401,
  INVALID_MAIL_TOKEN: 401,
  REAUTHENTICATION_REQUIRED: 401,
  FORBIDDEN: 403,
  TWO_FACTOR_ENROLLMENT_REQUIRED: 403,
  ACCOUNT_DISABLED: 403,
  REGISTRATION_CLOSED: 403,
  NOT_FOUND: 404,
  LAST_ADMIN: 400,
  OWN_ACCOUNT: 400,
  TWO_FACTOR_ALREADY_ENABLED: 400,
  TWO_FACTOR_NOT_ENABLED: 400,
  EMAIL_ALREADY_VERIFIED: 400,
  TOO_MANY_TOKENS: 400,
  TOO_MANY_WEBHOOKS: 400,
  TOO_MANY_REQUESTS: 429,
  OVERLOADED: 503,
  SERVICE_UNAVAILABLE: 503,
}

const ofDialects: Readonly<Partial<Record<DialectName, Readonly<Partial<Record<ErrorCode, number>>>>>> = {
  idiot: { TWO_FACTOR_REQUIRED: 200 },
  wekan: { TWO_FACTOR_REQUIRED: 403, INVALID_TWO_FACTOR_CODE: 403 },
}

const ofPlaces: Readonly<Record<string, Readonly<Partial<Record<ErrorCode, number>>>>> = {
  'POST /auth/logout': { INVALID_REFRESH_TOKEN: 400 },
}

export const statusOf = ({ dialect, place }: DialectCall, code: ErrorCode): number =>
  ofPlaces[place]?.[code] ?? ofDialects[dialect]?.[code] ?? statuses[code]
