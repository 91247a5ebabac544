/** Trials of faults under load, and the table of what came of them. */
import { expect } from 'vitest'
import { isFullSize } from '../fullSize.ts'
import type { Ledger, Tally } from './ledger.ts'
import { LIMIT } from './requests.ts'

export interface Kind {
  readonly name: string
  readonly ledger: Ledger
  /** Whether connections of clients break, because a server is killed. */
  readonly mayBreak?: boolean
  /** Brings the fault about while clients write, and ends it. */
  readonly fault: () => Promise<void>
}

interface Row extends Tally {
  trials: number
  /** The longest time until writes were accepted again, in ms. */
  recovery: number
}

const rows = new Map<string, Row>()

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** How long clients write before the fault, in ms: at least this, and at most twice as long. */
const BEFORE = isFullSize ? 1_000 : 300

/** @throws where something acknowledged is lost, an ended session lives, or an answer is wrong or late */
export async function tryFault({ name, ledger, mayBreak = false, fault }: Kind, trials: number): Promise<void> {
  for (let trial = 0; trial < trials; trial += 1) {
    const load = ledger.load({ mayBreak })
    await sleep(BEFORE + Math.random() * BEFORE)
    await fault()
    const recovery = await ledger.recovered()
    await load.stop()
    await ledger.compare()
    const tally = ledger.take()
    const row = rows.get(name) ?? {
      ...tally,
      acknowledged: 0,
      refused: 0,
      unanswered: 0,
      longest: 0,
      lost: [],
      survived: [],
      wrong: [],
      trials: 0,
      recovery: 0,
    }
    rows.set(name, row)
    row.trials += 1
    row.acknowledged += tally.acknowledged
    row.refused += tally.refused
    row.unanswered += tally.unanswered
    row.longest = Math.max(row.longest, tally.longest)
    row.recovery = Math.max(row.recovery, recovery)
    for (const field of ['lost', 'survived', 'wrong'] as const) row[field].push(...tally[field])
    expect({ lost: tally.lost, survived: tally.survived, wrong: tally.wrong }).toEqual({ lost: [], survived: [], wrong: [] })
    expect(tally.acknowledged).toBeGreaterThan(0)
    expect(tally.longest).toBeLessThan(LIMIT)
  }
}

/** The table of all trials so far, as Markdown. */
export function faultTable(): string {
  const head = '| fault | trials | acknowledged | lost | ended and live | wrong | refused | no answer | longest answer | recovery |'
  const line = '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |'
  const body = [...rows].map(([name, row]) => {
    const counts = [row.trials, row.acknowledged, row.lost.length, row.survived.length, row.wrong.length, row.refused, row.unanswered]
    return `| ${[name, ...counts, `${Math.round(row.longest)} ms`, `${Math.round(row.recovery)} ms`].join(' | ')} |`
  })
  return [head, line, ...body].join('\n')
}
