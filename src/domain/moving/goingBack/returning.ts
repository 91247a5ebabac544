/** Accounts as their origin gets them back, and the accounts that it has to delete. In batches, in the order of creation. */
import { asDate, asNullableDate } from '../../../db/jsonColumns.ts'
import { rowBatches } from '../../../db/rowBatches.ts'
import { type Domain, later, type Tx } from '../../frame/domain.ts'
import { SecretBoxError } from '../../keys/secretBox.ts'
import { openTotpSecret, readTotp, type Totp } from '../../twoFactor/totp.ts'
import { changedSince, isOurs, literal, type Since } from './since.ts'

export interface ReturningSession {
  readonly tokenHash: string
  readonly tokenCreatedAt: Date
  readonly surface: string
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly lastSeenAt: Date
  readonly clientAddress: string | null
  readonly userAgent: string | null
}

export interface ReturningAccount {
  /** For an account that came from the origin, its id there. */
  readonly id: string
  readonly username: string
  readonly email: string | null
  readonly emailVerifiedAt: Date | null
  readonly name: string
  readonly firstName: string
  readonly lastName: string | null
  readonly phone: string | null
  readonly bio: string | null
  readonly locale: string
  readonly isAdmin: boolean
  readonly disabled: boolean
  readonly scopes: readonly string[]
  readonly passwordHash: string | null
  readonly mustChangePassword: boolean
  readonly createdAt: Date
  readonly updatedAt: Date
  /** How it came here. `merged`: into an account of another id, so that its id in the origin is not known. */
  readonly came: 'imported' | 'merged' | 'made here'
  /**
   * Whether the password was changed here, or may have been; if not, that of the origin is still the right one, whatever hash there is now. The
   * audit log says so, and nothing does of an import that is older than its events (AUDIT_LIFE).
   */
  readonly passwordChanged: boolean
  readonly totp: Totp | null
  /** Live ones that an opaque token opens, such as those of Wekan. */
  readonly sessions: readonly ReturningSession[]
}

type Parts = Pick<Domain, 'clock' | 'config' | 'secretBox'> & { readonly db: Tx }

const isOf = (origin: string | null): string => (origin === null ? 'true' : `run.origin = ${literal(origin)}`)

/** What an import run did to an account: the last word of the runs of this origin. */
const record = (
  origin: string | null,
): string => `SELECT record.outcome, record.state, record.run_id, run.started_at FROM import_records AS record
  JOIN import_runs AS run ON run.id = record.run_id
  WHERE record.user_id = account.id AND ${isOf(origin)} AND record.undone_at IS NULL ORDER BY record.outcome, run.started_at LIMIT 1`

/** `oldest`: when the oldest events that are kept were written. */
const select = (origin: string | null, conditions: readonly string[], now: Date, oldest: Date): string => `
  SELECT account.id, username, email, email_verified_at, name, first_name, last_name, phone, bio, locale, is_admin, login_disabled, scopes, password_hash,
    must_change_password, account.created_at, account.updated_at, two_factor_secret, record.outcome,
    coalesce(record.started_at < ${literal(oldest.toISOString())}, false) OR EXISTS (SELECT 1 FROM audit_events AS event WHERE event.user_id = account.id
      AND event.type IN ('password.changed', 'password.reset', 'password.set', 'account.change_undone')) AS password_changed,
    coalesce((SELECT json_agg(json_build_object('tokenHash', token.hash, 'tokenCreatedAt', token.created_at, 'surface', session.surface,
        'createdAt', session.created_at, 'expiresAt', token.expires_at, 'lastSeenAt', session.last_seen_at,
        'clientAddress', session.client_address, 'userAgent', session.user_agent) ORDER BY token.created_at, token.hash)
      FROM sessions AS session JOIN opaque_tokens AS token ON token.session_id = session.id
      WHERE session.user_id = account.id AND token.kind IN ('resume', 'sess') AND session.ended_at IS NULL
        AND token.expires_at > ${literal(now.toISOString())}), '[]') AS sessions
  FROM users AS account LEFT JOIN LATERAL (${record(origin)}) AS record ON true
  ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`} ORDER BY account.seq`

type Times = 'tokenCreatedAt' | 'createdAt' | 'expiresAt' | 'lastSeenAt'

interface Row {
  readonly [column: string]: unknown
  readonly id: string
  readonly outcome: 'created' | 'merged' | null
  readonly two_factor_secret: string | null
  readonly sessions: readonly (Omit<ReturningSession, Times> & Readonly<Record<Times, string>>)[]
}

/** Null for one that no SECRET_KEY opens. */
const totpOf = (domain: Parts, { id, two_factor_secret: sealed }: Row): Totp | null => {
  if (sealed === null) return null
  try {
    return readTotp(openTotpSecret(domain as Domain, id, sealed))
  } catch (error) {
    if (error instanceof SecretBoxError) return null
    throw error
  }
}

const accountOf = (parts: Parts, row: Row): ReturningAccount => ({
  id: row.id,
  username: row.username as string,
  email: row.email as string | null,
  emailVerifiedAt: asNullableDate(row.email_verified_at),
  name: row.name as string,
  firstName: row.first_name as string,
  lastName: row.last_name as string | null,
  phone: row.phone as string | null,
  bio: row.bio as string | null,
  locale: row.locale as string,
  isAdmin: row.is_admin as boolean,
  disabled: row.login_disabled as boolean,
  scopes: row.scopes as string[],
  passwordHash: row.password_hash as string | null,
  mustChangePassword: row.must_change_password as boolean,
  createdAt: asDate(row.created_at),
  updatedAt: asDate(row.updated_at),
  came: row.outcome === null ? 'made here' : row.outcome === 'created' ? 'imported' : 'merged',
  passwordChanged: row.password_changed as boolean,
  totp: totpOf(parts, row),
  sessions: row.sessions.map((session) => ({
    ...session,
    tokenCreatedAt: asDate(session.tokenCreatedAt),
    createdAt: asDate(session.createdAt),
    expiresAt: asDate(session.expiresAt),
    lastSeenAt: asDate(session.lastSeenAt),
  })),
})

export interface Selection {
  /** The name of its importer; null for all. */
  readonly origin: string | null
  /** Only accounts that have changed. */
  readonly since: Since | null
  /** Only these accounts, a few hundred at most; or only those whose id the origin does not have. */
  readonly only?: { readonly ids: readonly string[] } | 'not imported'
}

const conditionsOf = ({ since, only }: Selection): string[] => [
  ...(since === null ? [] : [changedSince(since)]),
  ...(only === undefined
    ? []
    : [
        only === 'not imported'
          ? `record.outcome IS DISTINCT FROM 'created'`
          : `account.id IN (${only.ids.map(literal).join(', ') || 'NULL'})`,
      ]),
]

const selected = ({ clock, config }: Parts, { origin }: Selection, conditions: readonly string[]): string =>
  select(origin, conditions, clock.now(), later({ clock }, -config.AUDIT_LIFE))

export async function* returningAccounts(parts: Parts, selection: Selection): AsyncGenerator<readonly ReturningAccount[]> {
  for await (const rows of rowBatches(parts.db, selected(parts, selection, conditionsOf(selection))))
    yield rows.map((text) => accountOf(parts, JSON.parse(text) as Row))
}

/** How many accounts came from the origin, and are selected. */
export const countImported = async (parts: Parts, selection: Selection): Promise<number> => {
  const conditions = [...conditionsOf(selection), `record.outcome = 'created'`]
  const rows = await parts.db.$queryRawUnsafe<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM (${selected(parts, selection, conditions)}) AS selected`,
  )
  return rows[0]?.count ?? 0
}

/** The accounts that came from the origin and were deleted here, by their ids. */
export async function* deletedAccounts({ db }: Pick<Parts, 'db'>, { origin, since }: Selection): AsyncGenerator<readonly string[]> {
  const deleted = `SELECT DISTINCT record.user_id AS id FROM import_records AS record JOIN import_runs AS run ON run.id = record.run_id
    WHERE ${isOf(origin)} AND record.outcome = 'created' AND record.undone_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM users WHERE users.id = record.user_id) ${since === null ? '' : `AND ${isOurs(since)}`} ORDER BY 1`
  for await (const rows of rowBatches(db, deleted)) yield rows.map((text) => (JSON.parse(text) as { id: string }).id)
}
