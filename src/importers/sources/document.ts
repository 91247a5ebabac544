/** What all sources give, and the bounds of a document. */

/** A document; or, for the person who imports it, why it cannot be read, with what can be shown of it. */
export type Document = { readonly document: unknown } | { readonly reason: string; readonly given: unknown }

/** The most bytes of a document. */
export const LONGEST = 1_048_576

/** Deeper documents are refused: nothing that an account needs is as deep, and what reads them would need a deep stack. */
export const DEEPEST = 64

/** The most values of a document, at all depths: each that is wrong costs a thousand times what its bytes do. */
const MOST_VALUES = 50_000

export const TOO_MANY = `has more than ${MOST_VALUES.toLocaleString('en-US')} values`

/** Looks at no more of them than that. */
export const hasTooMany = (document: unknown): boolean => {
  const waiting = [document]
  for (let seen = 0; waiting.length > 0; seen += 1) {
    if (seen + waiting.length > MOST_VALUES) return true
    const value = waiting.pop()
    if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) waiting.push(part)
  }
  return false
}

export const TOO_LONG = `has more than ${LONGEST} bytes`
export const TOO_DEEP = `has more than ${DEEPEST} levels of brackets`
export const NO_UTF8 = 'is not valid UTF-8'

/** Refuses what is not UTF-8, and keeps a byte order mark. */
export const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
