/**
 * The log is waited for by nobody: a reader that stops, a pipe that is closed and a full disk cost lines, and neither the process nor
 * its requests. What was dropped is reported, and the last lines before the end come out.
 */
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createLogStream } from '../../src/server/logStream.ts'
import { useProgramDatabase } from '../support/database.ts'
import { killAll, startProgram } from '../support/program.ts'

const storage = useProgramDatabase()
let directory: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-log-'))
})
afterEach(killAll)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const refresh = (base: string): Promise<Response> =>
  fetch(`${base}/auth/refresh-tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refreshToken: 'none of ours' }),
  })

/** Registers, which writes a mail and so a line, whose name makes lines long. */
const register = (base: string, name: string): Promise<Response> =>
  fetch(`${base}/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ada', email: `${name}@example.com`, password: 'password', confirm: 'password' }),
  })

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

const untilReady = async (base: string): Promise<void> => {
  await expect.poll(async () => (await fetch(`${base}/readyz`).catch(() => undefined))?.status, { timeout: 40_000 }).toBe(200)
}

describe('the program', () => {
  const SETTINGS = { LIMIT_ADDRESS_PER_MINUTE: '100000', LOG_LEVEL: 'trace' }

  test('the program writes one line a second about 300 bad refresh tokens, with the number of the others', async () => {
    const program = startProgram(directory, { ...storage(), ...SETTINGS })
    const base = await program.ready()
    const begun = performance.now()
    for (let index = 0; index < 300; index += 1) expect((await refresh(base)).status).toBe(401)
    const seconds = (performance.now() - begun) / 1_000
    await delay(1_500)
    const lines = program
      .out()
      .split('\n')
      .filter((line) => line.includes('an unknown refresh token was presented'))
      .map((line) => JSON.parse(line))
    expect(lines.length).toBeLessThanOrEqual(2 * Math.ceil(seconds) + 2)
    expect(lines.reduce((sum, { omitted }) => sum + (omitted ?? 1), 0)).toBe(300)
  })

  test('the program goes on while nobody reads its output, and when the output is closed', async () => {
    const program = startProgram(directory, { ...storage(), ...SETTINGS })
    const base = await program.ready()
    program.stopReading()
    for (let index = 0; index < 400; index += 1) expect((await refresh(base)).status).toBe(401)
    expect((await register(base, 'ada')).status).toBe(201)
    program.closeOutput()
    await delay(1_100)
    for (let index = 0; index < 5; index += 1) expect((await refresh(base)).status).toBe(401)
    expect((await register(base, 'bea')).status).toBe(201)
    program.signal('SIGINT')
    expect(await program.exit).toEqual({ code: 0, signal: null })
  })

  test('the program goes on where the disk is full', async () => {
    const full = openSync('/dev/full', 'w')
    const port = await freePort()
    const program = startProgram(directory, { ...storage(), ...SETTINGS, PORT: String(port) }, full)
    closeSync(full)
    const base = `http://127.0.0.1:${port}`
    await untilReady(base)
    expect((await refresh(base)).status).toBe(401)
    expect((await register(base, 'cleo')).status).toBe(201)
    expect((await fetch(`${base}/readyz`)).status).toBe(200)
    program.signal('SIGINT')
    expect(await program.exit).toEqual({ code: 0, signal: null })
  })

  test('the program lets its last lines out', async () => {
    const program = startProgram(directory, { ...storage(), ...SETTINGS })
    await program.ready()
    program.signal('SIGINT')
    await program.exit
    expect(program.out().trimEnd().split('\n').at(-1)).toContain('"msg":"stopped"')
  })
})

describe('the stream of lines', () => {
  const line = `${'x'.repeat(1_023)}\n`

  test('the stream of lines keeps 1 MiB for a reader that stops, drops the rest, and tells how many once it goes on', async () => {
    const reported: number[] = []
    const stream = new PassThrough({ highWaterMark: 16 })
    const log = createLogStream(stream, (count) => void reported.push(count))
    for (let index = 0; index < 3_000; index += 1) log.write(line)
    expect(stream.writableLength).toBeLessThanOrEqual(1024 * 1024)
    expect(reported).toEqual([])
    let read = 0
    stream.on('data', (chunk: Buffer) => {
      read += chunk.length
    })
    await expect.poll(() => reported).toHaveLength(1)
    await expect.poll(() => read / 1_024 + (reported[0] ?? 0)).toBe(3_000)
  })

  test('the stream of lines counts what fails, and tells when it works again', async () => {
    const reported: number[] = []
    let isFull = true
    const stream = new Writable({
      autoDestroy: false,
      write: (_chunk, _encoding, done) => done(isFull ? Object.assign(new Error('full'), { code: 'ENOSPC' }) : null),
    })
    stream.on('error', () => undefined)
    const log = createLogStream(stream, (count) => void reported.push(count))
    log.write(line)
    await delay(10)
    expect(reported).toEqual([])
    isFull = false
    Object.assign(stream, {
      _writableState: Object.assign((stream as never as { _writableState: object })._writableState, { errored: null }),
    })
    log.write(line)
    await expect.poll(() => reported).toEqual([1])
  })

  test('flushes within a second, also where nobody reads', async () => {
    const log = createLogStream(new PassThrough({ highWaterMark: 16 }), () => undefined)
    for (let index = 0; index < 100; index += 1) log.write(line)
    const begun = performance.now()
    await log.flush()
    expect(performance.now() - begun).toBeGreaterThan(900)
    expect(performance.now() - begun).toBeLessThan(3_000)
  })
})
