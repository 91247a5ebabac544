/**
 * Persisted documents over HTTP: a request names a document by its SHA-256 instead of sending it, in the form of the GraphQL over
 * HTTP proposal (`documentId`, with or without `sha256:`; also `id`) or in Apollo's (`extensions.persistedQuery`). With
 * PERSISTED_OPERATIONS_ONLY nothing else runs, not even for an administrator; the text of a known document counts as its name.
 *
 * What is found takes the very path of a document that was sent: parsed and validated (both are cached), by POST alone if it is a
 * mutation. The dialects execute below HTTP and are not concerned.
 */
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations'
import { createGraphQLError, type GraphQLParams, type Plugin } from 'graphql-yoga'
import { hashOf, type Manifest } from './manifest.ts'

interface Options {
  /** What clients may name. */
  readonly manifest: Manifest
  /** What our own pages send as text. */
  readonly ownDocuments: readonly string[]
  /** Refuse all other documents. */
  readonly only: boolean
}

/** 400 whatever the client accepts: the request is not formed as it has to be. */
const badRequest = (message: string, code = 'BAD_REQUEST') => createGraphQLError(message, { extensions: { code, http: { status: 400 } } })
/** 400, but 200 for `application/json`, as the specification has it for all that fails before execution. */
const notRun = (message: string, code: string) => createGraphQLError(message, { extensions: { code, http: { status: 400, spec: true } } })

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (name: string, value: unknown): string | undefined => {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw badRequest(`"${name}" must be a string.`)
  return value
}

/** `documentId` or `id`, from the body, or from the URL of a GET. */
const directId = (params: GraphQLParams, request: Request): string | undefined => {
  const given = (request.method === 'GET' ? Object.fromEntries(new URL(request.url).searchParams) : params) as Readonly<
    Record<string, unknown>
  >
  return textOf('documentId', given.documentId) ?? textOf('id', given.id)
}

/** The hash in Apollo's form. */
const extensionId = ({ extensions }: GraphQLParams): string | undefined => {
  const persisted = isRecord(extensions) ? extensions.persistedQuery : undefined
  if (persisted === undefined || persisted === null) return undefined
  if (!isRecord(persisted) || persisted.version !== 1) throw badRequest('"extensions.persistedQuery" must be of version 1.')
  return textOf('extensions.persistedQuery.sha256Hash', persisted.sha256Hash)
}

/** Puts whatever names a document into `documentId`, as bare hex. @throws 400 for a form that is none */
const nameDocument = ({ manifest, ownDocuments, only }: Options): Plugin => {
  const ownHashes = new Set(ownDocuments.map(hashOf))
  const isKnown = (hash: string) => manifest.has(hash) || ownHashes.has(hash)
  return {
    onParams({ params, request, setParams }) {
      const query = textOf('query', params.query)
      const id = directId(params, request)
      if (query !== undefined && id !== undefined) throw badRequest('Send a document or its id, not both.')
      const hash = query === undefined ? (id ?? extensionId(params))?.replace(/^sha256:(?=[\da-f]{64}$)/, '') : hashOf(query)
      if (hash === undefined || (query !== undefined && !(only && isKnown(hash)))) return
      const { operationName, variables, extensions } = params
      setParams({ operationName, variables, extensions, documentId: hash } as GraphQLParams)
    },
  }
}

/** In this order; before what looks at documents. */
export const persistedDocuments = (options: Options): Plugin[] => {
  const { manifest, ownDocuments, only } = options
  const documents = new Map([...manifest, ...ownDocuments.map((text): [string, string] => [hashOf(text), text])])
  return [
    nameDocument(options),
    usePersistedOperations({
      allowArbitraryOperations: !only,
      extractPersistedOperationId: (params) => (params as { documentId?: string }).documentId || null,
      getPersistedOperation: (hash) => documents.get(hash) ?? null,
      customErrors: {
        notFound: () => notRun('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND'),
        keyNotFound: () =>
          only
            ? badRequest('Send the id of a persisted document.', 'PERSISTED_QUERY_ID_REQUIRED')
            : notRun('Must provide query string.', 'BAD_REQUEST'),
        persistedQueryOnly: () => badRequest('This server runs persisted documents only.', 'PERSISTED_QUERY_ONLY'),
      },
    }),
  ]
}
