/**
 * Splits a stream of bytes into lines of UTF-8, in constant memory: a line that is too long, or is not UTF-8, is reported in its
 * place, and the lines after it are read.
 */

/** A line without its end; or, for the person who imports it, why it cannot be read. */
export type Line = { readonly text: string } | { readonly reason: string }

/** In bytes. */
const LONGEST = 1_048_576
const NEWLINE = 10

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const decode = (parts: readonly Uint8Array[]): Line => {
  try {
    const text = decoder.decode(Buffer.concat(parts))
    return { text: text.endsWith('\r') ? text.slice(0, -1) : text }
  } catch {
    return { reason: 'is not valid UTF-8' }
  }
}

/** Empty lines are left out. A byte order mark at the beginning is not part of the first line. */
export async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let parts: Uint8Array[] = []
  let length = 0
  let isFirst = true
  const take = (): Line | null => {
    const line: Line = length > LONGEST ? { reason: `has more than ${LONGEST} bytes` } : decode(parts)
    parts = []
    length = 0
    const wasFirst = isFirst
    isFirst = false
    if (!('text' in line)) return line
    const text = wasFirst ? line.text.replace(/^\uFEFF/, '') : line.text
    return text.trim() === '' ? null : { text }
  }
  for await (const chunk of source) {
    for (let start = 0; start < chunk.length; ) {
      const end = chunk.indexOf(NEWLINE, start)
      const part = chunk.subarray(start, end === -1 ? chunk.length : end)
      length += part.length
      // Of a line that is too long, nothing more is kept.
      if (length <= LONGEST) parts.push(part)
      else parts = []
      start = end === -1 ? chunk.length : end + 1
      if (end === -1) continue
      const line = take()
      if (line !== null) yield line
    }
  }
  if (length > 0) {
    const line = take()
    if (line !== null) yield line
  }
}
