/** How long a server takes from its start to its first answer, and the memory that it holds then and after all the load. */
import { setTimeout as sleep } from 'node:timers/promises'
import { memoryOf } from '../load/processes.ts'
import { median } from '../statistics.ts'
import { askOne } from './askAll.ts'
import type { Subject } from './measure.ts'

/** By then V8 has given back what only the start needed. */
const SETTLED_MS = 10_000

export interface Start {
  readonly name: string
  /** Seconds from the start of the process to the first answer. */
  readonly seconds: number
  /** MiB ten seconds later, and of the server that all loads ran against; undefined if it cannot be read. */
  readonly idle: number | undefined
  readonly loaded: number | undefined
}

const startOnce = async ({ server }: Subject, first: Buffer): Promise<{ seconds: number; idle: number | undefined }> => {
  const begun = performance.now()
  const program = await server.start()
  try {
    await askOne(program.url, first)
    const seconds = (performance.now() - begun) / 1000
    await sleep(SETTLED_MS)
    return { seconds, idle: memoryOf(program.pid) }
  } finally {
    await program.stop()
  }
}

/** Medians, the servers started in turns. Call it after all loads. */
export async function measureStarts(subjects: readonly Subject[], rounds: number, say: (line: string) => void): Promise<Start[]> {
  const started: { subject: Subject; seconds: number[]; idle: number[] }[] = subjects.map((subject) => ({ subject, seconds: [], idle: [] }))
  for (let round = 1; round <= rounds; round += 1) {
    for (const { subject, seconds, idle } of started) {
      const { url } = await subject.server.running()
      const once = await startOnce(subject, (await subject.traffic(url)).next(0))
      seconds.push(once.seconds)
      if (once.idle !== undefined) idle.push(once.idle)
      say(`  ${round}/${rounds} ${subject.server.name}: ${once.seconds.toFixed(2)} s`)
    }
  }
  return await Promise.all(
    started.map(async ({ subject: { server }, seconds, idle }) => ({
      name: server.name,
      seconds: median(seconds),
      idle: idle.length === 0 ? undefined : median(idle),
      loaded: memoryOf((await server.running()).pid),
    })),
  )
}
