/**
 * Caches of parsed and validated documents, bounded by their memory: 6 KB of text can become 1 MB of tokens and nodes, and anybody
 * may send any number of different documents. A document that is too large for the cache is parsed at each request.
 */
import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'

/** Limits for all cached documents together, and for one of them, in bytes. */
export const DOCUMENTS_BYTES = 32 * 1024 * 1024
export const DOCUMENT_BYTES = 2 * 1024 * 1024
/** Limit for all cached syntax errors, each with the document's text. */
const ERRORS_BYTES = 1024 * 1024

/** Measured in V8: a token with its node, locations and validation data takes 270 to 530 bytes. */
const TOKEN_BYTES = 640
const TEXT_BYTES = 2
const ENTRY_BYTES = 4_096

const tokensOf = ({ loc }: DocumentNode): number => {
  let count = 0
  for (let token = loc?.startToken ?? null; token !== null; token = token.next) count += 1
  return count
}

/** The memory that a cached document takes, in bytes (an upper estimate). */
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
