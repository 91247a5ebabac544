/**
 * The lines of an export of everything: a type for each table, a line for each row. Fields have the names that the intermediate form of accounts
 * (`accountRecord.ts`) has for the same thing, and otherwise those of the columns in camel case. Numbers of 64 bits are texts.
 *
 * What is encrypted with SECRET_KEY in the database stands in the clear in an export with secrets, and is encrypted with the present key when
 * it is read.
 */
import type { Sequences } from '../../../db/sequences.ts'
import { signingKeyContext } from '../../keys/signingKeys.ts'
import { entryContext } from '../../outbox/queue.ts'
import { printTotp, readTotp, type TotpAlgorithm, totpContext } from '../../twoFactor/totp.ts'
import { previousSecretContext, secretContext } from '../../webhooks/signature.ts'

/** How the text in an envelope, or the value of a column, stands in a line. */
export interface Notation {
  write(stored: unknown): unknown
  read(given: unknown): unknown
}

interface Sealed {
  /** The column with the id that the envelope is bound to. */
  readonly boundTo: string
  readonly context: (id: string) => string
  readonly notation: Notation
}

export interface LineForm {
  readonly type: string
  readonly table: string
  /** Lines that only an export with secrets has. */
  readonly isSecret?: true
  /** Columns that only an export with secrets has. */
  readonly secrets?: readonly string[]
  /** Columns of envelopes; these are secrets too. */
  readonly sealed?: Readonly<Record<string, Sealed>>
  /** Names of fields that are not those of their columns. */
  readonly names?: Readonly<Record<string, string>>
  readonly notations?: Readonly<Record<string, Notation>>
}

const json: Notation = { write: (text) => JSON.parse(text as string), read: (given) => JSON.stringify(given) }

/** As `totp` of the intermediate form. */
const totp: Notation = {
  write(text) {
    const { algorithm, ...rest } = readTotp(text as string)
    return { ...rest, algorithm: algorithm.toUpperCase() }
  },
  read(given) {
    const { secret, digits, period, algorithm } = given as { secret: string; digits: 6 | 8; period: number; algorithm: string }
    return printTotp({ secret, digits, period, algorithm: algorithm.toLowerCase() as TotpAlgorithm })
  },
}

const factor = (boundTo: string): Sealed => ({ boundTo, context: totpContext, notation: totp })

const asItIs: Notation = { write: (text) => text, read: (given) => given }

/** False, or when. */
const verified: Notation = { write: (at) => at ?? false, read: (given) => (given === false ? null : given) }

/** Each table after those that it refers to. */
export const lineForms: readonly LineForm[] = [
  {
    type: 'account',
    table: 'users',
    secrets: ['password_hash'],
    sealed: { two_factor_secret: factor('id'), two_factor_pending: factor('id') },
    names: { email_verified_at: 'emailVerified', login_disabled: 'disabled', two_factor_secret: 'totp', two_factor_pending: 'pendingTotp' },
    notations: { email_verified_at: verified },
  },
  { type: 'identifier', table: 'identifiers' },
  { type: 'session', table: 'sessions' },
  { type: 'token', table: 'opaque_tokens', isSecret: true, names: { hash: 'tokenHash' } },
  { type: 'loginCode', table: 'login_codes', isSecret: true },
  { type: 'recoveryCode', table: 'recovery_codes', isSecret: true },
  { type: 'mailToken', table: 'mail_tokens', isSecret: true },
  {
    type: 'accountUndo',
    table: 'account_undos',
    isSecret: true,
    sealed: { two_factor_secret: factor('user_id') },
    names: { two_factor_secret: 'totp' },
  },
  {
    type: 'outboxEntry',
    table: 'outbox',
    sealed: { sealed: { boundTo: 'id', context: entryContext, notation: json } },
    names: { sealed: 'content' },
  },
  { type: 'mailShare', table: 'mail_shares' },
  { type: 'gatheredNotice', table: 'gathered_notices' },
  { type: 'knownDevice', table: 'known_devices' },
  { type: 'knownClient', table: 'known_clients' },
  // Hashes without a salt of what people typed, which may be a password.
  { type: 'typedFailure', table: 'typed_failures', isSecret: true },
  {
    type: 'signingKey',
    table: 'signing_keys',
    isSecret: true,
    sealed: { private_jwk: { boundTo: 'kid', context: signingKeyContext, notation: json } },
  },
  { type: 'claim', table: 'claims' },
  { type: 'auditEvent', table: 'audit_events', names: { type: 'event' } },
  {
    type: 'webhook',
    table: 'webhooks',
    isSecret: true,
    sealed: {
      secret: { boundTo: 'id', context: secretContext, notation: asItIs },
      previous_secret: { boundTo: 'id', context: previousSecretContext, notation: asItIs },
    },
  },
  { type: 'webhookDelivery', table: 'webhook_deliveries', isSecret: true },
  { type: 'dialectUse', table: 'dialect_uses' },
  { type: 'rateLimit', table: 'rate_limits' },
  { type: 'importRun', table: 'import_runs' },
  // Digests over records and rows, which have hashes.
  { type: 'importRecord', table: 'import_records', secrets: ['digest', 'state'] },
  { type: 'expectedHash', table: 'expected_hashes', isSecret: true },
]

const camelCase = (column: string): string => column.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())

/** The name of the field for a column. */
export const fieldOf = ({ names = {} }: LineForm, column: string): string => names[column] ?? camelCase(column)

export const isSecretColumn = ({ secrets = [], sealed = {} }: LineForm, column: string): boolean =>
  secrets.includes(column) || column in sealed

/** The first line. */
export interface Header {
  readonly type: 'header'
  readonly format: 'vestibule'
  readonly version: 1
  readonly exportedAt: string
  /** The last migration that the database has had. */
  readonly migration: string
  readonly withSecrets: boolean
  /** The last number of each sequence; null for none yet. */
  readonly sequences: Sequences
}

/** The last line, by which a file that was cut off is known. */
export interface End {
  readonly type: 'end'
  /** How many lines of each type there are. */
  readonly lines: Readonly<Record<string, number>>
}
