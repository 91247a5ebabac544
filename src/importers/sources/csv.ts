/**
 * Rows of CSV (RFC 4180) with a header, in constant memory, as objects by the names of the header. Empty cells are empty texts. Rows
 * are found here, so that one that is too long or wrong is reported in its place, and those after it are read; csv-parse reads them.
 */
import { parse } from 'csv-parse/sync'
import type { Document } from './document.ts'
import { linesOf } from './lines.ts'

/** How many rows are read at once, and about how many characters: a call costs as much as many rows. */
const BATCH = { rows: 64, characters: 1_048_576 }

/** The cells of each row; null if a row of them is wrong. */
const cellsOf = (rows: readonly string[], delimiter: string): string[][] | null => {
  try {
    const cells: string[][] = parse(rows.join('\n'), { delimiter, relax_column_count: true, record_delimiter: '\n' })
    return cells.length === rows.length ? cells : null
  } catch {
    return null
  }
}

const documentOf = (header: readonly string[], cells: readonly string[] | undefined, text: string): Document => {
  if (cells === undefined) return { reason: 'the row is not valid CSV: its quotes are wrong', given: text }
  if (cells.length !== header.length) {
    const counts = `the row has ${cells.length} cells, and the header ${header.length}`
    return { reason: cells.length < header.length ? `${counts}; it may have been cut off` : counts, given: text }
  }
  return { document: Object.fromEntries(header.map((name, index) => [name, cells[index]])) }
}

function* documentsOf(header: readonly string[], rows: readonly string[], delimiter: string): Generator<Document> {
  const all = cellsOf(rows, delimiter)
  for (const [index, text] of rows.entries()) yield documentOf(header, all?.[index] ?? cellsOf([text], delimiter)?.[0], text)
}

/** The names of the columns; or why there are none. */
const headerOf = (text: string, delimiter: string): readonly string[] | string => {
  const names = cellsOf([text], delimiter)?.[0]?.map((name) => name.trim())
  if (names === undefined) return 'the header is not valid CSV'
  const seen = new Set<string>()
  const twice = names.find((name) => name !== '' && (seen.has(name) || !seen.add(name)))
  return twice === undefined ? names : `the header names the column "${twice}" twice`
}

export async function* csvOf(source: AsyncIterable<Uint8Array>, delimiter = ','): AsyncGenerator<Document> {
  let header: readonly string[] | null = null
  let batch: string[] = []
  let characters = 0
  for await (const line of linesOf(source, true)) {
    if (header === null) {
      const found = 'reason' in line ? `the header ${line.reason}` : headerOf(line.text, delimiter)
      if (typeof found === 'string') return yield { reason: found, given: null }
      header = found
    } else if ('text' in line) {
      batch.push(line.text)
      characters += line.text.length
    }
    if (batch.length < BATCH.rows && characters < BATCH.characters && !('reason' in line)) continue
    yield* documentsOf(header, batch, delimiter)
    batch = []
    characters = 0
    if ('reason' in line) yield { reason: `the row ${line.reason}`, given: null }
  }
  if (header === null) yield { reason: 'the file is empty', given: null }
  else yield* documentsOf(header, batch, delimiter)
}
