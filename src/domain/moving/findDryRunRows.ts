/** What a dry run would have written (`dryRunRows.ts`), for the records after it. */
import { Prisma } from '../../db/generated/client.ts'
import type { Tx } from '../frame/domain.ts'

const { sql } = Prisma

/** What to look for. */
export interface Sought {
  readonly ids: readonly string[]
  readonly keys: readonly string[]
  readonly digests: readonly string[]
  readonly tokens: readonly string[]
}

/** The rows of `findExisting` that a dry run adds. */
export const findDryRunRows = async <Row>(tx: Tx, runId: string, { ids, keys, digests, tokens }: Sought): Promise<Row[]> => {
  const of = (kind: string, values: readonly string[]) => sql`
    SELECT kind, value, user_id AS "userId", false AS "isReserved", coalesce(person->>'username', '') AS username, person->>'email' AS email,
      coalesce((person->>'isVerified')::boolean, false) AS "isVerified", coalesce((person->>'hasRights')::boolean, false) AS "hasRights",
      coalesce((person->>'isDisabled')::boolean, false) AS "isDisabled"
    FROM import_dry_run_rows WHERE run_id = ${runId} AND kind = ${kind} AND value = ANY(${values}::text[])`
  const all = [of('id', ids), of('identifier', keys), of('digest', digests), of('token', tokens)]
  return await tx.$queryRaw<Row[]>(Prisma.join(all, ' UNION ALL '))
}
