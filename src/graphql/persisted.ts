/**
 * Persisted documents over HTTP: a request names a document by its id or SHA-256 instead of sending it, in the form of the GraphQL over
 * HTTP proposal (`documentId`, with or without `sha256:`; also `id`), Relay's (`doc_id`) or Apollo's (`extensions.persistedQuery`). With
 * PERSISTED_OPERATIONS_ONLY no other document runs, not even for an administrator; the text of a known document is accepted too.
 *
 * Requests cannot register documents. Without a manifest, a name alone is `PersistedQueryNotSupported`, after which Apollo's and urql's
 * clients send the text.
 *
 * A persisted document is treated like one that was sent: parsed and validated (both cached), and a mutation only by POST. The
 * dialects execute without HTTP, so none of this applies to them.
 */
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations'
import { createGraphQLError, type GraphQLParams, type Plugin } from 'graphql-yoga'
import { hashOf, type Manifest, withoutPrefix } from './manifest.ts'

interface Options {
  /** The documents that clients may name, if there are any. */
  readonly manifest: Manifest | undefined
  /** The documents that our own pages send as text. */
  readonly ownDocuments: readonly string[]
  /** Refuse all other documents. */
  readonly only: boolean
}

/** 400 for every Accept header: the request is malformed. */
const badRequest = (message: string, code = 'BAD_REQUEST') => createGraphQLError(message, { extensions: { code, http: { status: 400 } } })
/** 400, but 200 for `application/json`: the specification's status for errors before execution. */
const notRun = (message: string, code: string) => createGraphQLError(message, { extensions: { code, http: { status: 400, spec: true } } })

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (name: string, value: unknown): string | undefined => {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw badRequest(`"${name}" must be a string.`)
  return value
}

/** The parameters that name a document; `doc_id` is Relay's. */
const IDS = ['documentId', 'id', 'doc_id']
const PARAMETERS = new Set(['query', 'variables', 'operationName', 'extensions', ...IDS])

/** The same check that yoga does without persisted documents. */
const checkNames = (params: GraphQLParams): void => {
  const unknown = Object.entries(params).find(([name, value]) => value != null && !PARAMETERS.has(name))
  if (unknown !== undefined) throw badRequest(`Unexpected parameter "${unknown[0]}" in the request body.`)
}

const isGiven = (text: string | undefined): text is string => text !== undefined

/** The ids outside `extensions`, from the body, or from the URL of a GET. */
const directIds = (params: GraphQLParams, request: Request): string[] => {
  const given = (request.method === 'GET' ? Object.fromEntries(new URL(request.url).searchParams) : params) as Readonly<
    Record<string, unknown>
  >
  return IDS.map((name) => textOf(name, given[name])).filter(isGiven)
}

/** The hash in Apollo's form. */
const extensionId = ({ extensions }: GraphQLParams): string | undefined => {
  const persisted = isRecord(extensions) ? extensions.persistedQuery : undefined
  if (persisted === undefined || persisted === null) return undefined
  if (!isRecord(persisted) || persisted.version !== 1) throw badRequest('"extensions.persistedQuery" must be of version 1.')
  return textOf('extensions.persistedQuery.sha256Hash', persisted.sha256Hash)
}

/** The id of the document that a request without a text names, if it names one. @throws 400 for an invalid id, or for two */
const idOf = (params: GraphQLParams, direct: readonly string[]): string | undefined => {
  const [id, ...others] = new Set([...direct, extensionId(params)].filter(isGiven).map(withoutPrefix))
  if (others.length > 0) throw badRequest('Send one id.')
  return id
}

/** @throws 400 if Apollo's hash is sent with another text */
const checkPair = (documents: Manifest, query: string, id: string | undefined): void => {
  if (id === undefined || documents.get(id) === query || hashOf(query) === withoutPrefix(id)) return
  throw badRequest('The hash in "extensions.persistedQuery" is not that of the document.', 'PERSISTED_QUERY_HASH_MISMATCH')
}

/** Moves the id into `documentId`, whatever its form; documents sent as text are left as they are, but for those of an allow-list. */
const nameDocument = (documents: Manifest, only: boolean): Plugin => {
  const idOfText = (query: string, params: GraphQLParams): string | undefined => {
    const hash = only ? hashOf(query) : ''
    const isListed = documents.has(hash)
    if (isListed || !only) checkPair(documents, query, extensionId(params))
    return isListed ? hash : undefined
  }
  return {
    onParams({ params, request, setParams }) {
      checkNames(params)
      const query = textOf('query', params.query)
      const direct = directIds(params, request)
      if (query !== undefined && direct.length > 0) throw badRequest('Send a document or its id, not both.')
      const documentId = query === undefined ? idOf(params, direct) : idOfText(query, params)
      const { operationName, variables, extensions } = params
      if (documentId !== undefined) setParams({ operationName, variables, extensions, documentId } as GraphQLParams)
    },
  }
}

/** The plugins, in this order, before those that read documents. */
export const persistedDocuments = ({ manifest, ownDocuments, only }: Options): Plugin[] => {
  const documents: Manifest = new Map(
    manifest === undefined ? [] : [...manifest, ...ownDocuments.map((text): [string, string] => [hashOf(text), text])],
  )
  return [
    nameDocument(documents, only),
    usePersistedOperations({
      allowArbitraryOperations: !only,
      extractPersistedOperationId: (params) => (params as { documentId?: string }).documentId || null,
      getPersistedOperation: (hash) => documents.get(hash) ?? null,
      customErrors: {
        notFound: () =>
          manifest === undefined
            ? notRun('PersistedQueryNotSupported', 'PERSISTED_QUERY_NOT_SUPPORTED')
            : notRun('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND'),
        keyNotFound: () =>
          only
            ? badRequest('Send the id of a persisted document.', 'PERSISTED_QUERY_ID_REQUIRED')
            : notRun('Must provide query string.', 'BAD_REQUEST'),
        persistedQueryOnly: () => badRequest('This server runs persisted documents only.', 'PERSISTED_QUERY_ONLY'),
      },
    }),
  ]
}
