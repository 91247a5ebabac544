/** The program as a process: how it starts, how it refuses to, and how it ends. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type ClientRequest, createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { killAll, type Program, startProgram } from '../support/program.ts'

let directory: string
const fresh = (): string => mkdtempSync(join(directory, 'run-'))

const query = JSON.stringify({ query: '{ __typename }' })

/** A request whose body is half sent. */
const openRequest = async (base: string): Promise<{ request: ClientRequest; answer: Promise<IncomingMessage> }> => {
  const request = httpRequest(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': query.length },
  })
  const answer = new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject))
  answer.catch(() => undefined)
  request.write(query.slice(0, 5))
  await delay(300)
  return { request, answer }
}

const expectOneLine = (program: Program, line: RegExp): void => {
  expect(program.errors()).toMatch(line)
  expect(program.errors().trimEnd().split('\n')).toHaveLength(1)
  expect(program.out()).not.toContain('ready')
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-main-'))
  const first = startProgram(directory)
  await first.ready()
  first.signal('SIGTERM')
  await first.exit
}, 120_000)
afterEach(killAll)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('a start', () => {
  test('is announced by a banner, on the port that was free, and answers there', async () => {
    const program = startProgram(fresh())
    const base = await program.ready()
    expect(new URL(base).port).not.toBe('0')
    for (const path of ['/healthz', '/readyz']) expect((await fetch(`${base}${path}`)).status).toBe(200)
    const banner = program.out()
    for (const word of ['GraphiQL', 'idiot', 'wekan', 'xiot', 'authentication', 'PGlite', 'administrator', 'outbox'])
      expect(banner).toContain(word)
    expect(program.errors()).toBe('')
    program.signal('SIGTERM')
    expect(await program.exit).toEqual({ code: 0, signal: null })
  })

  test('on a directory that was used before is quick', async () => {
    const begun = performance.now()
    const program = startProgram(directory)
    await program.ready()
    const ms = performance.now() - begun
    process.stdout.write(`second start: ready after ${Math.round(ms)} ms\n`)
    expect(ms).toBeLessThan(15_000)
  })

  test('prints no secret', async () => {
    const secret = 'hunter2-hunter2-hunter2-hunter2-hunter2'
    const program = startProgram(fresh(), {
      LOG_LEVEL: 'trace',
      SECRET_KEY: secret,
      ADMIN_EMAIL: 'admin@example.com',
      ADMIN_PASSWORD: secret,
      SMTP_URL: `smtp://user:${secret}@127.0.0.1:1`,
    })
    await program.ready()
    program.signal('SIGTERM')
    await program.exit
    expect(program.out() + program.errors()).not.toContain(secret)
    expect(program.out()).toContain('127.0.0.1:1')
  })

  test('reads .env of the directory that it is started in', async () => {
    const cwd = fresh()
    writeFileSync(join(cwd, '.env'), 'DIALECTS=wekan\nWEKAN_PREFIX=/boards\nDATA_DIR=elsewhere\n')
    const program = startProgram(cwd)
    const base = await program.ready()
    expect(program.out()).toContain('/boards/users')
    expect(program.out()).not.toContain('/v1')
    expect(program.out()).toContain('elsewhere')
    expect((await fetch(`${base}/readyz`)).status).toBe(200)
  })
})

describe('is refused with one clear line and exit code 1', () => {
  test('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const program = startProgram(fresh(), { PORT: String(port) })
    expect(await program.exit).toEqual({ code: 1, signal: null })
    expectOneLine(program, new RegExp(`port ${port}.*in use`))
    other.close()
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['one bad setting', { REGISTRATION: 'maybe' }, /bad setting: REGISTRATION/],
    ['a data directory that is none', { DATA_DIR: '/dev/null/data' }, /data directory \/dev\/null\/data can not be used: ENOTDIR/],
    ['a database that is away', { DATABASE_URL: 'postgresql://user:hunter2@127.0.0.1:1/db' }, /database.*127\.0\.0\.1:1/i],
    [
      'a manifest that is not there',
      { PERSISTED_OPERATIONS: 'none.json' },
      /bad setting: PERSISTED_OPERATIONS: none\.json can not be read \(ENOENT\)/,
    ],
    ['a registration that nobody can open', { REGISTRATION: 'closed' }, /REGISTRATION/],
  ])('%s', async (_name, env, line) => {
    const program = startProgram(fresh(), env)
    expect(await program.exit).toEqual({ code: 1, signal: null })
    expectOneLine(program, line)
    expect(program.errors()).not.toContain('hunter2')
  })

  test('a data directory that another process has open', async () => {
    const cwd = fresh()
    const first = startProgram(cwd)
    const base = await first.ready()
    const second = startProgram(cwd)
    expect(await second.exit).toEqual({ code: 1, signal: null })
    expectOneLine(second, /data/)
    expect((await fetch(`${base}/readyz`)).status).toBe(200)
  })

  test('a .env that is none', async () => {
    const cwd = fresh()
    writeFileSync(join(cwd, '.env'), 'PORT=0\nREGISTRATION open\n')
    const program = startProgram(cwd)
    expect(await program.exit).toEqual({ code: 1, signal: null })
    expectOneLine(program, /\.env: line 2/)
  })

  test('several bad settings: one line each, all at once', async () => {
    const program = startProgram(fresh(), { PORT: 'x', REGISTRATION: 'maybe', ACCESS_TOKEN_LIFE: 'soon' })
    expect(await program.exit).toEqual({ code: 1, signal: null })
    expect(program.errors()).toMatch(/^vestibule: 3 bad settings:\n {2}PORT: .*\n {2}REGISTRATION: .*\n {2}ACCESS_TOKEN_LIFE: .*\n$/)
  })
})

describe('the end', () => {
  test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    '%s lets an open request finish, closes idle connections, and exits with 0',
    async (signal) => {
      const program = startProgram(directory)
      const base = await program.ready()
      await (await fetch(`${base}/healthz`)).text()
      const { request, answer } = await openRequest(base)
      program.signal(signal)
      await delay(300)
      await expect(fetch(`${base}/healthz`)).rejects.toThrow()
      request.end(query.slice(5))
      const response = await answer
      expect(response.statusCode).toBe(200)
      expect(response.headers.connection).toBe('close')
      expect(JSON.parse(await text(response))).toBeTypeOf('object')
      const finished = performance.now()
      expect(await program.exit).toEqual({ code: 0, signal: null })
      expect(performance.now() - finished).toBeLessThan(5_000)
      expect(program.errors()).toBe('')
    },
  )

  test('the two signals of one Ctrl-C under npm count as one, a later one exits at once', async () => {
    const program = startProgram(directory)
    const { answer } = await openRequest(await program.ready())
    program.signal('SIGINT')
    await delay(50)
    program.signal('SIGINT')
    await delay(1_000)
    program.signal('SIGINT')
    const begun = performance.now()
    expect(await program.exit).toEqual({ code: 1, signal: null })
    expect(performance.now() - begun).toBeLessThan(2_000)
    await expect(answer).rejects.toThrow()
  })

  test('a hung request is cut after ten seconds, and the exit code is 0', async () => {
    const program = startProgram(directory)
    const { answer } = await openRequest(await program.ready())
    const begun = performance.now()
    program.signal('SIGTERM')
    expect(await program.exit).toEqual({ code: 0, signal: null })
    expect(performance.now() - begun).toBeGreaterThan(9_500)
    await expect(answer).rejects.toThrow()
  })

  test('a signal in the middle of a start ends it well: the directory can be used again', async () => {
    const cwd = fresh()
    const first = startProgram(cwd, { PORT: '0' })
    await delay(700)
    first.signal('SIGTERM')
    expect([0, null]).toContain((await first.exit).code)
    const second = startProgram(cwd)
    expect((await fetch(`${await second.ready()}/readyz`)).status).toBe(200)
  })
})
