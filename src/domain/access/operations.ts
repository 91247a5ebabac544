/**
 * Every operation: one row for each root field of the schema. What it asks of its caller is enforced in `operations.ts` of the domain (`me`
 * and `node` answer null instead); a route of a dialect may ask for more, never for less.
 */
import type { ChangeKind } from '../limits/limits.ts'
import type { Requirement } from './requirements.ts'

/** What an operation may change: sessions and their tokens only, or also what is kept of accounts and of the server. */
export type Effect = 'nothing' | 'sessions' | 'accounts'

interface OperationRow {
  readonly asks: Requirement
  /** A read-only dialect goes by it. */
  readonly changes: Effect
  /**
   * It tries or sets a secret, or anybody may run it: a request runs one such operation, once, so that no document multiplies attempts.
   * (`createUser` is not one: who may use it may also make many.)
   */
  readonly once?: true
  /**
   * The count of changes that it belongs to, where that is not the usual one: what an owner does against a stolen token is counted apart, so
   * that the thief cannot use it up.
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

/** The row of an operation, whatever columns it leaves out. */
export const operationOf = (name: OperationName): OperationRow => operations[name]
