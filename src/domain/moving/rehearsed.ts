/** What a dry run would have written (`rehearsal.ts`), for the records after it. */
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
export const rehearsed = async <Row>(tx: Tx, runId: string, { ids, keys, digests, tokens }: Sought): Promise<Row[]> => {
  const values = sql`(kind = 'id' AND value = ANY(${ids}::text[]) OR kind = 'identifier' AND value = ANY(${keys}::text[])
    OR kind = 'digest' AND value = ANY(${digests}::text[]) OR kind = 'token' AND value = ANY(${tokens}::text[]))`
  return await tx.$queryRaw<Row[]>`
    SELECT kind, value, user_id AS "userId", false AS "isReserved", coalesce(person->>'username', '') AS username, person->>'email' AS email,
      coalesce((person->>'isVerified')::boolean, false) AS "isVerified"
    FROM import_rehearsals WHERE run_id = ${runId} AND ${values}`
}
