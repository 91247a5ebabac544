/**
 * The closed list of expected failures. It knows no surface: each surface has one exhaustive map from these codes to its
 * own form (`src/graphql/errors.ts`, `src/rest/<dialect>/errors.ts`), so that a new code does not compile until every
 * surface has a form for it. Anything that is not a `Failure` is a fault: masked outside, logged inside.
 */
export const errorCodes = {
  INVALID_INPUT: 'The input breaks a rule; `fieldErrors` says which.',
  IDENTIFIER_REQUIRED: 'An account needs a username or an e-mail address.',
  EMAIL_TAKEN: 'Another account has this e-mail address (or has it as its username).',
  USERNAME_TAKEN: 'Another account has this username (or has it as its e-mail address).',
  EMAIL_UNKNOWN: 'No account has this e-mail address; said only where a legacy document demands it.',
  WRONG_PASSWORD: 'The current password that was given as a proof is wrong.',
  WRONG_CODE: 'The second-factor code that was given as a proof is wrong.',
  UNAUTHENTICATED: 'The operation needs a session, and the request has no live one.',
  BAD_CREDENTIALS: 'No such account, or the wrong password: which of the two is never said.',
  TWO_FACTOR_REQUIRED: 'The password is right and the account has a second factor: go on with `loginCode`.',
  INVALID_TWO_FACTOR_CODE: 'The second-factor code is wrong, or was used before.',
  INVALID_LOGIN_CODE: 'The login code is unknown, spent or expired: sign in again.',
  INVALID_REFRESH_TOKEN: 'The refresh token is unknown, spent, expired or revoked.',
  INVALID_MAIL_TOKEN: 'The token or code from the mail is unknown, spent or expired.',
  REAUTHENTICATION_REQUIRED: 'The last password or code check of this session is too long ago: call `reauthenticate`.',
  FORBIDDEN: 'The session may not do this.',
  TWO_FACTOR_ENROLLMENT_REQUIRED: 'Administrators need a second factor here: enrol one, then go on.',
  ACCOUNT_DISABLED: 'The account may not sign in; said only after a correct password.',
  REGISTRATION_CLOSED: 'Only administrators create accounts here.',
  NOT_FOUND: 'There is no such account or object.',
  LAST_ADMIN: 'The last enabled administrator cannot be deleted, disabled or demoted.',
  OWN_ACCOUNT: 'An administrator cannot do this to their own account.',
  TWO_FACTOR_ALREADY_ENABLED: 'The account has a second factor already.',
  TWO_FACTOR_NOT_ENABLED: 'The account has no second factor, or no enrolment has begun.',
  EMAIL_ALREADY_VERIFIED: 'There is no address of this account that waits for a verification.',
  TOO_MANY_TOKENS: 'The account has as many personal access tokens as it may: revoke one first.',
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
  /** Whole seconds until another try makes sense. */
  readonly retryAfter?: number
  /** With TWO_FACTOR_REQUIRED: what `verifyTwoFactor` asks for, and its end. */
  readonly loginCode?: string
  readonly expiresAt?: Date
  /** With FORBIDDEN: the scope that was missing. */
  readonly missingScope?: string
}

/**
 * An expected failure of an operation. Its message may be shown to anybody; whose account it is about, and what it is counted
 * under, are for the audit log alone.
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
  /** The same failure, known to be about this account, or about none that there is. */
  about(userId: string | null | undefined, countedAs: string | null = userId ?? null): this {
    this.userId = userId ?? null
    this.countedAs = countedAs
    return this
  }
}

/** Rethrows what an account's part of the work failed with, and says that it was this account's. */
export const failingFor =
  (userId: string | null | undefined, countedAs?: string) =>
  (error: unknown): never => {
    throw error instanceof Failure ? error.about(userId, countedAs) : error
  }

/** A failure that one field is to blame for. */
export const fieldFailure = (code: ErrorCode, field: string, message: string): Failure =>
  new Failure(code, { message, fieldErrors: [{ field, message }] })
