/** The times of one request after another, on one connection to each server, the servers in turns. */
import { type Connection, openConnection } from '../load/connection.ts'
import type { Traffic } from '../load/traffic.ts'
import { percentile } from '../statistics.ts'

export interface Asked {
  readonly url: string
  readonly traffic: Traffic
}

/** Requests of a turn, and the time after which it ends early. */
const TURN = 50
const TURN_MS = 500
const WARM_UP_TURNS = 10
const TURNS = 20

/** One turn of a server: the times of its requests in ms. @throws if an answer is not the wanted one */
const takeTurn = async (connection: Connection, { traffic }: Asked): Promise<number[]> => {
  const times: number[] = []
  const end = performance.now() + TURN_MS
  while (times.length === 0 || (times.length < TURN && performance.now() < end)) {
    const sent = performance.now()
    const answer = await connection.ask(traffic.next(0))
    times.push(performance.now() - sent)
    traffic.take(0, answer)
  }
  return times
}

/** The median of each server in milliseconds; undefined for one that failed, after `onFailure` with its index. */
export async function medianTimes(
  asked: readonly Asked[],
  onFailure: (index: number, error: unknown) => void,
): Promise<(number | undefined)[]> {
  const connections = asked.map(({ url }) => openConnection(Number(new URL(url).port)))
  const times: (number[] | undefined)[] = asked.map(() => [])
  const turn = async (index: number, isCounted: boolean): Promise<void> => {
    const [connection, each, known] = [connections[index], asked[index], times[index]]
    if (connection === undefined || each === undefined || known === undefined) return
    try {
      const taken = await takeTurn(connection, each)
      if (isCounted) known.push(...taken)
    } catch (error) {
      times[index] = undefined
      onFailure(index, error)
    }
  }
  try {
    for (let round = 0; round < WARM_UP_TURNS + TURNS; round += 1)
      for (const index of asked.keys()) await turn(index, round >= WARM_UP_TURNS)
  } finally {
    for (const connection of connections) connection.close()
  }
  return times.map((all) => (all === undefined ? undefined : percentile(Float64Array.from(all).sort(), 50)))
}
