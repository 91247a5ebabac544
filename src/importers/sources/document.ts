/** What all sources give, and the bounds of a document. */

/** A document; or, for the person who imports it, why it cannot be read, with what can be shown of it. */
export type Document = { readonly document: unknown } | { readonly reason: string; readonly given: unknown }

/** The most bytes of a document. */
export const LONGEST = 1_048_576

/** Deeper documents are refused: nothing that an account needs is as deep, and what reads them would need a deep stack. */
export const DEEPEST = 64

export const TOO_LONG = `has more than ${LONGEST} bytes`
export const TOO_DEEP = `has more than ${DEEPEST} levels of brackets`
export const NO_UTF8 = 'is not valid UTF-8'

/** Refuses what is not UTF-8, and keeps a byte order mark. */
export const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
