/** What went wrong, in one form: a mutation that answered with a failure, or a request that failed. */
import type { CombinedError } from 'urql'
import type { FailureFragment, ErrorCode as SchemaCode } from './visitor/operations.ts'

/** The codes of the schema; `UNREACHABLE`: no answer came, or one that is not of this server; `FAILED`: any other. */
export type ErrorCode = SchemaCode | 'UNREACHABLE' | 'FAILED'

export interface Problem {
  readonly code: ErrorCode
  /** The server's words, in English, for a code that these pages do not know. */
  readonly message: string
  readonly fieldErrors: readonly { readonly field: string; readonly message: string }[]
  /** In how many seconds it may be tried again. */
  readonly retryAfter?: number
}

type Failed = Pick<FailureFragment, 'code' | 'message' | 'fieldErrors'> & { readonly retryAfter?: number }

const isFailure = (result: object): result is Failed => 'code' in result && 'message' in result

/** Refusals that come before GraphQL, and without its form. */
const statuses: Readonly<Record<number, ErrorCode>> = { 429: 'TOO_MANY_REQUESTS', 503: 'OVERLOADED' }

const codeOf = ({ graphQLErrors: [first] }: CombinedError, response: Response | undefined): ErrorCode => {
  const code = first?.extensions?.code
  if (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR') return code as ErrorCode
  return response === undefined ? 'UNREACHABLE' : (statuses[response.status] ?? 'FAILED')
}

export const problemOfRequest = (error: CombinedError): Problem => {
  const response = error.response as Response | undefined
  const retryAfter = Number(response?.headers.get('retry-after') ?? Number.NaN)
  return { code: codeOf(error, response), message: '', fieldErrors: [], ...(retryAfter > 0 && { retryAfter }) }
}

/**
 * @param error of the request
 * @param result of the mutation: its success or one of its failures
 */
export const problemOf = (error: CombinedError | undefined, result: object | undefined): Problem | undefined => {
  if (error !== undefined) return problemOfRequest(error)
  if (result === undefined || !isFailure(result)) return undefined
  const { code, message, fieldErrors, retryAfter } = result
  return { code, message, fieldErrors: fieldErrors ?? [], ...(retryAfter !== undefined && { retryAfter }) }
}
