/** Reads all events that a filter shows, page by page, and gives them as a file. */
import { useRef, useState } from 'react'
import { type CombinedError, useClient } from 'urql'
import { saveFile } from '../parts/saveFile.ts'
import { type Problem, problemOfRequest } from '../problem.ts'
import { useProof } from '../proof.tsx'
import { type EventFormat, eventForms } from './eventFile.ts'
import type { EventFilter } from './eventFilter.ts'
import { AllAuditEventsDocument, type AllAuditEventsQuery } from './operations.ts'

const SIZE = 500
/** So that they fit into the memory of a browser. */
const MOST = 100_000

type EventPage = NonNullable<AllAuditEventsQuery['auditEvents']>
const NONE: EventPage = { edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null } }

export interface EventFile {
  /** How many were read so far; undefined if none is read now. */
  readonly progress: number | undefined
  readonly saved: { readonly count: number; readonly isCut: boolean } | undefined
  readonly problem: Problem | undefined
  save(filter: EventFilter, format: EventFormat): Promise<void>
  cancel(): void
}

/** A page; asks for a sign-in where that is needed, and goes on. */
const useReadPage = () => {
  const client = useClient()
  const prove = useProof()
  return async (filter: EventFilter, after: string | null): Promise<EventPage> => {
    for (;;) {
      const variables = { ...filter, first: SIZE, after }
      const { data, error } = await client.query(AllAuditEventsDocument, variables, { requestPolicy: 'network-only' }).toPromise()
      if (error === undefined) return data?.auditEvents ?? NONE
      if (!(await prove(problemOfRequest(error).code))) throw error
    }
  }
}

export const useEventFile = (): EventFile => {
  const readPage = useReadPage()
  const [progress, setProgress] = useState<number>()
  const [saved, setSaved] = useState<EventFile['saved']>()
  const [problem, setProblem] = useState<Problem>()
  const isCancelled = useRef(false)
  const save = async (filter: EventFilter, format: EventFormat): Promise<void> => {
    const { type, ending, head, line } = eventForms[format]
    const lines: string[] = []
    isCancelled.current = false
    setSaved(undefined)
    setProblem(undefined)
    try {
      let after: string | null = null
      do {
        setProgress(lines.length)
        const page: EventPage = await readPage(filter, after)
        lines.push(...page.edges.map(({ node }) => line(node)))
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
      } while (after !== null && lines.length < MOST && !isCancelled.current)
      if (isCancelled.current) return
      saveFile(`audit-log.${ending}`, type, [head, ...lines])
      setSaved({ count: lines.length, isCut: after !== null })
    } catch (error) {
      setProblem(problemOfRequest(error as CombinedError))
    } finally {
      setProgress(undefined)
    }
  }
  const cancel = () => {
    isCancelled.current = true
  }
  return { progress, saved, problem, save, cancel }
}
