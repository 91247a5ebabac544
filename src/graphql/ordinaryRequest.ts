/**
 * What most clients send: a POST with a document as text, its variables and its name, and nothing else. It needs nothing of GraphQL over
 * HTTP that yoga does (GET, persisted documents, streams, GraphiQL), so it goes straight into the pipeline.
 */
import type { RawInput } from '../http/body.ts'
import type { GuardedRequest } from '../http/message.ts'
import type { ResultType } from './resultAnswer.ts'

export interface OrdinaryRequest {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>> | undefined
  readonly operationName: string | undefined
  readonly type: ResultType
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The type of the answer, by the type that the client likes best; undefined for a stream. */
const typeOf = (accepted: string): ResultType | undefined => {
  const [first] = accepted.split(', ')
  if (first === '*/*' || first === 'application/*' || first === 'application/json') return 'application/json'
  return first === 'application/graphql-response+json' ? first : undefined
}

const NAMES = new Set(['query', 'variables', 'operationName', 'extensions'])

/** @param accepted the reduced Accept header, @param body the parsed body; the result is undefined for everything that is not ordinary */
export const ordinaryRequestOf = ({ method, url }: GuardedRequest, accepted: string, body: RawInput): OrdinaryRequest | undefined => {
  const type = typeOf(accepted)
  if (method !== 'POST' || url.search !== '' || type === undefined) return undefined
  const { query, variables, operationName, extensions } = body
  if (typeof query !== 'string' || Object.keys(body).some((name) => !NAMES.has(name))) return undefined
  if (variables != null && !isRecord(variables)) return undefined
  if (operationName != null && typeof operationName !== 'string') return undefined
  if (extensions != null && (!isRecord(extensions) || 'persistedQuery' in extensions)) return undefined
  return { query, variables: variables ?? undefined, operationName: operationName ?? undefined, type }
}
