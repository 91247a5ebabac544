/**
 * Measures the same questions at growing numbers of accounts. All sizes have a database and a server, and are asked in turns, so that what
 * else the machine does, and how long a server has run, is alike for all.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Program, startProgram } from '../program.ts'
import { makeAccounts, passwordHash } from '../throughput/people.ts'
import { type Postgres, withClient } from '../throughput/postgres.ts'
import { migrate, settingsOf } from '../throughput/servers.ts'
import type { Grown, Planned } from './document.ts'
import { medianTimes } from './measure.ts'
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

interface Base {
  readonly size: number
  readonly databaseUrl: string
  readonly settings: ReturnType<typeof settingsOf>
  readonly program: Program
  readonly questions: readonly Question[]
}

/** A database of its own for each size, with a server of its own. */
const makeBase = async ({ root, dataDir, postgres, say }: Growing, hashed: string, size: number): Promise<Base> => {
  const begun = performance.now()
  const databaseUrl = await postgres.create()
  await migrate(root, databaseUrl)
  await withClient(databaseUrl, async (client) => {
    await makeAccounts(client, hashed, 0, size)
    // What was written is on the disk before anything is measured.
    await client.query('CHECKPOINT')
  })
  say(`${size.toLocaleString('en')} accounts, made in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
  const ownDir = join(dataDir, String(size))
  await mkdir(ownDir)
  const settings = settingsOf(ownDir, databaseUrl)
  const program = await startProgram(root, settings)
  return { size, databaseUrl, settings, program, questions: await questionsOf(program.url, size, await sampleOf(databaseUrl, size)) }
}

/** The medians of a question at all sizes; undefined where it fails; then the benchmark fails too, at its end. */
const timesOf = async (bases: readonly Base[], at: number, say: Growing['say']): Promise<(number | undefined)[]> => {
  const name = bases[0]?.questions[at]?.name ?? ''
  const asked = bases.map(({ program, questions }) => ({ url: program.url, traffic: (questions[at] as Question).traffic }))
  const times = await medianTimes(asked, (index, error) => {
    process.exitCode = 1
    say(`  ${name} at ${bases[index]?.size}: FAILED, ${error instanceof Error ? error.message : String(error)}`)
  })
  say(`  ${name}: ${times.map((time) => time?.toFixed(2) ?? 'failed').join(' ')} ms`)
  return times
}

const measureAll = async (bases: readonly Base[], say: Growing['say']): Promise<Grown[]> => {
  const medians = bases.map(() => new Map<string, number | undefined>())
  for (const [at, { name }] of (bases[0]?.questions ?? []).entries())
    for (const [index, time] of (await timesOf(bases, at, say)).entries()) medians[index]?.set(name, time)
  return bases.map(({ size }, index) => ({ size, medians: medians[index] ?? new Map() }))
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
  const { root, sizes, withPlans, say } = growing
  const hashed = await passwordHash()
  const bases: Base[] = []
  const measure = async (): Promise<Grown[]> => {
    try {
      for (const size of sizes) bases.push(await makeBase(growing, hashed, size))
      return await measureAll(bases, say)
    } finally {
      for (const { program } of bases) await program.stop()
    }
  }
  const grown = await measure()
  const largest = bases.at(-1)
  if (!withPlans || largest === undefined) return { grown, planned: [] }
  const { databaseUrl, size, settings } = largest
  return { grown, planned: await explain(databaseUrl, growing, () => startProgram(root, settings), size) }
}
