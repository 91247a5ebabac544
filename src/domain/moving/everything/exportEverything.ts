/** Exports everything as lines of JSON (`lineForms.ts`), in constant memory. Call it with a snapshot of the database. */
import { lastMigration } from '../../../db/lastMigration.ts'
import { type Column, columnsOf, keyOf, quotedName, rowBatches } from '../../../db/rowBatches.ts'
import { readSequences } from '../../../db/sequences.ts'
import type { Domain, Tx } from '../../frame/domain.ts'
import { SecretBoxError } from '../../keys/secretBox.ts'
import { type End, fieldOf, type Header, isSecretColumn, type LineForm, lineForms } from './lineForms.ts'

type Row = Record<string, unknown>
type Parts = Pick<Domain, 'clock' | 'secretBox'> & { readonly db: Tx }

export interface EverythingOptions {
  readonly withSecrets: boolean
  readonly signal: AbortSignal
}

export interface EverythingListener {
  /** How many rows are written. */
  progress(done: number): void
  /** An encrypted value that no SECRET_KEY opens: it is left out. */
  lost(type: string, id: string): void
}

const selectOf = (form: LineForm, columns: readonly Column[], key: readonly string[]): string => {
  const list = columns.map(({ name, type }) => (type === 'bigint' ? `${quotedName(name)}::text` : quotedName(name)))
  return `SELECT ${list.join(', ')} FROM ${quotedName(form.table)} ORDER BY ${key.map((column) => `${quotedName(form.table)}.${quotedName(column)}`).join(', ')}`
}

/** The text in the envelope of a column; null for none, and for one that does not open, which is reported. */
const opened = ({ secretBox }: Parts, form: LineForm, row: Row, column: string, listener: EverythingListener): unknown => {
  const sealed = form.sealed?.[column]
  const envelope = row[column]
  if (sealed === undefined || typeof envelope !== 'string') return null
  const id = String(row[sealed.boundTo])
  try {
    return sealed.notation.write(secretBox.open(envelope, sealed.context(id)))
  } catch (error) {
    if (!(error instanceof SecretBoxError)) throw error
    listener.lost(form.type, id)
    return null
  }
}

const lineOf = (parts: Parts, form: LineForm, columns: readonly Column[], row: Row, listener: EverythingListener): string => {
  const line: Row = { type: form.type }
  for (const { name } of columns) {
    const value = form.sealed !== undefined && name in form.sealed ? opened(parts, form, row, name, listener) : row[name]
    line[fieldOf(form, name)] = form.notations?.[name]?.write(value) ?? value
  }
  return `${JSON.stringify(line)}\n`
}

/** `write` gets whole lines, many at a time. @returns how many lines of each type there are */
export async function exportEverything(
  parts: Parts,
  { withSecrets, signal }: EverythingOptions,
  write: (text: string) => Promise<void>,
  listener: EverythingListener,
): Promise<End['lines']> {
  const { db, clock } = parts
  const header: Header = {
    type: 'header',
    format: 'vestibule',
    version: 1,
    exportedAt: clock.now().toISOString(),
    migration: await lastMigration(db),
    withSecrets,
    sequences: await readSequences(db),
  }
  await write(`${JSON.stringify(header)}\n`)
  const lines: Record<string, number> = {}
  let done = 0
  for (const form of lineForms) {
    if (form.isSecret === true && !withSecrets) continue
    lines[form.type] = 0
    const columns = (await columnsOf(db, form.table)).filter(({ name }) => withSecrets || !isSecretColumn(form, name))
    for await (const batch of rowBatches(db, selectOf(form, columns, await keyOf(db, form.table)))) {
      signal.throwIfAborted()
      await write(batch.map((text) => lineOf(parts, form, columns, JSON.parse(text) as Row, listener)).join(''))
      lines[form.type] = (lines[form.type] ?? 0) + batch.length
      done += batch.length
      listener.progress(done)
    }
  }
  const end: End = { type: 'end', lines }
  await write(`${JSON.stringify(end)}\n`)
  return lines
}
