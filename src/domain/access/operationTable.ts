/**
 * The table of operations: one row for each root field of the schema. `domain/operations.ts` enforces what an operation requires of
 * its caller (`me` and `node` answer null instead). A route of a dialect may require more, never less.
 */
import type { ChangeKind } from '../limits/limits.ts'
import type { Requirement } from './requirements.ts'

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
}

// biome-ignore format: a table is read by its columns
export const operations = {
  me:                         { asks: 'anyone',         changes: 'nothing' },
  node:                       { asks: 'anyone',         changes: 'nothing' },
  user:                       { asks: 'session',        changes: 'nothing' },
  users:                      { asks: 'users:read',     changes: 'nothing' },
  auditEvents:                { asks: 'admin',          changes: 'nothing' },
  dialectUses:                { asks: 'admin',          changes: 'nothing' },
  signUp:                     { asks: 'registration',   changes: 'accounts', once: true },
  signIn:                     { asks: 'anyone',         changes: 'sessions', once: true },
  verifyTwoFactor:            { asks: 'anyone',         changes: 'sessions', once: true },
  refreshSession:             { asks: 'anyone',         changes: 'sessions', once: true },
  signOut:                    { asks: 'anyone',         changes: 'sessions', once: true },
  signOutEverywhere:          { asks: 'interactive',    changes: 'sessions', countsAs: 'ends' },
  endSession:                 { asks: 'interactive',    changes: 'sessions', countsAs: 'ends' },
  endOtherSessions:           { asks: 'interactive',    changes: 'sessions', countsAs: 'ends' },
  endUserSessions:            { asks: 'admin',          changes: 'sessions' },
  createPersonalAccessToken:  { asks: 'step-up',        changes: 'sessions' },
  revokePersonalAccessToken:  { asks: 'interactive',    changes: 'sessions', countsAs: 'ends' },
  reauthenticate:             { asks: 'interactive',    changes: 'sessions', once: true },
  changePassword:             { asks: 'interactive',    changes: 'accounts', once: true, countsAs: 'password' },
  requestPasswordReset:       { asks: 'anyone',         changes: 'accounts', once: true },
  resetPassword:              { asks: 'anyone',         changes: 'accounts', once: true },
  changeEmail:                { asks: 'step-up',        changes: 'accounts', once: true },
  confirmEmail:               { asks: 'anyone',         changes: 'accounts', once: true },
  requestEmailVerification:   { asks: 'interactive',    changes: 'accounts', once: true },
  checkMailToken:             { asks: 'anyone',         changes: 'nothing', once: true },
  disownEmail:                { asks: 'anyone',         changes: 'accounts', once: true },
  undoAccountChange:          { asks: 'anyone',         changes: 'accounts', once: true },
  updateProfile:              { asks: 'interactive',    changes: 'accounts' },
  beginTwoFactorEnrollment:   { asks: 'step-up',        changes: 'accounts' },
  confirmTwoFactorEnrollment: { asks: 'step-up',        changes: 'accounts', once: true },
  disableTwoFactor:           { asks: 'step-up',        changes: 'accounts', once: true },
  regenerateRecoveryCodes:    { asks: 'step-up',        changes: 'accounts', once: true },
  createUser:                 { asks: 'users:create',   changes: 'accounts' },
  deleteUser:                 { asks: 'users:delete',   changes: 'accounts' },
  setLoginEnabled:            { asks: 'admin',          changes: 'accounts' },
  setAdmin:                   { asks: 'admin step-up',  changes: 'accounts' },
  setScopes:                  { asks: 'admin step-up',  changes: 'accounts' },
  resetTwoFactor:             { asks: 'admin step-up',  changes: 'accounts' },
  rotateSigningKey:           { asks: 'admin step-up',  changes: 'accounts' },
} as const satisfies Record<string, OperationRow>

export type OperationName = keyof typeof operations

/** The row of an operation, typed with the optional columns. */
export const operationOf = (name: OperationName): OperationRow => operations[name]
