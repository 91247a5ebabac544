/** The times of one request after another, on one connection. */
import { openConnection } from '../load/connection.ts'
import { percentile } from '../statistics.ts'
import type { Question } from './questions.ts'

const MOST = 300
const ENOUGH_MS = 3_000
const WARM_UP = 200
const WARM_UP_MS = 1_000

/** The median in milliseconds, of as many answers as come in three seconds, and of one at least. @throws if one is not the wanted one */
export async function medianTime(url: string, { traffic }: Question): Promise<number> {
  const connection = openConnection(Number(new URL(url).port))
  const times: number[] = []
  const askFor = async (most: number, ms: number): Promise<void> => {
    const end = performance.now() + ms
    for (let count = 0; count < most && (count === 0 || performance.now() < end); count += 1) {
      const sent = performance.now()
      const answer = await connection.ask(traffic.next(0))
      times.push(performance.now() - sent)
      traffic.take(0, answer)
    }
  }
  try {
    await askFor(WARM_UP, WARM_UP_MS)
    times.splice(0)
    await askFor(MOST, ENOUGH_MS)
  } finally {
    connection.close()
  }
  return percentile(Float64Array.from(times).sort(), 50)
}
