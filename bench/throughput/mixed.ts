/** Reads at a fixed rate while nothing else happens, and while sign-ins take all that the server gives them. */
import { setTimeout as sleep } from 'node:timers/promises'
import { closedLoop } from '../load/closedLoop.ts'
import { pacedLoop } from '../load/pacedLoop.ts'
import { median, percentile } from '../statistics.ts'
import type { Plan, Subject } from './measure.ts'

/** Reads a second. */
const RATE = 100
/** Those that sign in without a pause. */
const SIGN_INS = 8

export interface Pair {
  readonly name: string
  readonly reads: Subject
  readonly signIns: Subject
}

/** Milliseconds, and sign-ins a second. */
export interface Disturbed {
  readonly name: string
  readonly quiet50: number
  readonly quiet99: number
  readonly busy50: number
  readonly busy99: number
  readonly signIns: number
}

const measureOnce = async ({ name, reads, signIns }: Pair, { duration, warmUp }: Plan): Promise<Disturbed> => {
  const { url } = await reads.server.running()
  const [reading, signingIn] = [await reads.traffic(url), await signIns.traffic(url)]
  await closedLoop(url, reading, SIGN_INS, warmUp)
  const quiet = await pacedLoop(url, reading, RATE, duration)
  const saturating = closedLoop(url, signingIn, SIGN_INS, duration + 1)
  const waited = sleep(1000).then(() => pacedLoop(url, reading, RATE, duration))
  const [busy, { requests, seconds }] = await Promise.all([waited, saturating])
  return {
    name,
    quiet50: percentile(quiet, 50),
    quiet99: percentile(quiet, 99),
    busy50: percentile(busy, 50),
    busy99: percentile(busy, 99),
    signIns: requests / seconds,
  }
}

const medians = (rounds: readonly Disturbed[], name: string): Disturbed => {
  const of = (key: Exclude<keyof Disturbed, 'name'>): number => median(rounds.map((round) => round[key]))
  return {
    name,
    quiet50: of('quiet50'),
    quiet99: of('quiet99'),
    busy50: of('busy50'),
    busy99: of('busy99'),
    signIns: of('signIns'),
  }
}

/** Medians, the pairs measured in turns. @throws if an answer is not the wanted one */
export async function measureMixed(pairs: readonly Pair[], plan: Plan, say: (line: string) => void): Promise<Disturbed[]> {
  const measured = pairs.map(() => [] as Disturbed[])
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const [index, pair] of pairs.entries()) {
      const once = await measureOnce(pair, plan)
      measured[index]?.push(once)
      say(`  ${round}/${plan.rounds} ${pair.name}: p99 ${once.quiet99.toFixed(1)} ms quiet, ${once.busy99.toFixed(1)} ms busy`)
    }
  }
  return pairs.map(({ name }, index) => medians(measured[index] ?? [], name))
}
