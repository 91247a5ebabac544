/**
 * Adds counts of uses to the stored ones, in one transaction with three statements. Only one process writes at a time, so that the
 * limit on names of a day and dialect holds over all processes, and no deadlock occurs.
 *
 * Cost: reads the names of the day along the primary key.
 */
import type { Prisma, PrismaClient } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { createNames } from './clients.ts'
import type { Uses } from './uses.ts'

type Named = Pick<Uses, 'day' | 'dialect' | 'client'>

const storedNames = async (tx: Prisma.TransactionClient, batch: readonly Uses[]): Promise<Named[]> => {
  const days = batch.map(({ day }) => day)
  const dialects = batch.map(({ dialect }) => dialect)
  return await tx.$queryRaw<Named[]>`
    SELECT DISTINCT day::text AS day, dialect, client FROM dialect_uses
    JOIN (SELECT DISTINCT * FROM unnest(${days}::text[]::date[], ${dialects}::text[]) AS given (day, dialect)) AS given USING (day, dialect)`
}

/** Counts with the same name are summed first, because the statement may touch a row only once. */
const add = async (tx: Prisma.TransactionClient, batch: readonly Uses[]): Promise<void> => {
  const column = (value: (uses: Uses) => string | number) => batch.map((uses) => String(value(uses)))
  const instants = (value: (uses: Uses) => number) => column((uses) => new Date(value(uses)).toISOString())
  await tx.$executeRaw`
    INSERT INTO dialect_uses (day, dialect, route, client, token_surface, requests, failures, first_at, last_at)
    SELECT day, dialect, route, client, token_surface, sum(requests), sum(failures), min(first_at), max(last_at)
    FROM unnest(
      ${column(({ day }) => day)}::text[]::date[], ${column(({ dialect }) => dialect)}::text[],
      ${column(({ route }) => route)}::text[], ${column(({ client }) => client)}::text[],
      ${column(({ tokenSurface }) => tokenSurface)}::text[],
      ${column(({ requests }) => requests)}::text[]::bigint[], ${column(({ failures }) => failures)}::text[]::bigint[],
      ${instants(({ firstAt }) => firstAt)}::text[]::timestamptz[], ${instants(({ lastAt }) => lastAt)}::text[]::timestamptz[])
      AS given (day, dialect, route, client, token_surface, requests, failures, first_at, last_at)
    GROUP BY day, dialect, route, client, token_surface
    ORDER BY day, dialect, route, client, token_surface
    ON CONFLICT (day, dialect, route, client, token_surface) DO UPDATE SET
      requests = dialect_uses.requests + excluded.requests,
      failures = dialect_uses.failures + excluded.failures,
      first_at = LEAST(dialect_uses.first_at, excluded.first_at),
      last_at = GREATEST(dialect_uses.last_at, excluded.last_at)`
}

/** Earlier counts of a batch take places of names before later ones. */
export async function writeUses(db: PrismaClient, batch: readonly Uses[]): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('dialect_uses'))`
    const names = createNames(await storedNames(tx, batch))
    await add(
      tx,
      batch.map((uses) => ({ ...uses, client: names.nameFor(uses) })),
    )
  })
}
