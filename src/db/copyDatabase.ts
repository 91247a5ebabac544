/**
 * Copies a whole database into an empty one, which may be of the other kind: all rows as they are, sequences, and a comparison of every
 * table at the end. The copy is one transaction: until it is complete the target stays empty. Cost: memory for one batch of rows.
 */
import type { Database } from './database.ts'
import type { Prisma } from './generated/client.ts'
import { longTransaction } from './longTransaction.ts'
import { columnsOf, insertRows, keyOf, quotedName, rowBatches } from './rowBatches.ts'
import { readSequences, setSequences } from './sequences.ts'
import { StartupError } from './startupError.ts'
import { type Ask, differences, type TableSums, tableNames, tableSums } from './tableSums.ts'

type Tx = Prisma.TransactionClient

const asking =
  (db: Tx): Ask =>
  async (sql) =>
    await db.$queryRawUnsafe<Record<string, unknown>[]>(sql)

/** Our tables, each after those that it refers to. */
export const tablesInOrder = async (db: Tx): Promise<string[]> => {
  const references = await db.$queryRaw<{ from: string; to: string }[]>`
    SELECT conrelid::regclass::text AS "from", confrelid::regclass::text AS "to" FROM pg_constraint
    WHERE contype = 'f' AND conrelid <> confrelid AND connamespace = current_schema()::regnamespace`
  const ordered: string[] = []
  const visit = (table: string): void => {
    if (ordered.includes(table)) return
    for (const { from, to } of references) if (from === table) visit(to)
    ordered.push(table)
  }
  for (const table of await tableNames(asking(db))) visit(table)
  return ordered
}

/** @throws {StartupError} if a table has rows, other than those of `except` */
export const requireEmpty = async (db: Tx, where: string, except: readonly string[] = []): Promise<void> => {
  for (const table of await tableNames(asking(db))) {
    if (except.includes(table)) continue
    const found = await db.$queryRawUnsafe<unknown[]>(`SELECT 1 FROM ${quotedName(table)} LIMIT 1`)
    if (found.length > 0) throw new StartupError(`${where} is not empty: ${table} has rows. Nothing was changed`)
  }
}

export interface CopyListener {
  /** How many rows are copied, of how many. */
  progress(done: number, of: number): void
}

const copyTable = async (from: Tx, to: Tx, table: string, copied: (rows: number) => void): Promise<void> => {
  const columns = (await columnsOf(from, table)).map(({ name }) => name)
  const key = (await keyOf(from, table)).map(quotedName).join(', ')
  for await (const rows of rowBatches(from, `SELECT * FROM ${quotedName(table)} ORDER BY ${key}`)) {
    await insertRows(to, table, columns, rows)
    copied(rows.length)
  }
}

const copyAll = async (from: Tx, to: Tx, listener: CopyListener, signal: AbortSignal): Promise<TableSums> => {
  const expected = await tableSums(asking(from))
  const of = Object.values(expected).reduce((all, { rows }) => all + rows, 0)
  let done = 0
  for (const table of await tablesInOrder(from)) {
    await copyTable(from, to, table, (rows) => {
      if (signal.aborted) throw new StartupError('Interrupted: the target is left empty')
      done += rows
      listener.progress(done, of)
    })
  }
  await setSequences(to, await readSequences(from))
  const wrong = differences(expected, await tableSums(asking(to)))
  if (wrong.length > 0) throw new StartupError(`The copy differs: ${wrong.join(', ')}. The target is left empty`)
  return expected
}

/**
 * Both databases must have the same migrations, and the source no other user. The target must not limit the time of statements.
 * @returns what was copied, by table
 * @throws {StartupError} if the target is not empty, or the copy differs; the target is then as it was
 */
export const copyDatabase = async (source: Database, target: Database, listener: CopyListener, signal: AbortSignal): Promise<TableSums> =>
  await longTransaction(
    source.client,
    async (from) =>
      await longTransaction(target.client, async (to) => {
        await requireEmpty(to, 'The target')
        return await copyAll(from, to, listener, signal)
      }),
  )
