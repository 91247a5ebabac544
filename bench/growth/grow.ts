/** Measures the same questions at growing numbers of accounts, on a server that is started anew at each. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Program, startProgram } from '../program.ts'
import { makeAccounts, passwordHash } from '../throughput/people.ts'
import { type Postgres, withClient } from '../throughput/postgres.ts'
import { migrate, settingsOf } from '../throughput/servers.ts'
import type { Grown, Planned } from './document.ts'
import { medianTime } from './measure.ts'
import { explaining, plansOf } from './plans.ts'
import { type Question, questionsOf, type Sample } from './questions.ts'

const SAMPLE = 500
/** Within this time a line of PostgreSQL's log has arrived. */
const LOG_MS = 300

interface Growing {
  readonly root: string
  readonly dataDir: string
  readonly postgres: Postgres
  readonly sizes: readonly number[]
  readonly withPlans: boolean
  readonly say: (line: string) => void
}

/** Accounts at even distances, without the administrator. */
const sampleOf = async (databaseUrl: string, size: number): Promise<Sample[]> => {
  const indexes = Array.from({ length: SAMPLE }, (_, at) => 1 + Math.floor((at * (size - 1)) / SAMPLE))
  return await withClient(databaseUrl, async (client) => {
    const found = 'SELECT last_name::int AS index, id FROM users WHERE last_name::int = ANY ($1::int[]) ORDER BY md5(id)'
    return (await client.query<Sample>(found, [indexes])).rows
  })
}

/** The median of a question, or undefined if it fails; then the benchmark fails too, at its end. */
const timeOf = async (url: string, question: Question, say: Growing['say']): Promise<number | undefined> => {
  try {
    const time = await medianTime(url, question)
    say(`  ${question.name}: ${time.toFixed(2)} ms`)
    return time
  } catch (error) {
    process.exitCode = 1
    say(`  ${question.name}: FAILED, ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

const measureSize = async ({ url }: Program, questions: readonly Question[], say: Growing['say']): Promise<Grown['medians']> => {
  const medians = new Map<string, number | undefined>()
  for (const question of questions) medians.set(question.name, await timeOf(url, question, say))
  return medians
}

const explain = async (databaseUrl: string, { postgres }: Growing, start: () => Promise<Program>, size: number): Promise<Planned[]> => {
  const database = new URL(databaseUrl).pathname.slice(1)
  await withClient(databaseUrl, async (client) => {
    for (const sql of explaining(database)) await client.query(sql)
  })
  const takeLog = (): Promise<string> => sleep(LOG_MS).then(() => postgres.takeLog())
  const program = await start()
  try {
    const planned: Planned[] = []
    for (const question of await questionsOf(program.url, size, await sampleOf(databaseUrl, size)))
      planned.push({ name: question.name, plans: await plansOf(program.url, question, takeLog) })
    return planned
  } finally {
    await program.stop()
  }
}

export async function grow(growing: Growing): Promise<{ grown: Grown[]; planned: Planned[] }> {
  const { root, dataDir, postgres, sizes, withPlans, say } = growing
  const [url, hashed] = [await postgres.create(), await passwordHash()]
  await migrate(root, url)
  const settings = settingsOf(dataDir, url)
  const start = (): Promise<Program> => startProgram(root, settings)
  const grown: Grown[] = []
  let made = 0
  for (const size of sizes) {
    const begun = performance.now()
    await withClient(url, (client) => makeAccounts(client, hashed, made, size))
    made = size
    say(`\n${size.toLocaleString('en')} accounts, made in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
    const program = await start()
    const questions = await questionsOf(program.url, size, await sampleOf(url, size))
    grown.push({ size, medians: await measureSize(program, questions, say).finally(() => program.stop()) })
  }
  return { grown, planned: withPlans ? await explain(url, growing, start, made) : [] }
}
