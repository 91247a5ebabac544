/**
 * The metrics as Prometheus reads them, and what is made of them in `ops`: rules and a dashboard name only metrics that there are.
 */
import { readFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gatherMetrics } from '../../src/server/metrics/gatherMetrics.ts'
import { createMetrics } from '../../src/server/metrics/metrics.ts'
import { type MetricsServer, serveMetrics } from '../../src/server/metrics/metricsServer.ts'
import { admin, PASSWORD, type Person } from '../support/accounts.ts'
import { openTestDatabase } from '../support/database.ts'
import { samplesOf, sampleValue } from '../support/prometheusText.ts'
import { openWorld, type World } from '../support/world.ts'

const TOKEN = 'the token of Prometheus'
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

let world: World
let boss: Person
let server: MetricsServer | undefined
const metrics = createMetrics()
const scrape = async (headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }, path = '/metrics', method = 'GET') =>
  await fetch(`http://127.0.0.1:${server?.port}${path}`, { headers, method })
const read = async () => samplesOf(await (await scrape()).text())

beforeAll(async () => {
  const db = await openTestDatabase()
  world = await openWorld({}, { db, observer: metrics.observer })
  metrics.add(world.app.domain, db)
  boss = await admin(world)
  server = await serveMetrics({ host: '127.0.0.1', port: 0, token: TOKEN, text: metrics.text, log })
})
afterAll(async () => {
  await server?.close()
  await world.close()
  await world.db.close()
})

describe('a scrape', () => {
  it('counts requests by surface, operation and outcome, and their time', async () => {
    const before = await read()
    const grew = (name: string, labels: Record<string, string>, after: typeof before) =>
      sampleValue(after, name, labels) - sampleValue(before, name, labels)
    await world.post('/auth/login', { email: boss.email, password: PASSWORD })
    await world.post('/auth/login', { email: boss.email, password: 'a wrong password' })
    await world.post('/users/login', { username: boss.username, password: 'a wrong password' })
    await world.graphql('{ me { id } }', {}, boss.token)
    await world.graphql('{ me { id } node(id: "none") { id } }', {}, boss.token)
    await world.get('/nowhere')
    const after = await read()
    const requests = (surface: string, operation: string, outcome: string) =>
      grew('vestibule_requests_total', { surface, operation, outcome }, after)
    expect(requests('authentication', 'signIn', 'OK')).toBe(1)
    expect(requests('authentication', 'signIn', 'BAD_CREDENTIALS')).toBe(1)
    expect(requests('wekan', 'signIn', 'BAD_CREDENTIALS')).toBe(1)
    expect(requests('graphql', 'me', 'OK')).toBe(1)
    expect(requests('graphql', 'several', 'NOT_FOUND')).toBe(1)
    expect(requests('server', 'none', 'NOT_FOUND')).toBe(1)
    expect(grew('vestibule_sign_ins_total', { surface: 'authentication', outcome: 'OK' }, after)).toBe(1)
    expect(grew('vestibule_sign_ins_total', { surface: 'wekan', outcome: 'BAD_CREDENTIALS' }, after)).toBe(1)
    expect(grew('vestibule_request_duration_seconds_count', { surface: 'authentication', operation: 'signIn' }, after)).toBe(2)
    expect(grew('vestibule_request_duration_seconds_bucket', { surface: 'authentication', operation: 'signIn', le: '10' }, after)).toBe(2)
    expect(sampleValue(after, 'vestibule_requests_in_progress', {})).toBe(0)
  })

  it('says what requests wait for, and how the process is', async () => {
    const now = await read()
    expect(sampleValue(now, 'vestibule_hashes_waiting_limit', {})).toBe(128)
    expect(sampleValue(now, 'vestibule_hashes_running', {})).toBe(0)
    expect(sampleValue(now, 'vestibule_hashes_waiting', {})).toBe(0)
    expect(sampleValue(now, 'vestibule_database_away', {})).toBe(0)
    expect(sampleValue(now, 'vestibule_database_connections_limit', {})).toBe(10)
    expect(sampleValue(now, 'vestibule_database_connections', {})).toBeGreaterThan(0)
    expect(sampleValue(now, 'vestibule_database_waiting', {})).toBe(0)
    expect(sampleValue(now, 'vestibule_outbox_entries', {})).toBe(0)
    expect(sampleValue(now, 'process_resident_memory_bytes', {})).toBeGreaterThan(10_000_000)
    expect(sampleValue(now, 'nodejs_eventloop_lag_p99_seconds', {})).toBeGreaterThan(0)
  })

  it('has no label that a client makes up', async () => {
    await world.request('POST', '/graphql', { json: { query: 'query Invented { invented: me { id } }', operationName: 'Invented' } })
    await world.request('GET', '/invented/by-a-client?invented=1', { headers: { 'user-agent': 'invented' } })
    expect((await (await scrape()).text()).toLowerCase()).not.toContain('invented')
  })

  it('needs the token, the path and GET', async () => {
    expect((await scrape({})).status).toBe(401)
    expect((await scrape({ authorization: 'Bearer another token' })).status).toBe(401)
    expect((await scrape(undefined, '/')).status).toBe(404)
    expect((await scrape(undefined, '/metrics', 'POST')).status).toBe(405)
    const answer = await scrape()
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  })
})

it('50 connections that ask for what they do not get, or say nothing, do not keep Prometheus out', async () => {
  const sockets = Array.from({ length: 50 }, (_, index) => {
    const socket = connect(server?.port ?? 0, '127.0.0.1')
    socket.on('error', () => undefined)
    if (index % 2 === 0) socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    return socket
  })
  await delay(200)
  const options = { port: server?.port, path: '/metrics', agent: false, headers: { authorization: `Bearer ${TOKEN}` } }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => void get(options, resolve).once('error', reject))
  answer.resume()
  expect([answer.statusCode, answer.headers['x-content-type-options']]).toEqual([200, 'nosniff'])
  for (const socket of sockets) socket.destroy()
})

describe('the metrics of several workers', () => {
  it('are their sum, and what a worker counted stays counted when it ends', async () => {
    const gathered = gatherMetrics()
    const workers = [createMetrics(), createMetrics()] as const
    const request = {
      requestId: 'one',
      method: 'GET',
      about: { surface: 'graphql', operation: 'me' },
      outcome: 'OK',
      status: 200,
      seconds: 0.003,
    }
    const serve = (index: 0 | 1) => {
      workers[index].observer.arrived()
      workers[index].observer.answered({ ...request, clientAddress: '', hasArrived: true })
    }
    const counted = async () =>
      sampleValue(samplesOf(await gathered.text()), 'vestibule_requests_total', { surface: 'graphql', operation: 'me', outcome: 'OK' })
    for (let index = 0; index < 3; index += 1) serve(0)
    for (let index = 0; index < 4; index += 1) serve(1)
    gathered.take(1, await workers[0].snapshot())
    gathered.take(2, await workers[1].snapshot())
    expect(await counted()).toBe(7)
    await gathered.ended(1)
    expect(await counted()).toBe(7)
    const successor = createMetrics()
    successor.observer.answered({ ...request, clientAddress: '', hasArrived: false })
    gathered.take(1, await successor.snapshot())
    expect(await counted()).toBe(8)
    await gathered.ended(1)
    await gathered.ended(2)
    expect(await counted()).toBe(8)
    const text = await gathered.text()
    expect(
      sampleValue(samplesOf(text), 'vestibule_request_duration_seconds_bucket', { surface: 'graphql', operation: 'me', le: '0.005' }),
    ).toBe(8)
  })
})

describe('what is in ops', () => {
  const opsFile = (name: string) => readFileSync(fileURLToPath(new URL(`../../ops/prometheus/${name}`, import.meta.url)), 'utf8')
  it.each(['rules.yml', 'dashboard.json'])('%s names only metrics that a scrape has', async (name) => {
    const known = new Set((await read()).map((sample) => sample.name))
    const named = [...new Set(opsFile(name).match(/\b(?:vestibule|process|nodejs)_[a-z0-9_]+\b/g))].filter(
      (metric) => !metric.includes('vestibule_slo'),
    )
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((metric) => !known.has(metric))).toEqual([])
  })
})
