/**
 * GraphQL's two ways to an answer: an ordinary request goes straight into the pipeline (`pipeline.ts`), everything else that GraphQL over HTTP
 * knows goes there through yoga. Documents of the dialects run without HTTP, with the same context, authorization and masking.
 */

import { useEnvelop } from '@envelop/core'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { type ExecutionResult, type GraphQLError, getOperationAST } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { Config } from '../config.ts'
import { Failure } from '../domain/base/errors.ts'
import type { Caller } from '../domain/frame/caller.ts'
import type { Domain } from '../domain/frame/domain.ts'
import type { Operations } from '../domain/operations.ts'
import type { HttpAnswer } from '../http/message.ts'
import type { CookieSlot } from './cookieSlot.ts'
import { createDiscretion } from './echo.ts'
import { addCodes } from './errorCodes.ts'
import { graphiqlOptions, renderPage } from './graphiql.ts'
import type { Manifest } from './manifest.ts'
import { emptyNotes, noteErrors } from './notes.ts'
import type { OrdinaryRequest } from './ordinaryRequest.ts'
import { persistedDocuments } from './persisted.ts'
import { type Arrival, createGraphqlPipeline, createMask, type GraphqlPipeline } from './pipeline.ts'
import { resultAnswer } from './resultAnswer.ts'
import { schema } from './schema.ts'

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
  fetch(request: Request, arrival: Arrival): Promise<Response>
  /** The answer to an ordinary request; undefined if yoga has to answer it, because its document cannot run. */
  answer(request: OrdinaryRequest, arrival: Arrival): Promise<HttpAnswer | undefined>
  /** Runs a validated document for a caller. */
  execute<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    caller: Caller,
  ): Promise<ExecutionOutcome<Data>>
}

/** Makes the errors of a result ready to be sent. */
type Finish = (errors: readonly GraphQLError[]) => readonly GraphQLError[]

/** Each error has a code; in production none has words of the request. */
const finishFor = ({ production }: Config): Finish => {
  const discreet = production ? createDiscretion(schema) : undefined
  return (errors) => {
    addCodes(errors)
    return discreet === undefined ? errors : errors.map(discreet)
  }
}

const finishedErrors = (finish: Finish): Plugin<object, Arrival> => ({
  onResultProcess: ({ result, setResult, serverContext }) => {
    const { errors, ...rest } = result as ExecutionResult
    if (errors === undefined) return
    const finished = finish(errors)
    noteErrors(serverContext.notes, finished)
    setResult({ ...rest, errors: finished })
  },
})

/** The document of an ordinary request, if it can run. */
const runnableOf = ({ parse, validate }: ReturnType<GraphqlPipeline>, { query, operationName }: OrdinaryRequest) => {
  try {
    const document = parse(query)
    const runs = validate(schema, document).length === 0 && getOperationAST(document, operationName) != null
    return runs ? document : undefined
  } catch {
    return undefined
  }
}

/** On the dialects there are no cookies. */
const noCookie = (): CookieSlot => ({ presented: undefined, problem: 'This surface has no cookies.', change: null })

export function createGraphqlServer(config: Config, domain: Domain, operations: Operations, known: KnownDocuments): GraphqlServer {
  const maskError = createMask(domain)
  const pipeline = createGraphqlPipeline(config, domain, operations, maskError)
  const finish = finishFor(config)
  const yoga = createYoga<Arrival>({
    graphqlEndpoint: '/graphql',
    plugins: [...persistedDocuments({ ...known, only: config.PERSISTED_OPERATIONS_ONLY }), useEnvelop(pipeline), finishedErrors(finish)],
    parserAndValidationCache: false,
    graphiql: config.GRAPHIQL ? graphiqlOptions : false,
    renderGraphiQL: renderPage,
    landingPage: false,
    cors: false,
    multipart: false,
    batching: false,
    logging: false,
    maskedErrors: { maskError },
  })
  return {
    fetch: async (request, arrival) => await yoga.fetch(request, arrival),
    async answer(request, arrival) {
      const phases = pipeline(arrival)
      const document = runnableOf(phases, request)
      if (document === undefined) return undefined
      const { variables: variableValues, operationName } = request
      const contextValue = await phases.contextFactory()
      const result: ExecutionResult = await phases.execute({ schema, document, variableValues, operationName, contextValue })
      if (result.errors === undefined) return resultAnswer(result, request.type)
      const errors = finish(result.errors)
      noteErrors(arrival.notes, errors)
      return resultAnswer({ ...result, errors }, request.type)
    },
    async execute<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables, caller: Caller) {
      const phases = pipeline({ caller, cookie: noCookie(), notes: emptyNotes() })
      const variableValues = variables as Record<string, unknown>
      const result = await phases.execute({ schema, document, variableValues, contextValue: await phases.contextFactory() })
      const errors: readonly GraphQLError[] = result.errors ?? []
      const failure = errors.map(({ originalError }) => originalError).find((error): error is Failure => error instanceof Failure)
      return { data: result.data as Data | null | undefined, faulty: errors.length > 0, failure }
    },
  }
}
