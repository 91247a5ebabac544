/** A mutation of a page: one at a time, with its failure in one form. */
import type { DocumentNode } from 'graphql'
import { useCallback, useRef, useState } from 'react'
import { type AnyVariables, type TypedDocumentNode, useClient } from 'urql'
import { type ErrorCode, type Problem, problemOf } from './problem.ts'

/** The union that the one field of a mutation answers. */
export type ResultOf<Data> = Exclude<Data[Exclude<keyof Data, '__typename'>], string | undefined>

export interface Request<Data, Variables> {
  /** The answer, success or failure; undefined if there was none, or if another call of this is under way. */
  run(variables: Variables): Promise<ResultOf<Data> | undefined>
  readonly isBusy: boolean
  /** Of the last call. */
  readonly problem: Problem | undefined
  /** Forgets the problem. */
  clear(): void
}

/** Resolves with true if a request that failed for this should be sent again. */
export type Retry = (code: ErrorCode) => Promise<boolean>

const never: Retry = async () => false

const resultOf = <Data>(data: Data | undefined): ResultOf<Data> | undefined => {
  const entry = Object.entries(data ?? {}).find(([name]) => name !== '__typename')
  return entry?.[1] as ResultOf<Data> | undefined
}

export const useRequest = <Data extends object, Variables extends AnyVariables>(
  document: DocumentNode & TypedDocumentNode<Data, Variables>,
  retry: Retry = never,
): Request<Data, Variables> => {
  const client = useClient()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const isUnderWay = useRef(false)
  const run = useCallback(
    async (variables: Variables) => {
      if (isUnderWay.current) return undefined
      isUnderWay.current = true
      setBusy(true)
      setProblem(undefined)
      try {
        for (;;) {
          const { data, error } = await client.mutation(document, variables).toPromise()
          const result = resultOf<Data>(data)
          const found = problemOf(error, result as object | undefined)
          if (found !== undefined && (await retry(found.code))) continue
          setProblem(found)
          return result
        }
      } finally {
        isUnderWay.current = false
        setBusy(false)
      }
    },
    [client, document, retry],
  )
  const clear = useCallback(() => setProblem(undefined), [])
  return { run, isBusy, problem, clear }
}
