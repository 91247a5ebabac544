/** What an importer makes of a file. */
import type { SourceRecord } from '../../../src/domain/moving/importAccounts.ts'
import type { ImporterOptions } from '../../../src/importers/importer.ts'
import { importers } from '../../../src/importers/importers.ts'

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 13) yield bytes.subarray(at, at + 13)
}

export const recordsOf = async (name: string, file: string | readonly object[], options: ImporterOptions = {}): Promise<SourceRecord[]> => {
  const importer = importers.find((each) => each.name === name)
  if (importer === undefined) throw new Error(`there is no importer ${name}`)
  const text = typeof file === 'string' ? file : file.map((document) => `${JSON.stringify(document)}\n`).join('')
  const records: SourceRecord[] = []
  for await (const record of importer.read(chunks(text), options)) records.push(record)
  return records
}

/** The only record of a file, which is an account. */
export const accountOf = async (name: string, file: string | readonly object[], options: ImporterOptions = {}) => {
  const [record, ...more] = await recordsOf(name, file, options)
  if (record === undefined || 'reason' in record || more.length > 0)
    throw new Error(`not one account: ${JSON.stringify([record, ...more])}`)
  return { ...record, given: record.given as Record<string, unknown> }
}

/** Why records were refused. */
export const reasonsOf = async (name: string, file: string | readonly object[], options: ImporterOptions = {}): Promise<string[]> =>
  (await recordsOf(name, file, options)).flatMap((record) => ('reason' in record ? [record.reason] : []))
