/**
 * An open loop: requests are due at a fixed rate, whether earlier ones are answered or not, and times count from when a request was
 * due. So a server that stalls is not asked less (no coordinated omission).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, openConnection } from './connection.ts'
import type { Traffic } from './traffic.ts'

/** The times of `rate` requests a second, in milliseconds and ascending order. @throws if an answer is not the wanted one */
export async function pacedLoop(url: string, traffic: Traffic, rate: number, seconds: number): Promise<Float64Array> {
  const port = Number(new URL(url).port)
  const opened: Connection[] = []
  const idle: Connection[] = []
  const times: number[] = []
  const send = async (due: number): Promise<void> => {
    const connection = idle.shift() ?? openConnection(port)
    if (!opened.includes(connection)) opened.push(connection)
    const answer = await connection.ask(traffic.next(0))
    times.push(performance.now() - due)
    traffic.take(0, answer)
    idle.push(connection)
  }
  const begun = performance.now()
  const sent: Promise<void>[] = []
  let failed = false
  const fail = (): void => {
    failed = true
  }
  while (sent.length < rate * seconds && !failed) {
    const due = begun + (sent.length * 1000) / rate
    if (performance.now() < due) await sleep(1)
    else {
      const answered = send(due)
      answered.catch(fail)
      sent.push(answered)
    }
  }
  await Promise.all(sent).finally(() => {
    for (const connection of opened) connection.close()
  })
  return Float64Array.from(times).sort()
}
