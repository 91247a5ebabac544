/** What the database already has of a batch of accounts. One statement. */
import { Prisma } from '../../db/generated/client.ts'
import { identifierKey } from '../accounts/identifiers.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { findDryRunRows, type Sought } from './findDryRunRows.ts'

const { sql } = Prisma

/** Who has an identifier. */
export interface Holder {
  readonly userId: string
  /** The account no longer uses it, and nobody else may take it yet. */
  readonly isReserved: boolean
}

/** What is compared to find out whether a record is about the same person. Identifiers in normal form. */
export interface Person {
  readonly username: string
  readonly email: string | null
  readonly isVerified: boolean
  /** Whether it administers, or has scopes. */
  readonly hasRights: boolean
  readonly isDisabled: boolean
}

export interface Existing {
  /** The accounts by their id: those with an id of the batch, and all holders. */
  readonly people: ReadonlyMap<string, Person>
  /** By an identifier in normal form. */
  readonly holders: ReadonlyMap<string, Holder>
  /** The digests of records that came before, and whose account is still there. */
  readonly known: ReadonlySet<string>
  /** The hashes of tokens that are in use. */
  readonly tokens: ReadonlySet<string>
}

interface Row {
  readonly kind: 'id' | 'identifier' | 'digest' | 'token'
  readonly value: string
  readonly userId: string
  readonly isReserved: boolean
  readonly username: string
  readonly email: string | null
  readonly isVerified: boolean
  readonly hasRights: boolean
  readonly isDisabled: boolean
}

/** `dryRunId`: of the dry run whose records count as written; null for an import. */
export const findExisting = async (
  { clock }: Pick<Domain, 'clock'>,
  tx: Tx,
  sought: Sought,
  dryRunId: string | null,
): Promise<Existing> => {
  const { ids, keys, digests, tokens } = sought
  const person = sql`username, email, email_verified_at IS NOT NULL AS "isVerified", is_admin OR cardinality(scopes) > 0 AS "hasRights",
    login_disabled AS "isDisabled"`
  const nobody = sql`false AS "isReserved", '' AS username, NULL AS email, false AS "isVerified", false AS "hasRights", false AS "isDisabled"`
  const rows = await tx.$queryRaw<Row[]>(sql`
    SELECT 'id' AS kind, id AS value, id AS "userId", false AS "isReserved", ${person} FROM users WHERE id = ANY(${ids}::text[])
    UNION ALL
    SELECT 'identifier', value, user_id, reserved_until IS NOT NULL, ${person} FROM identifiers JOIN users ON users.id = user_id
      WHERE value = ANY(${keys}::text[]) AND (reserved_until IS NULL OR reserved_until > ${clock.now()}::timestamptz)
    UNION ALL
    SELECT 'digest', digest, user_id, ${nobody} FROM import_records
      WHERE digest = ANY(${digests}::text[]) AND undone_at IS NULL AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id)
    UNION ALL
    SELECT 'token', hash, '', ${nobody} FROM opaque_tokens WHERE hash = ANY(${tokens}::text[])`)
  if (dryRunId !== null) rows.push(...(await findDryRunRows<Row>(tx, dryRunId, sought)))
  const of = (...kinds: Row['kind'][]) => rows.filter(({ kind }) => kinds.includes(kind))
  const personOf = ({ username, email, isVerified, hasRights, isDisabled }: Row): Person => ({
    username: identifierKey(username),
    email: email === null ? null : identifierKey(email),
    isVerified,
    hasRights,
    isDisabled,
  })
  return {
    people: new Map(of('id', 'identifier').map((row) => [row.userId, personOf(row)])),
    holders: new Map(of('identifier').map(({ value, userId, isReserved }) => [value, { userId, isReserved }])),
    known: new Set(of('digest').map(({ value }) => value)),
    tokens: new Set(of('token').map(({ value }) => value)),
  }
}
