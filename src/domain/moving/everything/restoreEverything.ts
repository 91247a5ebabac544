/**
 * Reads an export of everything back into an empty database: the same rows, in one transaction, so that a file that is wrong or was cut off
 * changes nothing. Only an export with secrets can be read back, by the version that has the same migrations. Constant memory.
 */
import * as z from 'zod'
import { requireEmpty } from '../../../db/copyDatabase.ts'
import { lastMigration } from '../../../db/lastMigration.ts'
import { longTransaction } from '../../../db/longTransaction.ts'
import { columnsOf, insertRows, quotedName } from '../../../db/rowBatches.ts'
import { setSequences } from '../../../db/sequences.ts'
import { StartupError } from '../../../db/startupError.ts'
import type { Domain, Tx } from '../../frame/domain.ts'
import { type End, fieldOf, type LineForm, lineForms } from './lineForms.ts'

type Row = Record<string, unknown>

/** A line, or why it cannot be read. */
export type ReadLine = { readonly document: unknown } | { readonly reason: string }

const header = z.object({
  type: z.literal('header'),
  format: z.literal('vestibule'),
  version: z.literal(1),
  migration: z.string(),
  withSecrets: z.boolean(),
  sequences: z.record(z.string(), z.string().nullable()),
})
const end = z.object({ type: z.literal('end'), lines: z.record(z.string(), z.int()) })
const anyLine = z.looseObject({ type: z.string() })

/** Rows at a time, and about how many characters. */
const BATCH = { rows: 500, characters: 2_000_000 }

/** What the opening of a new database makes. */
const MADE_AT_START = ['signing_keys', 'rate_limits']

const refuse = (reason: string): never => {
  throw new StartupError(`${reason}. Nothing was changed`)
}

/** What the file says of itself, before anything is said of the database. */
const readHeader = (document: unknown): z.output<typeof header> => {
  const read = header.safeParse(document)
  if (!read.success) return refuse('The file is not an export of everything: its first line is no header of version 1')
  if (!read.data.withSecrets) return refuse('The export has no secrets, so nobody could sign in: make it with --with-secrets')
  return read.data
}

const requireMigration = async (db: Tx, migration: string): Promise<void> => {
  const own = await lastMigration(db)
  if (own !== migration)
    refuse(
      `The export is of a database with the migration ${migration}, and this one has ${own}: read it with the version that made it, and update then`,
    )
}

/** Leaves it without what its opening made. */
const requireEmptyDatabase = async (db: Tx): Promise<void> => {
  await requireEmpty(db, 'The database', MADE_AT_START)
  for (const table of MADE_AT_START) await db.$executeRawUnsafe(`DELETE FROM ${quotedName(table)}`)
}

interface Table {
  readonly form: LineForm
  /** The columns by their fields. */
  readonly columns: ReadonlyMap<string, string>
}

const tablesOf = async (db: Tx): Promise<ReadonlyMap<string, Table>> => {
  const tables = new Map<string, Table>()
  for (const form of lineForms) {
    const columns = await columnsOf(db, form.table)
    tables.set(form.type, { form, columns: new Map(columns.map(({ name }) => [fieldOf(form, name), name])) })
  }
  return tables
}

const rowOf = ({ secretBox }: Pick<Domain, 'secretBox'>, { form, columns }: Table, line: Row, number: number): Row => {
  const row: Row = {}
  for (const [field, given] of Object.entries(line)) {
    if (field === 'type') continue
    const column = columns.get(field) ?? refuse(`Line ${number}: ${form.type} has no field ${JSON.stringify(field.slice(0, 50))}`)
    row[column] = form.notations?.[column]?.read(given) ?? (form.notations?.[column] ? null : given)
  }
  for (const [column, { boundTo, context, notation }] of Object.entries(form.sealed ?? {}))
    if (row[column] != null) row[column] = secretBox.seal(notation.read(row[column]) as string, context(String(row[boundTo])))
  return row
}

/** @throws {StartupError} also for a field of another form, such as a text in the place of a second factor */
const soundRowOf = (domain: Pick<Domain, 'secretBox'>, table: Table, line: Row, number: number): Row => {
  try {
    return rowOf(domain, table, line, number)
  } catch (error) {
    if (error instanceof StartupError) throw error
    return refuse(`Line ${number}: a field of ${table.form.type} does not have its form`)
  }
}

/** Collects rows of one table with the same columns, and writes them. */
class Writer {
  private table = ''
  private columns: readonly string[] = []
  private rows: string[] = []
  private characters = 0
  private readonly db: Tx

  constructor(db: Tx) {
    this.db = db
  }

  async add(table: string, row: Row): Promise<void> {
    const columns = Object.keys(row)
    const isFull = this.rows.length >= BATCH.rows || this.characters >= BATCH.characters
    if (isFull || table !== this.table || columns.join() !== this.columns.join()) await this.flush()
    const text = JSON.stringify(row)
    this.table = table
    this.columns = columns
    this.rows.push(text)
    this.characters += text.length
  }

  async flush(): Promise<void> {
    if (this.rows.length > 0) await insertRows(this.db, this.table, this.columns, this.rows)
    this.rows = []
    this.characters = 0
  }
}

const restoreLines = async (
  domain: Pick<Domain, 'secretBox'>,
  db: Tx,
  source: AsyncIterable<ReadLine>,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<End['lines']> => {
  const writer = new Writer(db)
  const tables = await tablesOf(db)
  const lines: Record<string, number> = {}
  let expected: End['lines'] | undefined
  let number = 0
  for await (const read of source) {
    number += 1
    if (signal.aborted) refuse('Interrupted')
    if ('reason' in read) return refuse(`Line ${number}: ${read.reason}`)
    if (number === 1) {
      const { sequences, migration } = readHeader(read.document)
      await requireEmptyDatabase(db)
      await requireMigration(db, migration)
      await setSequences(db, sequences)
      continue
    }
    if (expected !== undefined) return refuse(`Line ${number} follows the end`)
    const ended = end.safeParse(read.document)
    if (ended.success) {
      expected = ended.data.lines
      continue
    }
    const line = anyLine.safeParse(read.document)
    const table = line.success ? tables.get(line.data.type) : undefined
    if (!line.success || table === undefined) return refuse(`Line ${number} is of no known type`)
    await writer.add(table.form.table, soundRowOf(domain, table, line.data, number))
    lines[table.form.type] = (lines[table.form.type] ?? 0) + 1
    if (number % BATCH.rows === 0) progress(number)
  }
  if (number === 0) return refuse('The file is empty')
  if (expected === undefined) return refuse('The file was cut off: its last line is not the end')
  await writer.flush()
  for (const [type, count] of Object.entries(expected))
    if ((lines[type] ?? 0) !== count) return refuse(`The file has ${lines[type] ?? 0} lines of ${type} instead of ${count}`)
  return lines
}

/**
 * @returns how many lines of each type were read
 * @throws {StartupError} if the database is not empty, or the file is not a whole export with secrets; then nothing was changed
 */
export const restoreEverything = async (
  domain: Pick<Domain, 'db' | 'secretBox'>,
  source: AsyncIterable<ReadLine>,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<End['lines']> => await longTransaction(domain.db, async (tx) => await restoreLines(domain, tx, source, progress, signal))
