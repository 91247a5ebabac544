/**
 * Caches of parsed and validated documents, bounded by their memory: 6 KB of text can become 1 MB of tokens and nodes, and anybody
 * may send any number of different documents. A document that is too large for the cache is parsed at each request.
 */
import type { Plugin } from '@envelop/core'
import { type DocumentNode, GraphQLError, type Source } from 'graphql'
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

/** The code and status of a document that cannot be parsed. */
const asParseFailure = (error: Error): Error => {
  if (error instanceof GraphQLError) Object.assign(error.extensions, { code: 'GRAPHQL_PARSE_FAILED', http: { spec: true, status: 400 } })
  return error
}

/** Parses and validates each document once, for as long as it is in the cache. */
export const useDocumentCaches = ({ documentCache, errorCache } = createDocumentCaches()): Plugin => {
  const validated = new WeakMap<DocumentNode, readonly Error[]>()
  return {
    onParse({ params: { source }, setParsedDocument }) {
      const text = typeof source === 'string' ? source : (source as Source).body
      const error = errorCache.get(text)
      if (error !== undefined) throw error
      const document = documentCache.get(text)
      if (document !== undefined) {
        setParsedDocument(document)
        return undefined
      }
      return ({ result }) => {
        if (result instanceof Error) errorCache.set(text, asParseFailure(result))
        else if (result !== null) documentCache.set(text, result)
      }
    },
    onValidate({ params: { documentAST }, setResult }) {
      const errors = validated.get(documentAST)
      if (errors !== undefined) {
        setResult(errors)
        return undefined
      }
      return ({ result }) => void validated.set(documentAST, result)
    },
  }
}
