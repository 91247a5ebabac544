/** What went wrong, in one form: a mutation that answered with a failure, or a request that failed. */
import type { CombinedError } from 'urql'
import type { MutationFailureFragment } from './operations.ts'

export type Failure = Pick<MutationFailureFragment, 'message' | 'fieldErrors'> & { readonly code?: string }

const isFailure = (result: object): result is MutationFailureFragment => 'fieldErrors' in result

/** The message of a request that failed; a network error has none for people. */
export const messageOf = (error: CombinedError): string => error.graphQLErrors[0]?.message ?? 'The request failed. Please try again.'

/**
 * @param error of the request
 * @param result of the mutation: its success or one of its failures
 */
export const failureOf = (error: CombinedError | undefined, result: object | undefined): Failure | undefined => {
  if (error !== undefined) return { message: messageOf(error), fieldErrors: [] }
  return result !== undefined && isFailure(result) ? result : undefined
}
