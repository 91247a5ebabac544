/**
 * Enables or disables accounts one after another. What failed for one account is noted by its name and the next is tried; what would
 * fail for all of them, such as a lost connection, ends the run. What was not done stays selected.
 */
import { useRef, useState } from 'react'
import { useClient } from 'urql'
import { type ErrorCode, type Problem, problemOf } from '../problem.ts'
import { useProof } from '../proof.tsx'
import { SetLoginEnabledDocument } from './operations.ts'

/** Ids with their names. */
export type Selection = ReadonlyMap<string, string>

export interface Outcome {
  readonly enabled: boolean
  readonly done: number
  readonly failed: readonly { readonly name: string; readonly problem: Problem }[]
  /** How many were not tried, and why. */
  readonly left: number
  readonly problem: Problem | undefined
}

export interface Progress {
  readonly done: number
  readonly all: number
}

const FOR_ALL: readonly ErrorCode[] = [
  ...(['UNAUTHENTICATED', 'REAUTHENTICATION_REQUIRED', 'FORBIDDEN', 'TWO_FACTOR_ENROLLMENT_REQUIRED'] as const),
  ...(['TOO_MANY_REQUESTS', 'OVERLOADED', 'SERVICE_UNAVAILABLE', 'UNREACHABLE', 'FAILED'] as const),
]

const useSetEnabled = () => {
  const client = useClient()
  const prove = useProof()
  return async (id: string, enabled: boolean): Promise<Problem | undefined> => {
    for (;;) {
      const { data, error } = await client.mutation(SetLoginEnabledDocument, { input: { id, enabled } }).toPromise()
      const problem = problemOf(error, data?.setLoginEnabled)
      if (problem === undefined || !(await prove(problem.code))) return problem
    }
  }
}

export interface Bulk {
  readonly progress: Progress | undefined
  readonly outcome: Outcome | undefined
  /** Ends the run after the account that is under way. */
  stop(): void
  run(selection: Selection, enabled: boolean): Promise<void>
}

/** @param onDone is given the id of each account that was changed */
export const useBulk = (onDone: (id: string) => void, onEnd: () => void): Bulk => {
  const setEnabled = useSetEnabled()
  const [progress, setProgress] = useState<Progress>()
  const [outcome, setOutcome] = useState<Outcome>()
  const isStopped = useRef(false)
  const run = async (selection: Selection, enabled: boolean): Promise<void> => {
    isStopped.current = false
    setOutcome(undefined)
    const failed: { name: string; problem: Problem }[] = []
    let done = 0
    let problem: Problem | undefined
    for (const [id, name] of selection) {
      if (isStopped.current) break
      setProgress({ done: done + failed.length, all: selection.size })
      const found = await setEnabled(id, enabled)
      if (found !== undefined && FOR_ALL.includes(found.code)) {
        problem = found
        break
      }
      if (found === undefined) {
        done += 1
        onDone(id)
      } else failed.push({ name, problem: found })
    }
    setProgress(undefined)
    setOutcome({ enabled, done, failed, left: selection.size - done - failed.length, problem })
    onEnd()
  }
  const stop = () => {
    isStopped.current = true
  }
  return { progress, outcome, run, stop }
}
