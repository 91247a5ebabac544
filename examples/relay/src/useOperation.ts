import { useState } from 'react'
import { type GraphQLTaggedNode, useMutation } from 'react-relay'
import type { MutationParameters, VariablesOf } from 'relay-runtime'

/** What each mutation selects as `... on Error @alias(as: "failure")`. */
export interface Failure {
  readonly code?: string
  readonly message: string
  readonly fieldErrors: readonly { readonly field: string; readonly message: string }[]
}

interface Operation extends MutationParameters {
  readonly response: { readonly result: { readonly failure: Failure | null | undefined } }
}

/** A mutation whose field is aliased `result`. Its failure, or that of its request, is kept until it runs again. */
export const useOperation = <T extends Operation>(mutation: GraphQLTaggedNode) => {
  const [commit, isPending] = useMutation<T>(mutation)
  const [failure, setFailure] = useState<Failure | null>(null)
  const run = (variables: VariablesOf<T>, onResult?: (result: T['response']['result']) => void): void => {
    setFailure(null)
    commit({
      variables,
      onCompleted: ({ result }) => {
        setFailure(result.failure ?? null)
        onResult?.(result)
      },
      onError: ({ message }) => setFailure({ message, fieldErrors: [] }),
    })
  }
  return { run, isPending, failure }
}
