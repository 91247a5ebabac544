/**
 * The HTTP answer to the result of an operation: an error may carry a status and headers in `extensions.http`, which are not part of the
 * body. The highest status of all errors wins. yoga writes its answers in the same way.
 */
import type { ExecutionResult, GraphQLError } from 'graphql'
import { answerOf } from '../http/answers.ts'
import type { HttpAnswer } from '../http/message.ts'

export type ResultType = 'application/json' | 'application/graphql-response+json'

interface HttpExtension {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** The status is one that GraphQL over HTTP does not use for `application/json`. */
  readonly spec?: boolean
}

const httpOf = ({ extensions }: GraphQLError): HttpExtension => (extensions.http as HttpExtension | undefined) ?? {}

/** `http` and `unexpected` are for servers. */
const sentError = (error: GraphQLError): object => {
  const { extensions, ...rest } = error.toJSON()
  const { http: _http, unexpected: _unexpected, ...sent } = extensions ?? {}
  return Object.keys(sent).length === 0 ? rest : { ...rest, extensions: sent }
}

const statusOf = (errors: readonly GraphQLError[], type: ResultType): number => {
  const statuses = errors
    .map(httpOf)
    .flatMap(({ status, spec }) => (status === undefined || (spec && type === 'application/json') ? [] : [status]))
  return Math.max(200, ...statuses)
}

export const resultAnswer = (result: ExecutionResult, type: ResultType): HttpAnswer => {
  const contentType = { 'content-type': `${type}; charset=utf-8` }
  const { errors } = result
  if (errors === undefined) return answerOf(200, JSON.stringify(result), contentType)
  const headers = Object.assign(contentType, ...errors.map((error) => httpOf(error).headers ?? {}))
  return answerOf(statusOf(errors, type), JSON.stringify({ ...result, errors: errors.map(sentError) }), headers)
}
