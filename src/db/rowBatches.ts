/** Reads all rows of a table, or of a query, in batches by a cursor: constant memory, whatever their number. Only within a transaction. */
import type { Prisma } from './generated/client.ts'

type Tx = Prisma.TransactionClient

/** Rows at a time: of the widest table a few hundred KB. */
export const BATCH = 500

export interface Column {
  readonly name: string
  /** As PostgreSQL names it, such as `bigint`. */
  readonly type: string
}

/** The columns of a table, in their order. */
export const columnsOf = async (db: Tx, table: string): Promise<Column[]> =>
  await db.$queryRaw<Column[]>`SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
    WHERE attrelid = ${table}::text::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`

export const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** The columns of the primary key, by which rows are sorted. */
export const keyOf = async (db: Tx, table: string): Promise<string[]> => {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT attname AS name FROM pg_index, unnest(indkey) WITH ORDINALITY AS part (number, place)
      JOIN pg_attribute ON attnum = part.number
    WHERE indrelid = ${table}::text::regclass AND attrelid = indrelid AND indisprimary ORDER BY place`
  return rows.map(({ name }) => name)
}

/** The rows of `select`, each as the text of a JSON object. */
export async function* rowBatches(db: Tx, select: string): AsyncGenerator<readonly string[]> {
  await db.$executeRawUnsafe(`DECLARE vestibule_rows NO SCROLL CURSOR FOR SELECT row_to_json(row)::text AS text FROM (${select}) AS row`)
  for (;;) {
    const rows = await db.$queryRawUnsafe<{ text: string }[]>(`FETCH ${BATCH} FROM vestibule_rows`)
    if (rows.length > 0) yield rows.map(({ text }) => text)
    if (rows.length < BATCH) break
  }
  await db.$executeRawUnsafe('CLOSE vestibule_rows')
}

/** Writes rows, each the text of a JSON object with these columns. Call it in a transaction. */
export const insertRows = async (db: Tx, table: string, columns: readonly string[], rows: readonly string[]): Promise<void> => {
  const list = columns.map(quotedName).join(', ')
  const name = quotedName(table)
  await db.$executeRawUnsafe(
    `INSERT INTO ${name} (${list}) SELECT ${list} FROM json_populate_recordset(NULL::${name}, $1::text::json)`,
    `[${rows.join(',')}]`,
  )
}
