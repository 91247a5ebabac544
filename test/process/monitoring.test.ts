/**
 * A program and those who watch it: its access log and its metrics over the network, and with `npm run test:monitoring` a real Prometheus with
 * the rules in `ops`, and workers of which one is killed.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { workersOf } from '../support/children.ts'
import { createPostgresDatabase } from '../support/database.ts'
import { isFullSize } from '../support/fullSize.ts'
import { startCollector, treeOf } from '../support/otlp/collector.ts'
import { killAll, logLines, type Program, startProgram } from '../support/program.ts'
import { samplesOf, sampleValue } from '../support/prometheusText.ts'

const TOKEN = 'the token of Prometheus'
const OPS = fileURLToPath(new URL('../../ops/prometheus', import.meta.url))

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-monitoring-'))
})
afterAll(async () => {
  await killAll()
  rmSync(directory, { recursive: true, force: true })
})

const metricsPort = async (program: Program): Promise<number> => {
  const lineOf = () => logLines(program.out()).find(({ msg }) => msg === 'metrics are served')
  await expect.poll(lineOf).toBeDefined()
  return Number(lineOf()?.port)
}
const scrape = async (port: number) =>
  samplesOf(await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text())
const ask = async (base: string): Promise<string> => {
  const answer = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: '{"query":"{ me { id } }"}',
  })
  await answer.text()
  return answer.headers.get('x-request-id') ?? ''
}
const ME = { surface: 'graphql', operation: 'me', outcome: 'OK' }

test('a program writes a line for each request, serves its metrics on a port of their own with a token, and sends its traces before it ends', async () => {
  const collector = await startCollector()
  const watched = { ACCESS_LOG: 'true', METRICS_PORT: '0', METRICS_TOKEN: TOKEN, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
  const program = startProgram(directory, watched)
  const base = await program.ready()
  const port = await metricsPort(program)
  const ids = [await ask(base), await ask(base), await ask(base)]
  const requests = () => logLines(program.out()).filter(({ msg }) => msg === 'request')
  await expect.poll(() => requests().map(({ requestId }) => requestId)).toEqual(ids)
  expect(requests()[0]).toMatchObject({ level: 'info', surface: 'graphql', route: '/graphql', operation: 'me', outcome: 'OK', status: 200 })
  expect(sampleValue(await scrape(port), 'vestibule_requests_total', ME)).toBe(3)
  expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(401)
  expect((await fetch(`${base}/metrics`)).status).toBe(404)
  const signedIn = await fetch(`${base}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"email":"nobody@example.com","password":"no password"}',
  })
  expect(signedIn.status).toBe(401)
  program.signal('SIGTERM')
  expect(await program.exit).toEqual({ code: 0, signal: null })
  await collector.close()
  expect(treeOf(collector.spans, String(requests().at(-1)?.traceId))).toBe(`POST /v1/auth/login
  row POST /v1/auth/login
    find caller
    authorize
    graphql mutation V1Login
      operation signIn
        authorize
        limit attempts
        SELECT rate_limits
        check password
          verify hash
            SELECT users
            compute hash
            WITH users
        record failure
          INSERT audit_events`)
})

test.skipIf(!isFullSize)('each of several workers sends its traces', async () => {
  const [collector, database] = await Promise.all([startCollector(), createPostgresDatabase({ empty: true })])
  const program = startProgram(directory, { DATABASE_URL: database.url, WORKERS: '2', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  try {
    const base = await program.ready()
    for (let index = 0; index < 20; index += 1) await ask(base)
    program.signal('SIGTERM')
    expect(await program.exit).toEqual({ code: 0, signal: null })
    const roots = collector.spans.filter(({ name }) => name === 'POST /graphql')
    expect(roots).toHaveLength(20)
    expect(new Set(roots.map(({ resource }) => resource['service.instance.id'])).size).toBe(2)
  } finally {
    await collector.close()
    await database.drop()
  }
})

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe.skipIf(!isFullSize || !existsSync('/usr/bin/prometheus'))('a real Prometheus', () => {
  test('promtool finds the rules right, and they fire when they should', () => {
    const options = { cwd: OPS, encoding: 'utf8' } as const
    expect(execFileSync('promtool', ['check', 'rules', 'rules.yml'], options)).toContain('SUCCESS')
    expect(execFileSync('promtool', ['test', 'rules', 'rules.test.yml'], options)).toContain('SUCCESS')
    expect(execFileSync('promtool', ['check', 'config', '--syntax-only', 'prometheus.yml'], options)).toContain('SUCCESS')
  })

  test('it scrapes two workers as one target, and their counts stay right when one is killed', async () => {
    const database = await createPostgresDatabase({ empty: true })
    const program = startProgram(directory, { DATABASE_URL: database.url, WORKERS: '2', METRICS_PORT: '0', METRICS_TOKEN: TOKEN })
    const base = await program.ready()
    const target = `127.0.0.1:${await metricsPort(program)}`
    const own = await freePort()
    writeFileSync(join(directory, 'metrics_token'), TOKEN)
    writeFileSync(join(directory, 'rules.yml'), readFileSync(join(OPS, 'rules.yml')))
    const config = readFileSync(join(OPS, 'prometheus.yml'), 'utf8').replace('127.0.0.1:9464', target).replace('15s', '1s')
    writeFileSync(join(directory, 'prometheus.yml'), config)
    const prometheus = spawn(
      '/usr/bin/prometheus',
      [
        `--config.file=${join(directory, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(directory, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${own}`,
      ],
      { stdio: 'ignore' },
    )
    try {
      // biome-ignore lint/suspicious/noExplicitAny: what Prometheus answers
      const api = async (path: string): Promise<any> =>
        (await fetch(`http://127.0.0.1:${own}/api/v1/${path}`).catch(() => undefined))?.json()
      const total = async () => {
        const query = encodeURIComponent('sum(vestibule_requests_total{operation="me",outcome="OK"})')
        return Number((await api(`query?query=${query}`))?.data?.result?.[0]?.value?.[1] ?? 0)
      }
      for (let index = 0; index < 40; index += 1) await ask(base)
      await expect.poll(total, { timeout: 20_000, interval: 500 }).toBe(40)
      const { data } = await api('targets')
      expect(data.activeTargets).toMatchObject([
        { health: 'up', lastError: '', scrapePool: 'vestibule', labels: { instance: target, job: 'vestibule' } },
      ])
      process.stdout.write(`targets: ${JSON.stringify(data.activeTargets[0])}\n`)
      process.kill(workersOf(program.pid).get(1) ?? 0, 'SIGKILL')
      await expect.poll(() => logLines(program.out()).some(({ msg }) => msg === 'a worker was replaced'), { timeout: 30_000 }).toBe(true)
      expect(await total()).toBe(40)
      for (let index = 0; index < 10; index += 1) await ask(base)
      await expect.poll(total, { timeout: 20_000, interval: 500 }).toBe(50)
      const rules = (await api('rules')).data.groups.flatMap((group: { rules: readonly { health: string }[] }) => group.rules)
      expect(rules).toHaveLength(14)
      expect(rules.filter((rule: { health: string }) => rule.health === 'err')).toEqual([])
    } finally {
      prometheus.kill('SIGTERM')
      program.signal('SIGTERM')
      await program.exit
      await database.drop()
    }
  })
})
