/** Looks at the beginning of a source, which shows its form. */

/** Space, and a byte order mark. */
const isBefore = (byte: number): boolean => [0x20, 0x0a, 0x0d, 0x09, 0xef, 0xbb, 0xbf].includes(byte)

export interface Peeked {
  /** The first byte that counts; undefined if there is none. */
  readonly first: number | undefined
  /** The source, as it was. */
  readonly whole: AsyncIterable<Uint8Array>
}

export const peek = async (source: AsyncIterable<Uint8Array>): Promise<Peeked> => {
  const chunks = source[Symbol.asyncIterator]()
  const read: Uint8Array[] = []
  let first: number | undefined
  while (first === undefined) {
    const { value, done } = await chunks.next()
    if (done === true) break
    first = value.find((byte: number) => !isBefore(byte))
    // A chunk of nothing but space says nothing, so that no more than one is kept.
    if (first !== undefined || read.length === 0) read.push(value)
  }
  const whole = async function* () {
    yield* read
    yield* { [Symbol.asyncIterator]: () => chunks }
  }
  return { first, whole: whole() }
}
