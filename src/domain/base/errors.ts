/**
 * All expected failures. Each surface maps every code to its own form (`src/graphql/errorTypes.ts`, `src/rest/<dialect>/errors.ts`), so
 * a new code does not compile until every surface has a form for it. Any other error is a bug: it is logged, and the client sees a
 * generic message.
 */
import type { Scope } from './scopes.ts'

export const errorCodes = {
  INVALID_INPUT: 'The input breaks a rule; `fieldErrors` says which.',
  IDENTIFIER_REQUIRED: 'An account needs a username or an e-mail address.',
  EMAIL_TAKEN: 'Another account has this e-mail address (or has it as its username).',
  USERNAME_TAKEN: 'Another account has this username (or has it as its e-mail address).',
  EMAIL_UNKNOWN: 'No account has this e-mail address. Used only where a legacy document requires it.',
  WRONG_PASSWORD: 'The current password that was given as a proof is wrong.',
  WRONG_CODE: 'The second-factor code that was given as a proof is wrong.',
  UNAUTHENTICATED: 'The operation needs a session, and the request has no live one.',
  BAD_CREDENTIALS: 'Unknown account or wrong password; the answer does not say which.',
  TWO_FACTOR_REQUIRED: 'The password is right and the account has a second factor: continue with `loginCode`.',
  INVALID_TWO_FACTOR_CODE: 'The second-factor code is wrong, or was used before.',
  INVALID_LOGIN_CODE: 'The login code is unknown, already used or expired: sign in again.',
  INVALID_REFRESH_TOKEN: 'The refresh token is unknown, already used, expired or revoked.',
  INVALID_MAIL_TOKEN: 'The token or code from the mail is unknown, already used or expired.',
  REAUTHENTICATION_REQUIRED: 'The last password or code check of this session is too long ago: call `reauthenticate`.',
  FORBIDDEN: 'The session may not do this.',
  TWO_FACTOR_ENROLLMENT_REQUIRED: 'Administrators need a second factor here: enrol one, then go on.',
  ACCOUNT_DISABLED: 'Sign-in to this account is disabled; reported only after a correct password.',
  REGISTRATION_CLOSED: 'Only administrators create accounts here.',
  NOT_FOUND: 'There is no such account or object.',
  LAST_ADMIN: 'The last enabled administrator cannot be deleted, disabled or demoted.',
  OWN_ACCOUNT: 'An administrator cannot do this to their own account.',
  TWO_FACTOR_ALREADY_ENABLED: 'The account already has a second factor.',
  TWO_FACTOR_NOT_ENABLED: 'The account has no second factor, or its enrolment has not begun.',
  EMAIL_ALREADY_VERIFIED: 'No address of this account waits for verification.',
  TOO_MANY_TOKENS: 'The account has reached its limit of personal access tokens: revoke one first.',
  TOO_MANY_WEBHOOKS: 'There are as many webhooks as LIMIT_WEBHOOKS allows: delete one first.',
  TOO_MANY_REQUESTS: 'Too many attempts: try again after `retryAfter` seconds.',
  OVERLOADED: 'The server has more work than it can do: try again after `retryAfter` seconds.',
  SERVICE_UNAVAILABLE: 'The database does not answer just now: try again after `retryAfter` seconds.',
} as const

/** A stable name of an expected failure. */
export type ErrorCode = keyof typeof errorCodes

/** What is wrong with one field. `message` is for people. */
export interface FieldError {
  readonly field: string
  readonly message: string
}

export interface FailureDetails {
  readonly message?: string
  readonly fieldErrors?: readonly FieldError[]
  /** Whole seconds to wait before trying again. */
  readonly retryAfter?: number
  /** With TWO_FACTOR_REQUIRED: what `verifyTwoFactor` needs, and when it expires. */
  readonly loginCode?: string
  readonly expiresAt?: Date
  /** With FORBIDDEN: the scope that was missing. */
  readonly missingScope?: Scope
  /** With UNAUTHENTICATED: a token was presented, and is dead. */
  readonly isTokenDead?: true
}

/**
 * An expected failure of an operation. The message may be shown to anybody. `userId`, the account that it is about, and `countedAs`
 * are only for the audit log.
 */
export class Failure extends Error {
  readonly code: ErrorCode
  readonly details: FailureDetails
  userId: string | null = null
  countedAs: string | null = null
  constructor(code: ErrorCode, details: FailureDetails = {}) {
    super(details.message ?? errorCodes[code])
    this.name = 'Failure'
    this.code = code
    this.details = details
  }
  /** Notes the account that the failure is about; null or undefined if there is no such account. */
  about(userId: string | null | undefined, countedAs: string | null = userId ?? null): this {
    this.userId = userId ?? null
    this.countedAs = countedAs
    return this
  }
}

/** For `catch`: rethrows the error; a failure is noted as being about this account. */
export const failingFor =
  (userId: string | null | undefined, countedAs?: string) =>
  (error: unknown): never => {
    throw error instanceof Failure ? error.about(userId, countedAs) : error
  }

/** A failure caused by one field. */
export const fieldFailure = (code: ErrorCode, field: string, message: string): Failure =>
  new Failure(code, { message, fieldErrors: [{ field, message }] })
