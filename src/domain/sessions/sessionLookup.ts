/**
 * The one statement of every request with a token: the session and its account, by the id of the session or by the hash of an opaque token.
 * It is short to parse and always planned alike, so it takes constant time (`db/reader.ts`).
 */
import {
  asDate,
  asNullableDate,
  asNullableText,
  asText,
  asTextArray,
  type JsonColumns,
  rowReader,
  selectedColumns,
} from '../../db/jsonColumns.ts'
import type { ReadStatement } from '../../db/reader.ts'
import { accountJson } from '../accounts/accountJson.ts'
import type { Account } from '../frame/account.ts'
import type { Domain } from '../frame/domain.ts'
import type { SessionFacts } from '../frame/sessionFacts.ts'

const sessionColumns: JsonColumns<SessionFacts> = {
  id: ['id', asText],
  userId: ['user_id', asText],
  kind: ['kind', asText],
  name: ['name', asNullableText],
  scopes: ['scopes', asTextArray],
  surface: ['surface', asText],
  origin: ['origin', asNullableText],
  createdAt: ['created_at', asDate],
  expiresAt: ['expires_at', asDate],
  endedAt: ['ended_at', asNullableDate],
  lastSeenAt: ['last_seen_at', asDate],
  authenticatedAt: ['authenticated_at', asDate],
}

const COLUMNS = `${selectedColumns('s', sessionColumns)}, ${selectedColumns('u', accountJson)}`
const JOINED = 'JOIN users u ON u.id = s.user_id'

const BY_ID: ReadStatement = {
  name: 'session_by_id',
  text: `SELECT json_build_array(${COLUMNS})::text FROM sessions s ${JOINED} WHERE s.id = $1`,
}
const BY_HASH: ReadStatement = {
  name: 'session_by_token_hash',
  text: `SELECT json_build_array(${COLUMNS}, t.kind, t.expires_at, t.hash)::text FROM opaque_tokens t JOIN sessions s ON s.id = t.session_id ${JOINED} WHERE t.hash = $1`,
}

const ACCOUNT_START = Object.keys(sessionColumns).length
const TOKEN_START = ACCOUNT_START + Object.keys(accountJson).length

const readSession = rowReader(sessionColumns)
const readAccount = rowReader(accountJson, ACCOUNT_START)

export interface FoundSession {
  readonly session: SessionFacts
  readonly account: Account
}

export interface FoundToken extends FoundSession {
  readonly kind: string
  readonly expiresAt: Date
}

type Parts = Pick<Domain, 'reader'>

/** A connection or a pooler that mixed up answers would make one person another, so an answer has to be that to its question. */
const mustBe = (asked: string, answered: string): void => {
  if (answered !== asked) throw new Error('the database answered a look-up of a session with another session')
}

/** The session of an id, and its account; null if there is none. */
export async function findSessionById({ reader }: Parts, id: string): Promise<FoundSession | null> {
  const row = await reader.first(BY_ID, id)
  if (row === undefined) return null
  const session = readSession(row)
  mustBe(id, session.id)
  return { session, account: readAccount(row) }
}

/** The session of an opaque token, by the hash of the token. */
export async function findSessionByHash({ reader }: Parts, hash: string): Promise<FoundToken | null> {
  const row = await reader.first(BY_HASH, hash)
  if (row === undefined) return null
  const [kind, expiresAt, found] = row.slice(TOKEN_START)
  mustBe(hash, asText(found))
  return { session: readSession(row), account: readAccount(row), kind: asText(kind), expiresAt: asDate(expiresAt) }
}
