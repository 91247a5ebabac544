/** Documents or rows, in whichever form the source is: a JSON array, or JSON Lines, or CSV with a header. Its first byte tells. */
import { csvOf } from './csv.ts'
import type { Document } from './document.ts'
import { jsonArrayOf } from './jsonArray.ts'
import { jsonLinesOf } from './jsonLines.ts'

const OPEN_ARRAY = 0x5b
const OPEN_OBJECT = 0x7b

/** Space, and a byte order mark. */
const isBefore = (byte: number): boolean => [0x20, 0x0a, 0x0d, 0x09, 0xef, 0xbb, 0xbf].includes(byte)

/** The first byte that counts, and the source as it was. */
const peek = async (source: AsyncIterable<Uint8Array>) => {
  const chunks = source[Symbol.asyncIterator]()
  const read: Uint8Array[] = []
  let first: number | undefined
  while (first === undefined) {
    const { value, done } = await chunks.next()
    if (done === true) break
    first = value.find((byte: number) => !isBefore(byte))
    // Nothing but space says nothing, so it is not kept.
    if (first !== undefined || read.length === 0) read.push(value)
  }
  const whole = async function* () {
    yield* read
    yield* { [Symbol.asyncIterator]: () => chunks }
  }
  return { first, whole: whole() }
}

export async function* jsonOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Document> {
  const { first, whole } = await peek(source)
  yield* first === OPEN_ARRAY ? jsonArrayOf(whole, null) : jsonLinesOf(whole)
}

export async function* rowsOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Document> {
  const { first, whole } = await peek(source)
  if (first === OPEN_ARRAY) yield* jsonArrayOf(whole, null)
  else if (first === OPEN_OBJECT) yield* jsonLinesOf(whole)
  else yield* csvOf(whole)
}
