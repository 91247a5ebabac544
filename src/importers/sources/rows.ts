/** Documents or rows, in whichever form the source is: a JSON array, or JSON Lines, or CSV with a header. Its first byte shows which. */
import { csvOf } from './csv.ts'
import type { Document } from './document.ts'
import { jsonArrayOf } from './jsonArray.ts'
import { jsonLinesOf } from './jsonLines.ts'
import { peek } from './peek.ts'

const OPEN_ARRAY = 0x5b
const OPEN_OBJECT = 0x7b
const EMPTY: Document = { reason: 'the file is empty', given: null }

/** JSON alone. */
export async function* jsonOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Document> {
  const { first, whole } = await peek(source)
  if (first === undefined) yield EMPTY
  else yield* first === OPEN_ARRAY ? jsonArrayOf(whole, null) : jsonLinesOf(whole)
}

export async function* rowsOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Document> {
  const { first, whole } = await peek(source)
  if (first === undefined) yield EMPTY
  else if (first === OPEN_ARRAY) yield* jsonArrayOf(whole, null)
  else if (first === OPEN_OBJECT) yield* jsonLinesOf(whole)
  else yield* csvOf(whole)
}
