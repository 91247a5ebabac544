/**
 * Everything that is in a database, in a form in which two that are equal look equal. The tables and their columns are read
 * from the database itself, so that none is forgotten. Ids become their order of appearance in the audit log, random values
 * whether they are there; times stay, since both worlds have one clock. What else may differ is a line of `exceptions.ts`.
 */
import type { World } from '../support/world.ts'

export type Row = Record<string, unknown>
export type Tables = Record<string, Row[]>

/** Values that are random by their nature: kept is whether they are there. */
const RANDOM: readonly string[] = [
  'users.password_hash',
  'users.two_factor_secret',
  'users.two_factor_pending',
  'opaque_tokens.hash',
  'login_codes.hash',
  'recovery_codes.selector',
  'recovery_codes.hash',
  'mail_tokens.hash',
  'mail_tokens.code_hash',
  'account_undos.hash',
  'account_undos.two_factor_secret',
  'account_undos.recovery_codes',
  'outbox.id',
  'outbox.sealed',
  'signing_keys.kid',
  'signing_keys.public_jwk',
  'signing_keys.private_jwk',
]

/** Creation numbers: rows are compared in their order, without the numbers, of which a rollback leaves gaps. */
const ORDERED: Readonly<Record<string, string>> = { users: 'seq', audit_events: 'seq', outbox: 'seq', account_undos: 'seq' }

/** What of the large tables belongs to a time, and to the administrator whom all sequences share; a table that is not here is compared whole. */
const SCOPES: Readonly<Record<string, (since: string, root: string) => string>> = {
  users: (since, root) => `created_at >= '${since}' OR id = '${root}'`,
  identifiers: (since, root) => `user_id IN (SELECT id FROM users WHERE created_at >= '${since}' OR id = '${root}')`,
  recovery_codes: (since, root) => `user_id IN (SELECT id FROM users WHERE created_at >= '${since}' OR id = '${root}')`,
  known_devices: (since, root) => `user_id IN (SELECT id FROM users WHERE created_at >= '${since}' OR id = '${root}')`,
  known_clients: (since, root) => `user_id IN (SELECT id FROM users WHERE created_at >= '${since}' OR id = '${root}')`,
  sessions: (since) => `created_at >= '${since}'`,
  opaque_tokens: (since) => `created_at >= '${since}'`,
  login_codes: (since) => `created_at >= '${since}'`,
  mail_tokens: (since) => `created_at >= '${since}'`,
  mail_shares: (since) => `last_at >= '${since}'`,
  gathered_notices: (since) => `first_at >= '${since}'`,
  account_undos: (since) => `created_at >= '${since}'`,
  audit_events: (since) => `at >= '${since}'`,
  rate_limits: (since) => `expire >= ${Date.parse(since)}`,
}

/** The names of all tables. */
export async function tablesOf({ db }: World): Promise<string[]> {
  const rows = await db.client.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`
  return rows.map(({ name }) => name)
}

/** All rows since a moment, in one statement. */
export async function readTables(world: World, tables: readonly string[], since: string, root: string): Promise<Tables> {
  const parts = tables.map((name) => {
    const scope = SCOPES[name]?.(since, root) ?? 'true'
    return `(SELECT coalesce(json_agg(t ORDER BY ${ORDERED[name] ?? 't::text'}), '[]') FROM "${name}" t WHERE ${scope}) AS "${name}"`
  })
  const [found] = await world.db.client.$queryRawUnsafe<Tables[]>(`SELECT ${parts.join(', ')}`)
  if (found === undefined) throw new Error('nothing was read')
  return found
}

/** Names the ids that have no name yet, by the request in whose events they first appear. */
export function nameIds({ audit_events: events = [] }: Tables, names: Map<string, string>): void {
  const taken = new Set(names.values())
  const name = (id: unknown, kind: string, request: unknown) => {
    if (typeof id !== 'string' || names.has(id)) return
    let number = 1
    while (taken.has(`${kind} ${number} of ${request}`)) number += 1
    names.set(id, `${kind} ${number} of ${request}`)
    taken.add(`${kind} ${number} of ${request}`)
  }
  for (const { user_id: userId, actor_id: actorId, details, request_id: request } of events) {
    name(userId, 'account', request)
    name(actorId, 'account', request)
    name((details as { sessionId?: string }).sessionId, 'session', request)
  }
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/

/** A value in which ids are names, and times are written alike. */
export const named = (value: unknown, labels: ReadonlyMap<string, string>): unknown => {
  if (typeof value === 'string') return labels.get(value) ?? (TIME.test(value) ? new Date(value).toISOString() : value)
  if (Array.isArray(value)) return value.map((item) => named(item, labels))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, named(item, labels)]))
}

const plainValue = (place: string, value: unknown): unknown => {
  if (value !== null && RANDOM.includes(place)) return 'there'
  return place === 'rate_limits.key' ? String(value).replace(/:.*/s, '') : value
}

/** The tables with ids named and random values hidden; rows without an order of their own are sorted. */
export function plain(tables: Tables, labels: ReadonlyMap<string, string>): Tables {
  const plainRow = (table: string, row: Row): Row =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([column]) => ORDERED[table] !== column)
        .map(([column, value]) => [column, named(plainValue(`${table}.${column}`, value), labels)]),
    )
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [
      table,
      sorted(
        table,
        rows.map((row) => plainRow(table, row)),
      ),
    ]),
  )
}

/** Rows in their own order, or in that of their texts. */
export const sorted = (table: string, rows: readonly Row[]): Row[] => {
  if (ORDERED[table] !== undefined) return [...rows]
  const texts = new Map(rows.map((row) => [row, JSON.stringify(row)]))
  return [...rows].sort((one, other) => ((texts.get(one) ?? '') < (texts.get(other) ?? '') ? -1 : 1))
}

/** Columns and scopes that this file names and the database lacks: a renamed one must not be passed over. */
export async function unknownPlaces({ db }: World): Promise<string[]> {
  const rows = await db.client.$queryRaw<{ place: string }[]>`
    SELECT table_name || '.' || column_name AS place FROM information_schema.columns WHERE table_schema = 'public'`
  const places = new Set(rows.map(({ place }) => place))
  const tables = new Set(rows.map(({ place }) => place.split('.')[0]))
  const named = [...RANDOM, ...Object.entries(ORDERED).map(([table, column]) => `${table}.${column}`)]
  return [...named.filter((place) => !places.has(place)), ...Object.keys(SCOPES).filter((table) => !tables.has(table))]
}
