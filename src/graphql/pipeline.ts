/**
 * The Envelop pipeline that every document passes, whether it came over HTTP or from a row of a dialect: parse, validate, context,
 * execution, masking of errors. yoga takes it as a plugin (`server.ts`); what is an ordinary request goes straight into it.
 */
import { envelop, type GetEnvelopedFn, type Plugin, useEngine, useExtendContext, useMaskedErrors, useSchema } from '@envelop/core'
import { type ExecutionResult, execute, GraphQLError, subscribe } from 'graphql'
import { maskError as maskByYoga } from 'graphql-yoga'
import type { Config } from '../config.ts'
import { Failure } from '../domain/base/errors.ts'
import type { Caller } from '../domain/frame/caller.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { unavailable } from '../domain/frame/unavailable.ts'
import type { Operations } from '../domain/operations.ts'
import { type Context, contextsOf } from './context.ts'
import { CookieRefusal, type CookieSlot } from './cookieSlot.ts'
import { useDocumentCaches } from './documentCache.ts'
import { createValidation, parseLimited } from './documentLimits.ts'
import { withoutEcho } from './echo.ts'
import { asGraphqlError } from './errorTypes.ts'
import { useExecutionSpan } from './executionSpan.ts'
import { type Notes, useNotes } from './notes.ts'
import { schema } from './schema.ts'

/** What a request brings into the pipeline. */
export interface Arrival {
  readonly caller: Caller
  readonly cookie: CookieSlot
  readonly notes: Notes
}

export type GraphqlPipeline = GetEnvelopedFn<Context>

export type MaskError = (error: unknown, message: string) => Error

/** Variables can make an argument wrong, which graphql-js notices while it executes. */
const isWrongArgument = (error: unknown): boolean =>
  error instanceof GraphQLError && error.nodes !== undefined && error.path === undefined && error.message.startsWith('Argument "')

/**
 * Whether an error is no fault of the client. What is thrown while a document is executed is one, also if a library throws it as a
 * GraphQLError, whose message may say anything.
 */
const isFault = (error: unknown): boolean => {
  if (!(error instanceof GraphQLError)) return true
  const { originalError, path } = error
  if (originalError instanceof CookieRefusal || isWrongArgument(originalError)) return false
  return path !== undefined || (originalError !== undefined && !(originalError instanceof GraphQLError))
}

/** Where a fault happened. What it says of itself, such as a status or headers in its extensions, is not kept. */
const onlyPlaceOf = (error: unknown): Error => {
  const originalError = new Error('a fault')
  if (!(error instanceof GraphQLError)) return originalError
  const { nodes, source, positions, path } = error
  return new GraphQLError('', {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    originalError,
  })
}

/** 503 for every Accept header, so that load balancers and clients that look at the status try again. */
const withStatus = (failure: Failure): GraphQLError => {
  const { code, message, details } = failure
  const retryAfter = details.retryAfter ?? 1
  const http = { status: 503, headers: { 'retry-after': String(retryAfter) } }
  return new GraphQLError(message, { originalError: failure, extensions: { code, retryAfter, http } })
}

const originalOf = (error: unknown): unknown => (error instanceof GraphQLError ? (error.originalError ?? error) : error)

/** Turns an error into one that may be sent. Each error is masked once, however many masks it passes; an unexpected one is logged. */
export const createMask = (domain: Domain): MaskError => {
  const masked = new WeakSet<Error>()
  const mask = (error: unknown, message: string): Error => {
    const failure = unavailable(domain, originalOf(error))
    if (failure !== undefined) return withStatus(failure)
    const expected = originalOf(error)
    if (expected instanceof Failure) return asGraphqlError(expected, error)
    if (!isFault(error)) return withoutEcho(maskByYoga(error, message, false))
    domain.log.error({ err: originalOf(error) }, 'an operation failed unexpectedly')
    return maskByYoga(onlyPlaceOf(error), message, false)
  }
  return (error, message) => {
    if (error instanceof Error && masked.has(error)) return error
    const result = mask(error, message)
    masked.add(result)
    return result
  }
}

/** What cannot begin to run, because of its variables or its name, has the status 400 of a request that is wrong. */
const useRequestErrors = (): Plugin => ({
  onExecute: () => ({
    onExecuteDone: ({ result }) => {
      const { data, errors } = result as ExecutionResult
      if (data === undefined) for (const { extensions } of errors ?? []) extensions.http ??= { status: 400, spec: true }
    },
  }),
})

export const createGraphqlPipeline = (config: Config, domain: Domain, operations: Operations, maskError: MaskError): GraphqlPipeline => {
  const validate = createValidation(config)
  const contextOf = contextsOf(domain, operations)
  return envelop({
    plugins: [
      useEngine({ parse: parseLimited, validate, execute, subscribe }),
      useSchema(schema),
      useDocumentCaches(),
      useExtendContext(({ caller, cookie, notes }: Arrival) => contextOf(caller, cookie, notes)),
      useNotes(),
      useExecutionSpan(),
      useMaskedErrors({ maskError, errorMessage: 'Unexpected error.' }),
      useRequestErrors(),
    ],
  }) as unknown as GraphqlPipeline
}
