/** The sequences of our tables: where each stands, for copies of a whole database. */
import type { Prisma } from './generated/client.ts'
import { quotedName } from './rowBatches.ts'

type Tx = Prisma.TransactionClient

/** The last number of each sequence, by its name; null where none was taken yet. */
export type Sequences = Readonly<Record<string, string | null>>

export const readSequences = async (db: Tx): Promise<Sequences> => {
  const rows = await db.$queryRaw<{ name: string; value: string | null }[]>`
    SELECT sequencename AS name, last_value::text AS value FROM pg_sequences WHERE schemaname = current_schema() ORDER BY sequencename`
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

export const setSequences = async (db: Tx, sequences: Sequences): Promise<void> => {
  for (const [name, value] of Object.entries(sequences))
    await db.$queryRaw`SELECT setval(${quotedName(name)}::text::regclass, ${value ?? '1'}::text::bigint, ${value !== null})`
}
