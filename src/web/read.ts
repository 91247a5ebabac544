/** A query of a page. What was read before stays on the screen while it is read again, and where that fails. */
import type { DocumentNode } from 'graphql'
import { useCallback, useEffect, useRef } from 'react'
import { type AnyVariables, type TypedDocumentNode, useQuery } from 'urql'
import { type Problem, problemOfRequest } from './problem.ts'
import { useProof } from './proof.tsx'

export interface Read<Data> {
  readonly data: Data | undefined
  readonly isBusy: boolean
  readonly problem: Problem | undefined
  /** Reads it again from the server. */
  again(): void
}

export const useRead = <Data, Variables extends AnyVariables>(
  document: DocumentNode & TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Read<Data> => {
  const prove = useProof()
  const [{ data, error, fetching, stale }, execute] = useQuery({ query: document, variables, requestPolicy: 'cache-and-network' })
  const asked = JSON.stringify(variables)
  const last = useRef<{ readonly asked: string; readonly data: Data }>(undefined)
  if (data !== undefined) last.current = { asked, data }
  const kept = last.current?.asked === asked ? last.current.data : undefined
  const again = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  const problem = error === undefined ? undefined : problemOfRequest(error)
  const isSignedOut = problem?.code === 'UNAUTHENTICATED'
  useEffect(() => {
    if (isSignedOut) void prove('UNAUTHENTICATED').then((isProved) => isProved && again())
  }, [isSignedOut, prove, again])
  return { data: data ?? kept, isBusy: fetching || stale, problem, again }
}
