/**
 * The documents that were parsed and validated a moment ago, bounded by what they weigh: text of 6 KB may come to 1 MB of tokens and
 * nodes, and anybody may send as many different ones as they like. What is too heavy is parsed anew each time, as is what was
 * pushed out.
 */
import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'

/** All remembered documents together, and one of them, in bytes. */
export const DOCUMENTS_BYTES = 32 * 1024 * 1024
export const DOCUMENT_BYTES = 2 * 1024 * 1024
/** All remembered syntax errors, each with its text. */
const ERRORS_BYTES = 1024 * 1024

/** Measured in V8: a token, its node, their places and what validation keeps of them come to 270 to 530 bytes. */
const TOKEN_BYTES = 640
const TEXT_BYTES = 2
const ENTRY_BYTES = 4_096

const tokensOf = ({ loc }: DocumentNode): number => {
  let count = 0
  for (let token = loc?.startToken ?? null; token !== null; token = token.next) count += 1
  return count
}

/** What a remembered document weighs, in bytes. */
export const weightOf = (document: DocumentNode, text: string): number =>
  ENTRY_BYTES + TEXT_BYTES * text.length + TOKEN_BYTES * tokensOf(document)

export const createDocumentCaches = () => ({
  documentCache: new LRUCache<string, DocumentNode>({
    maxSize: DOCUMENTS_BYTES,
    maxEntrySize: DOCUMENT_BYTES,
    sizeCalculation: weightOf,
  }),
  errorCache: new LRUCache<string, Error>({
    maxSize: ERRORS_BYTES,
    maxEntrySize: ERRORS_BYTES / 16,
    sizeCalculation: (_error, text) => ENTRY_BYTES + TEXT_BYTES * text.length,
  }),
})
