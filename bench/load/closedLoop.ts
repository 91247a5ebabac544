/**
 * A closed loop: so many connections, each with one request at a time, as fast as answers come. At the end no request is sent any
 * more and all open ones are awaited, so that none runs into the next measurement.
 */
import { openConnection } from './connection.ts'
import type { Traffic } from './traffic.ts'

export interface Load {
  readonly requests: number
  readonly seconds: number
  /** Milliseconds, in ascending order. */
  readonly times: Float64Array
}

/** @throws if an answer is not the wanted one */
export async function closedLoop(url: string, traffic: Traffic, connections: number, seconds: number): Promise<Load> {
  const port = Number(new URL(url).port)
  const times: number[] = []
  const begun = performance.now()
  const end = begun + seconds * 1000
  const runOne = async (_: unknown, index: number): Promise<void> => {
    const connection = openConnection(port)
    try {
      for (let sent = performance.now(); sent < end; sent = performance.now()) {
        const answer = await connection.ask(traffic.next(index))
        times.push(performance.now() - sent)
        traffic.take(index, answer)
      }
    } finally {
      connection.close()
    }
  }
  await Promise.all(Array.from({ length: connections }, runOne))
  return { requests: times.length, seconds: (performance.now() - begun) / 1000, times: Float64Array.from(times).sort() }
}
