/** All scenarios of throughput, and the choice among them. */
import type { Scenario, Subject } from '../measure.ts'
import type { Pair } from '../mixed.ts'
import type { Servers } from '../servers.ts'
import { tokensOf } from '../tokens.ts'
import { pages } from './pages.ts'
import { refresh } from './refresh.ts'
import { betterAuthSignIns, graphqlSignIns, limitSignIns, signIn } from './signIn.ts'
import { betterAuthReads, limitReads, ourReads, whoAmI } from './whoAmI.ts'

export interface Everything {
  readonly scenarios: readonly Scenario[]
  readonly pairs: readonly Pair[]
  /** Subjects whose servers are started anew. */
  readonly starts: readonly Subject[]
}

const choose = (scenario: Scenario, only: string): Scenario[] => {
  if (scenario.name.includes(only)) return [scenario]
  const [limit, ...others] = scenario.subjects
  const chosen = others.filter(({ name }) => name.includes(only))
  return limit === undefined || chosen.length === 0 ? [] : [{ ...scenario, subjects: [limit, ...chosen] }]
}

/** What has `only` in its name: whole scenarios, and of the others the subjects, beside the limit. */
export function everythingOf(servers: Servers, only: string): Everything {
  const tokens = tokensOf(servers)
  const all = [whoAmI(servers, tokens), pages(servers, tokens), signIn(servers), refresh(servers)]
  const [limit, ours] = [limitReads(servers.limit, tokens), ourReads(servers, tokens)]
  const peer = servers.betterAuth
  const peerReads = peer === undefined ? [] : [betterAuthReads(peer, tokens)]
  const pairs = [
    { name: limit.name, reads: limit, signIns: limitSignIns(servers.limit) },
    { name: ours.name, reads: ours, signIns: graphqlSignIns(servers.ours) },
    ...peerReads.map((reads) => ({ name: reads.name, reads, signIns: betterAuthSignIns(reads.server) })),
  ]
  return {
    scenarios: all.flatMap((scenario) => choose(scenario, only)),
    pairs: 'Reads beside sign-ins'.includes(only) ? pairs : [],
    starts: 'Start and memory'.includes(only) ? [limit, ours, ...peerReads] : [],
  }
}
