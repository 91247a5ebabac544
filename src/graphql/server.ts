/**
 * GraphQL over HTTP (graphql-yoga), and execution without HTTP for the dialects, with the same context, authorization and masking.
 * Unexpected errors are logged with the request id; the client sees a generic message.
 */

import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { createYoga, maskError, type Plugin, type YogaInitialContext } from 'graphql-yoga'
import type { Config } from '../config.ts'
import { Failure } from '../domain/base/errors.ts'
import type { Caller } from '../domain/frame/caller.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { unavailable } from '../domain/frame/unavailable.ts'
import type { Operations } from '../domain/operations.ts'
import { createContext } from './context.ts'
import type { CookieSlot } from './cookieSlot.ts'
import { createDocumentCaches } from './documentCache.ts'
import { documentLimits } from './documentLimits.ts'
import { createDiscretion, withoutEcho } from './echo.ts'
import { errorCodes } from './errorCodes.ts'
import { asGraphqlError } from './errorTypes.ts'
import { graphiqlOptions, renderPage } from './graphiql.ts'
import type { Manifest } from './manifest.ts'
import { persistedDocuments } from './persisted.ts'
import { schema } from './schema.ts'

interface ServerContext {
  readonly caller: Caller
  readonly cookie: CookieSlot
}

/** The persisted documents, and those of our own pages. */
export interface KnownDocuments {
  readonly manifest: Manifest | undefined
  /** The documents that our own pages send. */
  readonly ownDocuments: readonly string[]
}

export interface ExecutionOutcome<Data> {
  readonly data: Data | null | undefined
  /** Whether an unexpected error happened; it was logged. */
  readonly faulty: boolean
  /** The expected failure among the `errors`: of a query, of a caller who is not signed in, or while the database is away. */
  readonly failure: Failure | undefined
}

export interface GraphqlServer {
  fetch(request: Request, caller: Caller, cookie: CookieSlot): Promise<Response>
  /** Runs a validated document for a caller. */
  execute<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    caller: Caller,
  ): Promise<ExecutionOutcome<Data>>
}

const isFault = (error: unknown): boolean =>
  !(error instanceof GraphQLError) || (error.originalError !== undefined && !(error.originalError instanceof GraphQLError))

/** 503 for every Accept header, so that load balancers and clients that look at the status try again. */
const withStatus = (failure: Failure): GraphQLError => {
  const { code, message, details } = failure
  const retryAfter = details.retryAfter ?? 1
  const http = { status: 503, headers: { 'retry-after': String(retryAfter) } }
  return new GraphQLError(message, { originalError: failure, extensions: { code, retryAfter, http } })
}

const originalOf = (error: unknown): unknown => (error instanceof GraphQLError ? (error.originalError ?? error) : error)

/** Removes words of the request from all errors before they are sent. */
const discreetErrors = (): Plugin => {
  const discreet = createDiscretion(schema)
  return {
    onResultProcess: ({ result, setResult }) => {
      const { errors, ...rest } = result as ExecutionResult
      if (errors !== undefined) setResult({ ...rest, errors: errors.map(discreet) })
    },
  }
}

const pluginsFor = (config: Config, known: KnownDocuments): Plugin[] => [
  ...persistedDocuments({ ...known, only: config.PERSISTED_OPERATIONS_ONLY }),
  documentLimits,
  useDisableIntrospection({ isDisabled: () => !config.INTROSPECTION }),
  errorCodes,
  ...(config.production ? [discreetErrors()] : []),
]

export function createGraphqlServer(config: Config, domain: Domain, operations: Operations, known: KnownDocuments): GraphqlServer {
  const yoga = createYoga<ServerContext>({
    schema,
    graphqlEndpoint: '/graphql',
    context: ({ caller, cookie }) => createContext(domain, operations, caller, cookie),
    plugins: pluginsFor(config, known),
    parserAndValidationCache: createDocumentCaches(),
    graphiql: config.GRAPHIQL ? graphiqlOptions : false,
    renderGraphiQL: renderPage,
    landingPage: false,
    cors: false,
    multipart: false,
    batching: false,
    logging: false,
    maskedErrors: {
      maskError: (error, message) => {
        const failure = unavailable(domain, originalOf(error))
        if (failure !== undefined) return withStatus(failure)
        const expected = originalOf(error)
        if (expected instanceof Failure) return asGraphqlError(expected, error)
        if (isFault(error)) domain.log.error({ err: originalOf(error) }, 'an operation failed unexpectedly')
        return withoutEcho(maskError(error, message, false))
      },
    },
  })
  return {
    fetch: async (request, caller, cookie) => await yoga.fetch(request, { caller, cookie }),
    async execute<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables, caller: Caller) {
      const given: ServerContext = { caller, cookie: { presented: undefined, problem: 'This surface has no cookies.', change: null } }
      const { execute, contextFactory, schema: envelopedSchema } = yoga.getEnveloped(given as ServerContext & YogaInitialContext)
      const variableValues = variables as Record<string, unknown>
      const result = await execute({ schema: envelopedSchema, document, variableValues, contextValue: await contextFactory() })
      const errors: readonly GraphQLError[] = result.errors ?? []
      const failure = errors.map(({ originalError }) => originalError).find((error): error is Failure => error instanceof Failure)
      return { data: result.data as Data | null | undefined, faulty: errors.length > 0, failure }
    },
  }
}
