/** Files to import, and the database before and after. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type HowToRun, type Ran, runWords } from '../support/commands.ts'
import type { World } from '../support/world.ts'

let files = 0

/** A file of JSON Lines; a text is written as it is. */
export async function fileOf(directory: string, records: readonly unknown[] | string): Promise<string> {
  files += 1
  const path = join(directory, `records-${files}.jsonl`)
  const text = typeof records === 'string' ? records : records.map((record) => `${JSON.stringify(record)}\n`).join('')
  await writeFile(path, text)
  return path
}

export const importFile = async (world: World, file: string, options: readonly string[] = [], how: HowToRun = {}): Promise<Ran> =>
  await runWords(world, ['import', 'json', file, '--json', ...options], how)

export const undo = async (world: World, run: string): Promise<Ran> => await runWords(world, ['import', 'undo', run, '--yes', '--json'])

type Tables = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

/** What imports write, beside their own tables and the audit log, in a fixed order. */
const TABLES = ['users', 'identifiers', 'sessions', 'opaque_tokens', 'recovery_codes', 'expected_hashes'] as const

/** Numbers of creation leave gaps. Envelopes, and ids that nobody gave, are random. */
const RANDOM: Readonly<Record<string, readonly string[]>> = {
  users: ['seq', 'two_factor_secret'],
  sessions: ['id'],
  opaque_tokens: ['session_id'],
  recovery_codes: ['hash', 'sealed_key'],
}

/** All rows; values that are random by their nature are there or not. */
export async function dump(world: World, tables: readonly string[] = TABLES): Promise<Tables> {
  const found: Record<string, Record<string, unknown>[]> = {}
  for (const table of tables) {
    const rows = await world.db.client.$queryRawUnsafe<{ row: Record<string, unknown> }[]>(`SELECT row_to_json(t) AS row FROM ${table} t`)
    const plain = rows.map(({ row }) =>
      Object.fromEntries(
        Object.entries(row).map(([column, value]) => [column, RANDOM[table]?.includes(column) && value !== null ? 'there' : value]),
      ),
    )
    found[table] = plain.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
  }
  return found
}

/** The exact rows, with what is random, for what must not be touched at all. */
export const rawDump = async (world: World): Promise<string> => {
  const parts = TABLES.map((table) => `(SELECT coalesce(json_agg(t ORDER BY t::text), '[]')::text FROM ${table} t)`)
  const [row] = await world.db.client.$queryRawUnsafe<{ all: string }[]>(`SELECT ${parts.join(" || ' ' || ")} AS all`)
  return row?.all ?? ''
}
