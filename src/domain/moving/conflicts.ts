/** What the database already has of a batch of accounts. One statement. */
import { Prisma } from '../../db/generated/client.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import type { PreparedAccount } from './preparedAccount.ts'

const { sql } = Prisma

export interface Existing {
  /** The accounts that have one of the ids. */
  readonly ids: ReadonlySet<string>
  /** Who has an identifier in normal form, or has it reserved. */
  readonly holders: ReadonlyMap<string, string>
  /** The accounts that came from the very same records, by the digest of the record. */
  readonly known: ReadonlyMap<string, string>
  /** The hashes of tokens that are in use. */
  readonly tokens: ReadonlySet<string>
}

interface Row {
  readonly kind: 'id' | 'identifier' | 'digest' | 'token'
  readonly value: string
  readonly userId: string
}

/** `keys`: the identifiers to look for, in normal form. */
export const findExisting = async (
  { clock }: Pick<Domain, 'clock'>,
  tx: Tx,
  batch: readonly PreparedAccount[],
  keys: readonly string[],
): Promise<Existing> => {
  const ids = batch.map(({ id }) => id)
  const digests = batch.map(({ digest }) => digest)
  const hashes = batch.flatMap(({ sessions }) => sessions.map(({ token_hash }) => token_hash))
  const rows = await tx.$queryRaw<Row[]>(sql`
    SELECT 'id' AS kind, id AS value, id AS "userId" FROM users WHERE id = ANY(${ids}::text[])
    UNION ALL
    SELECT 'identifier', value, user_id FROM identifiers
      WHERE value = ANY(${keys}::text[]) AND (reserved_until IS NULL OR reserved_until > ${clock.now()}::timestamptz)
    UNION ALL
    SELECT 'digest', digest, user_id FROM import_records
      WHERE digest = ANY(${digests}::text[]) AND undone_at IS NULL AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id)
    UNION ALL
    SELECT 'token', hash, '' FROM opaque_tokens WHERE hash = ANY(${hashes}::text[])`)
  const of = (kind: Row['kind']) => rows.filter((row) => row.kind === kind).map(({ value, userId }) => [value, userId] as const)
  const only = (kind: Row['kind']) => new Set(of(kind).map(([value]) => value))
  return { ids: only('id'), holders: new Map(of('identifier')), known: new Map(of('digest')), tokens: only('token') }
}
