/**
 * What watching costs: CPU of the server for each request with the access log, the metrics, both, and with traces, as ratios to neither. The
 * servers run at once on one database and are measured in turns, so that what else the machine does hits all of them.
 *
 * `npm run bench:monitoring -- [--rounds N] [--seconds N]`; DATABASE_URL names a PostgreSQL server of yours; without it, one is started.
 */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { closedLoop } from './load/closedLoop.ts'
import { cpuOf } from './load/processes.ts'
import { cycle } from './load/traffic.ts'
import { type Program, startProgram } from './program.ts'
import { median } from './statistics.ts'
import { openPostgres } from './throughput/postgres.ts'
import { migrate, settingsOf } from './throughput/servers.ts'

const CONNECTIONS = 16
const ADMIN = { ADMIN_EMAIL: 'ada@example.com', ADMIN_PASSWORD: 'first programmer' }

const kindsOf = (collector: string): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
  neither: { ACCESS_LOG: 'false' },
  'access log': { ACCESS_LOG: 'true' },
  metrics: { ACCESS_LOG: 'false', METRICS_PORT: '0' },
  both: { ACCESS_LOG: 'true', METRICS_PORT: '0' },
  'traces of a tenth': { ACCESS_LOG: 'false', OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_TRACES_SAMPLER_ARG: '0.1' },
  'traces of all': { ACCESS_LOG: 'false', OTEL_EXPORTER_OTLP_ENDPOINT: collector },
})

/** Takes spans and throws them away. */
const startSink = async (): Promise<Server> => {
  const server = createServer((incoming, answer) => {
    incoming.resume().once('end', () => answer.end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const tokenOf = async (url: string): Promise<string> => {
  const body = JSON.stringify({ email: ADMIN.ADMIN_EMAIL, password: ADMIN.ADMIN_PASSWORD })
  const answer = await fetch(`${url}/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return ((await answer.json()) as { token: string }).token
}

/** Microseconds of CPU for each request. */
const measure = async ({ url, pid }: Program, token: string, seconds: number): Promise<number> => {
  const traffic = cycle([{ method: 'GET', path: '/api/user', token }], '"_id"')
  const before = cpuOf(pid) ?? Number.NaN
  const { requests } = await closedLoop(url, traffic, CONNECTIONS, seconds)
  return (((cpuOf(pid) ?? Number.NaN) - before) * 1_000) / requests
}

const ratioRow = (kind: string, figures: readonly number[], without: readonly number[]): string => {
  const ratios = figures.map((figure, round) => figure / (without[round] ?? Number.NaN))
  const cells = [median(ratios), Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(3))
  return `| ${kind} | ${median(figures).toFixed(0)} us | ${cells.join(' | ')} |\n`
}

interface Plan {
  readonly rounds: number
  readonly seconds: number
}

/** The figures of each kind, one a round. */
const measureAll = async (programs: ReadonlyMap<string, Program>, { rounds, seconds }: Plan): Promise<Map<string, number[]>> => {
  const measured = new Map<string, number[]>([...programs.keys()].map((kind) => [kind, []]))
  const [[, first] = []] = programs
  const token = await tokenOf(first?.url ?? '')
  for (const program of programs.values()) await measure(program, token, seconds)
  for (let round = 0; round < rounds; round += 1)
    for (const [kind, program] of programs) measured.get(kind)?.push(await measure(program, token, seconds))
  return measured
}

export async function main({ root, args }: { readonly root: string; readonly args: readonly string[] }): Promise<void> {
  const options = { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '4' } } as const
  const { values } = parseArgs({ args: [...args], options })
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-bench-'))
  const postgres = await openPostgres(process.env.DATABASE_URL)
  const programs = new Map<string, Program>()
  const sink = await startSink()
  try {
    const url = await postgres.create()
    await migrate(root, url)
    const base = { ...settingsOf(directory, url), ...ADMIN }
    const kinds = kindsOf(`http://127.0.0.1:${(sink.address() as AddressInfo).port}`)
    for (const [kind, settings] of Object.entries(kinds)) programs.set(kind, await startProgram(root, { ...base, ...settings }))
    const measured = await measureAll(programs, { rounds: Number(values.rounds), seconds: Number(values.seconds) })
    const without = measured.get('neither') ?? []
    process.stdout.write('| watched by | CPU a request | ratio, median | least | most |\n| --- | --- | --- | --- | --- |\n')
    for (const [kind, figures] of measured) process.stdout.write(ratioRow(kind, figures, without))
  } finally {
    for (const program of programs.values()) await program.stop()
    sink.closeAllConnections()
    sink.close()
    await postgres.stop()
    await rm(directory, { recursive: true, force: true })
  }
}
