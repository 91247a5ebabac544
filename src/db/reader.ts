/**
 * Reads a row by its key with a named statement: what every request needs and what takes constant time, so that nothing waits long behind
 * anything else. PostgreSQL answers it on pipelined connections (`pipelinedReader.ts`) or on those of the pool, PGlite on its only one.
 */
import type pg from 'pg'
import type { StatementListener } from './statements.ts'

export interface ReadStatement {
  readonly name: string
  /** It has one parameter, and selects one column of the type `text`: an array in JSON (`jsonColumns.ts`). */
  readonly text: string
}

export interface Reader {
  /** The array of the first row; undefined if there is none. */
  first(statement: ReadStatement, value: string): Promise<readonly unknown[] | undefined>
}

/** One with connections. */
export interface ClosableReader extends Reader {
  /** Takes about two seconds at most. */
  end(): Promise<void>
}

/** The array in the first row of a result. */
export const arrayOf = (rows: readonly (readonly unknown[])[]): readonly unknown[] | undefined => {
  const text = rows[0]?.[0]
  return typeof text === 'string' ? JSON.parse(text) : undefined
}

/** The reader of a pool, which is closed elsewhere. */
export const pooledReader = (pool: pg.Pool): ClosableReader => ({
  async first({ text }, value) {
    const { rows } = await pool.query<unknown[]>({ text, values: [value], rowMode: 'array' })
    return arrayOf(rows)
  },
  end: async () => {},
})

/** A source of rows as PGlite offers it. */
interface Queries {
  query(sql: string, values: readonly unknown[]): Promise<{ readonly rows: readonly unknown[][] }>
}

/** The reader of the embedded database. */
export const embeddedReader = (database: Queries, onStatement?: StatementListener): Reader => ({
  async first({ text }, value) {
    onStatement?.(text)
    const { rows } = await database.query(text, [value])
    return arrayOf(rows)
  },
})
