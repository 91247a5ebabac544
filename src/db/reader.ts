/**
 * Reads a row by its key with a named statement: what every request needs and what takes constant time, so that nothing waits long behind
 * anything else. PostgreSQL answers it on pipelined connections (`pipelinedReader.ts`), PGlite on its only one.
 */
import type { StatementListener } from './statements.ts'

export interface ReadStatement {
  readonly name: string
  /** Every column that it selects has the type `text`. */
  readonly text: string
}

/** The columns of a row, as text. */
export type TextRow = readonly (string | null)[]

export interface Reader {
  /** The first row; undefined if there is none. */
  first(statement: ReadStatement, values: readonly string[]): Promise<TextRow | undefined>
}

/** A source of rows as PGlite offers it. */
interface Queries {
  query(sql: string, values: readonly unknown[]): Promise<{ readonly rows: readonly unknown[][] }>
}

/** The reader of the embedded database. */
export const embeddedReader = (database: Queries, onStatement?: StatementListener): Reader => ({
  async first({ text }, values) {
    onStatement?.(text)
    const { rows } = await database.query(text, values)
    return rows[0] as TextRow | undefined
  },
})
