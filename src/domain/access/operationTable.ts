/**
 * The table of operations: one row for each root field of the schema. `domain/operations.ts` enforces what an operation requires of
 * its caller (without a token, `me` and `node` answer null instead). A route of a dialect may require more, never less.
 */
import { type ErrorCode, errorCodes } from '../base/errors.ts'
import type { ChangeKind } from '../limits/limits.ts'
import { isOpen, type Requirement, refusalsOf } from './requirements.ts'

/** What an operation may change: only sessions and their tokens, or also accounts and the server. */
export type Effect = 'nothing' | 'sessions' | 'accounts'

interface OperationRow {
  readonly asks: Requirement
  /** A read-only dialect allows an operation or not by this. */
  readonly changes: Effect
  /**
   * It checks or sets a secret, or needs no session. A request may run only one such operation, once, so that a document cannot
   * multiply attempts. (`createUser` is not one: whoever may call it may create many accounts.)
   */
  readonly once?: true
  /**
   * The limit that its changes count towards, if not the usual one. What an owner does against a stolen token has a limit of its
   * own, so that the thief cannot use it up.
   */
  readonly countsAs?: ChangeKind
  /** How it can fail, in addition to the refusals of `asks` and, for a change, to the limit on changes (`failuresOf`). */
  readonly fails: readonly ErrorCode[]
}

/** What checks or sets a password, or signs somebody in, is limited, and waits in the queue of hashes. */
const hashed = ['TOO_MANY_REQUESTS', 'OVERLOADED'] as const

// biome-ignore format: a table is read by its columns
export const operations = {
  me:                         { asks: 'anyone',         changes: 'nothing', fails: [] },
  node:                       { asks: 'anyone',         changes: 'nothing', fails: [] },
  service:                    { asks: 'anyone',         changes: 'nothing', fails: [] },
  user:                       { asks: 'session',        changes: 'nothing', fails: ['INVALID_INPUT', 'NOT_FOUND'] },
  users:                      { asks: 'users:read',     changes: 'nothing', fails: ['INVALID_INPUT'] },
  auditEvents:                { asks: 'admin',          changes: 'nothing', fails: ['INVALID_INPUT'] },
  dialects:                   { asks: 'admin',          changes: 'nothing', fails: [] },
  dialectUses:                { asks: 'admin',          changes: 'nothing', fails: ['INVALID_INPUT'] },
  dialectUseDays:             { asks: 'admin',          changes: 'nothing', fails: ['INVALID_INPUT'] },
  signUp:                     { asks: 'registration',   changes: 'accounts', once: true, fails: ['INVALID_INPUT', 'IDENTIFIER_REQUIRED', 'EMAIL_TAKEN', 'USERNAME_TAKEN', ...hashed] },
  signIn:                     { asks: 'anyone',         changes: 'sessions', once: true, fails: ['INVALID_INPUT', 'BAD_CREDENTIALS', 'TWO_FACTOR_REQUIRED', 'INVALID_TWO_FACTOR_CODE', 'ACCOUNT_DISABLED', ...hashed] },
  verifyTwoFactor:            { asks: 'anyone',         changes: 'sessions', once: true, fails: ['INVALID_INPUT', 'INVALID_LOGIN_CODE', 'INVALID_TWO_FACTOR_CODE', 'BAD_CREDENTIALS', 'ACCOUNT_DISABLED', ...hashed] },
  refreshSession:             { asks: 'anyone',         changes: 'sessions', once: true, fails: ['INVALID_INPUT', 'INVALID_REFRESH_TOKEN', 'TOO_MANY_REQUESTS'] },
  signOut:                    { asks: 'anyone',         changes: 'sessions', once: true, fails: ['INVALID_INPUT', 'INVALID_REFRESH_TOKEN'] },
  signOutEverywhere:          { asks: 'interactive',    changes: 'sessions', countsAs: 'ends', fails: [] },
  endSession:                 { asks: 'interactive',    changes: 'sessions', countsAs: 'ends', fails: ['INVALID_INPUT', 'NOT_FOUND'] },
  endOtherSessions:           { asks: 'interactive',    changes: 'sessions', countsAs: 'ends', fails: [] },
  endUserSessions:            { asks: 'admin',          changes: 'sessions', fails: ['INVALID_INPUT', 'NOT_FOUND'] },
  createPersonalAccessToken:  { asks: 'step-up',        changes: 'sessions', fails: ['INVALID_INPUT', 'TOO_MANY_TOKENS'] },
  revokePersonalAccessToken:  { asks: 'interactive',    changes: 'sessions', countsAs: 'ends', fails: ['INVALID_INPUT', 'NOT_FOUND'] },
  reauthenticate:             { asks: 'interactive',    changes: 'sessions', once: true, fails: ['INVALID_INPUT', 'WRONG_PASSWORD', 'WRONG_CODE', ...hashed] },
  changePassword:             { asks: 'interactive',    changes: 'accounts', once: true, countsAs: 'password', fails: ['INVALID_INPUT', 'WRONG_PASSWORD', 'REAUTHENTICATION_REQUIRED', 'OVERLOADED'] },
  deleteAccount:              { asks: 'interactive',    changes: 'accounts', once: true, fails: ['INVALID_INPUT', 'WRONG_PASSWORD', 'WRONG_CODE', 'REAUTHENTICATION_REQUIRED', 'LAST_ADMIN', ...hashed] },
  requestPasswordReset:       { asks: 'anyone',         changes: 'accounts', once: true, fails: ['INVALID_INPUT', 'EMAIL_UNKNOWN', ...hashed] },
  resetPassword:              { asks: 'anyone',         changes: 'accounts', once: true, fails: ['INVALID_INPUT', 'INVALID_MAIL_TOKEN', ...hashed] },
  changeEmail:                { asks: 'step-up',        changes: 'accounts', once: true, fails: ['INVALID_INPUT', 'EMAIL_TAKEN', 'OVERLOADED'] },
  confirmEmail:               { asks: 'anyone',         changes: 'accounts', once: true, fails: ['INVALID_INPUT', 'INVALID_MAIL_TOKEN', 'EMAIL_TAKEN', ...hashed] },
  requestEmailVerification:   { asks: 'interactive',    changes: 'accounts', once: true, fails: ['EMAIL_ALREADY_VERIFIED', 'OVERLOADED'] },
  checkMailToken:             { asks: 'anyone',         changes: 'nothing', once: true, fails: ['INVALID_INPUT', 'INVALID_MAIL_TOKEN', 'TOO_MANY_REQUESTS'] },
  disownEmail:                { asks: 'anyone',         changes: 'accounts', once: true, fails: ['INVALID_INPUT', 'INVALID_MAIL_TOKEN', 'TOO_MANY_REQUESTS'] },
  undoAccountChange:          { asks: 'anyone',         changes: 'accounts', once: true, fails: ['INVALID_INPUT', 'INVALID_MAIL_TOKEN', 'EMAIL_TAKEN', ...hashed] },
  updateProfile:              { asks: 'interactive',    changes: 'accounts', fails: ['INVALID_INPUT'] },
  beginTwoFactorEnrollment:   { asks: 'step-up',        changes: 'accounts', fails: ['TWO_FACTOR_ALREADY_ENABLED', 'OVERLOADED'] },
  confirmTwoFactorEnrollment: { asks: 'step-up',        changes: 'accounts', once: true, fails: ['INVALID_INPUT', 'TWO_FACTOR_ALREADY_ENABLED', 'TWO_FACTOR_NOT_ENABLED', 'WRONG_CODE', 'OVERLOADED'] },
  disableTwoFactor:           { asks: 'step-up',        changes: 'accounts', once: true, fails: ['INVALID_INPUT', 'TWO_FACTOR_NOT_ENABLED', 'WRONG_PASSWORD', 'WRONG_CODE', 'OVERLOADED'] },
  regenerateRecoveryCodes:    { asks: 'step-up',        changes: 'accounts', once: true, fails: ['TWO_FACTOR_NOT_ENABLED', 'OVERLOADED'] },
  createUser:                 { asks: 'users:create',   changes: 'accounts', fails: ['INVALID_INPUT', 'IDENTIFIER_REQUIRED', 'EMAIL_TAKEN', 'USERNAME_TAKEN', 'OVERLOADED'] },
  inviteUser:                 { asks: 'users:create',   changes: 'accounts', fails: ['INVALID_INPUT', 'EMAIL_TAKEN', 'USERNAME_TAKEN', 'OVERLOADED'] },
  deleteUser:                 { asks: 'users:delete',   changes: 'accounts', fails: ['INVALID_INPUT', 'NOT_FOUND', 'LAST_ADMIN'] },
  setLoginEnabled:            { asks: 'admin',          changes: 'accounts', fails: ['INVALID_INPUT', 'NOT_FOUND', 'OWN_ACCOUNT', 'LAST_ADMIN'] },
  setAdmin:                   { asks: 'admin step-up',  changes: 'accounts', fails: ['INVALID_INPUT', 'NOT_FOUND', 'LAST_ADMIN'] },
  setScopes:                  { asks: 'admin step-up',  changes: 'accounts', fails: ['INVALID_INPUT', 'NOT_FOUND'] },
  resetTwoFactor:             { asks: 'admin step-up',  changes: 'accounts', fails: ['INVALID_INPUT', 'NOT_FOUND', 'OWN_ACCOUNT', 'TWO_FACTOR_NOT_ENABLED'] },
  rotateSigningKey:           { asks: 'admin step-up',  changes: 'accounts', fails: [] },
  signingKeys:                { asks: 'admin',          changes: 'nothing', fails: [] },
  waitingMails:               { asks: 'admin',          changes: 'nothing', fails: ['INVALID_INPUT'] },
  serverStatus:               { asks: 'admin',          changes: 'nothing', fails: [] },
  webhooks:                   { asks: 'admin',          changes: 'nothing', fails: ['INVALID_INPUT'] },
  webhookDeliveries:          { asks: 'admin',          changes: 'nothing', fails: ['INVALID_INPUT', 'NOT_FOUND'] },
  createWebhook:              { asks: 'admin step-up',  changes: 'accounts', fails: ['INVALID_INPUT', 'TOO_MANY_WEBHOOKS'] },
  updateWebhook:              { asks: 'admin step-up',  changes: 'accounts', fails: ['INVALID_INPUT', 'NOT_FOUND'] },
  deleteWebhook:              { asks: 'admin step-up',  changes: 'accounts', fails: ['INVALID_INPUT', 'NOT_FOUND'] },
  rotateWebhookSecret:        { asks: 'admin step-up',  changes: 'accounts', fails: ['INVALID_INPUT', 'NOT_FOUND'] },
  redeliverWebhook:           { asks: 'admin step-up',  changes: 'accounts', fails: ['INVALID_INPUT', 'NOT_FOUND'] },
} as const satisfies Record<string, OperationRow>

export type OperationName = keyof typeof operations

/** The row of an operation, typed with the optional columns. */
export const operationOf = (name: OperationName): OperationRow => operations[name]

/** Whether an operation counts towards the limit on changes of its caller's account. */
export const isCounted = (name: OperationName): boolean => {
  const { asks, changes } = operationOf(name)
  return changes !== 'nothing' && !isOpen(asks)
}

const codes = Object.keys(errorCodes) as ErrorCode[]

/** Every code that an operation can fail with, in the order of the list of codes. The database may be away from any of them. */
export const failuresOf = (name: OperationName): readonly ErrorCode[] => {
  const { asks, fails } = operationOf(name)
  const own = new Set<ErrorCode>([...refusalsOf(asks), ...fails, ...(isCounted(name) ? (['TOO_MANY_REQUESTS'] as const) : [])])
  return codes.filter((code) => own.has(code))
}
