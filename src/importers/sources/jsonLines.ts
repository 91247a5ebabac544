/** JSON documents, one a line (JSON Lines, NDJSON), as `mongoexport` writes them. */
import { DEEPEST, type Document, TOO_DEEP } from './document.ts'
import { linesOf } from './lines.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Whether brackets are nested deeper than DEEPEST; those within texts do not count. */
const isTooDeep = (line: string): boolean => {
  let depth = 0
  let isInText = false
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at)
    if (isInText) {
      if (code === BACKSLASH) at += 1
      else if (code === QUOTE) isInText = false
    } else if (code === QUOTE) isInText = true
    else if (code === 0x7b || code === 0x5b) depth += 1
    else if (code === 0x7d || code === 0x5d) depth -= 1
    if (depth > DEEPEST) return true
  }
  return false
}

export async function* jsonLinesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Document> {
  for await (const line of linesOf(source)) {
    if ('reason' in line) yield { reason: `the line ${line.reason}`, given: null }
    else if (isTooDeep(line.text)) yield { reason: `the line ${TOO_DEEP}`, given: null }
    else {
      try {
        yield { document: JSON.parse(line.text) }
      } catch {
        yield { reason: 'the line is not valid JSON; it may have been cut off', given: line.text }
      }
    }
  }
}
