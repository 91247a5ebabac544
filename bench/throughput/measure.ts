/**
 * Measures the subjects of a scenario in turns, A B C A B C, so that other load on the machine affects all of them equally. Before
 * each measurement its server is warmed up with the same load.
 */
import { closedLoop } from '../load/closedLoop.ts'
import { cpuOf } from '../load/processes.ts'
import type { Traffic } from '../load/traffic.ts'
import { median, percentile } from '../statistics.ts'
import type { Server } from './servers.ts'

export const CONNECTIONS = 32

export interface Subject {
  readonly name: string
  readonly server: Server
  /** Made before the first measurement: it may sign in for tokens. */
  traffic(url: string): Promise<Traffic>
}

export interface Scenario {
  readonly name: string
  /** The first is what all others are compared with. */
  readonly subjects: readonly Subject[]
}

/** A measurement, or the medians of several. Undefined: it cannot be read on this machine. */
export interface Figures {
  /** Requests a second. */
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Microseconds of CPU a request: of the server process, and of PostgreSQL. */
  readonly serverCpu: number | undefined
  readonly databaseCpu: number | undefined
}

export interface Measured extends Figures {
  readonly name: string
}

export interface Plan {
  readonly rounds: number
  /** Seconds. */
  readonly duration: number
  readonly warmUp: number
}

interface Meter {
  readonly databaseCpu: () => number | undefined
  readonly say: (line: string) => void
}

const KEYS = ['rate', 'p50', 'p99', 'serverCpu', 'databaseCpu'] as const

const medians = (rounds: readonly Figures[]): Figures => {
  const of = (key: (typeof KEYS)[number]): number | undefined => {
    const values = rounds.map((round) => round[key]).filter((value) => value !== undefined)
    return values.length === 0 ? undefined : median(values)
  }
  return { rate: of('rate') ?? 0, p50: of('p50') ?? 0, p99: of('p99') ?? 0, serverCpu: of('serverCpu'), databaseCpu: of('databaseCpu') }
}

/** Microseconds a request, of two readings in milliseconds. */
const spent = (before: number | undefined, after: number | undefined, requests: number): number | undefined =>
  before === undefined || after === undefined ? undefined : ((after - before) * 1000) / requests

const measureOnce = async (server: Server, traffic: Traffic, seconds: number, databaseCpu: Meter['databaseCpu']): Promise<Figures> => {
  const { url, pid } = await server.running()
  const before = [cpuOf(pid), databaseCpu()]
  const { requests, seconds: taken, times } = await closedLoop(url, traffic, CONNECTIONS, seconds)
  const after = [cpuOf(pid), databaseCpu()]
  return {
    rate: requests / taken,
    p50: percentile(times, 50),
    p99: percentile(times, 99),
    serverCpu: spent(before[0], after[0], requests),
    databaseCpu: spent(before[1], after[1], requests),
  }
}

/** @throws if an answer is not the wanted one */
export async function measure(scenario: Scenario, { rounds, duration, warmUp }: Plan, { databaseCpu, say }: Meter): Promise<Measured[]> {
  const prepared: { subject: Subject; traffic: Traffic; figures: Figures[] }[] = []
  for (const subject of scenario.subjects) {
    const { url } = await subject.server.running()
    prepared.push({ subject, traffic: await subject.traffic(url), figures: [] })
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const { subject, traffic, figures } of prepared) {
      const { url } = await subject.server.running()
      await closedLoop(url, traffic, CONNECTIONS, warmUp)
      const measured = await measureOnce(subject.server, traffic, duration, databaseCpu)
      figures.push(measured)
      say(`  ${round}/${rounds} ${subject.name}: ${measured.rate.toFixed(0)}/s`)
    }
  }
  return prepared.map(({ subject, figures }) => ({ name: subject.name, ...medians(figures) }))
}
