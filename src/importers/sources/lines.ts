/**
 * Splits a stream of bytes into lines of UTF-8, in constant memory: a line that is too long, or is not UTF-8, is reported in its
 * place, and the lines after it are read.
 */
import { decoder, LONGEST, NO_UTF8, TOO_LONG } from './document.ts'

/** A line without its end; or, for the person who imports it, why it cannot be read. */
export type Line = { readonly text: string } | { readonly reason: string }

const NEWLINE = 10
const QUOTE = 0x22

const decode = (parts: readonly Uint8Array[]): Line => {
  try {
    const text = decoder.decode(Buffer.concat(parts))
    return { text: text.endsWith('\r') ? text.slice(0, -1) : text }
  } catch {
    return { reason: NO_UTF8 }
  }
}

const quotesIn = (part: Uint8Array): number => {
  let count = 0
  for (let at = part.indexOf(QUOTE); at !== -1; at = part.indexOf(QUOTE, at + 1)) count += 1
  return count
}

/**
 * Empty lines are left out. A byte order mark at the beginning is not part of the first line. With `isQuoted`, a line goes on where its
 * end stands between quotes, as in CSV.
 */
export async function* linesOf(source: AsyncIterable<Uint8Array>, isQuoted = false): AsyncGenerator<Line> {
  let parts: Uint8Array[] = []
  let length = 0
  let isFirst = true
  let isWithinQuotes = false
  const keep = (part: Uint8Array): void => {
    length += part.length
    // Of a line that is too long, nothing more is kept.
    if (length <= LONGEST) parts.push(part)
    else parts = []
  }
  const take = (): Line | null => {
    const line: Line = length > LONGEST ? { reason: TOO_LONG } : decode(parts)
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
      if (isQuoted && quotesIn(part) % 2 === 1) isWithinQuotes = !isWithinQuotes
      keep(part)
      start = end === -1 ? chunk.length : end + 1
      if (end === -1) continue
      if (isWithinQuotes) keep(chunk.subarray(end, end + 1))
      else {
        const line = take()
        if (line !== null) yield line
      }
    }
  }
  if (isWithinQuotes && length <= LONGEST) yield { reason: 'ends within quotes; the file may have been cut off' }
  else if (length > 0) {
    const line = take()
    if (line !== null) yield line
  }
}
