/** Mails and the life of the process: what waits when it is killed goes out after its next start. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createPostgresDatabase } from '../support/database.ts'
import { isFullSize } from '../support/fullSize.ts'
import { killAll, startProgram } from '../support/program.ts'
import { deadPort, startMailServer } from '../support/smtpServer.ts'

const SECRET_KEY = 'the-secret-key-of-this-test-is-long-enough'
let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-mails-'))
})
afterEach(killAll)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const register = async (base: string, email: string): Promise<number> => {
  const json = { name: 'Ada King', email, password: 'first programmer', confirm: 'first programmer' }
  const headers = { 'content-type': 'application/json' }
  return (await fetch(`${base}/auth/register`, { method: 'POST', headers, body: JSON.stringify(json) })).status
}

// The next test kills one as well.
test.skipIf(!isFullSize)('a process that is killed while its mail server is away sends its mails after the next start, once', async () => {
  const cwd = mkdtempSync(join(directory, 'run-'))
  const port = await deadPort()
  const database = await createPostgresDatabase()
  const env = { DATABASE_URL: database.url, SECRET_KEY, SMTP_URL: `smtp://127.0.0.1:${port}` }
  const first = startProgram(cwd, env)
  expect(await register(await first.ready(), 'ada@example.com')).toBe(201)
  await expect.poll(() => first.out() + first.errors(), { timeout: 15_000 }).toContain('no mail can be sent')
  first.signal('SIGKILL')
  await first.exit

  const server = await startMailServer({ port })
  await startProgram(cwd, env).ready()
  await expect.poll(() => server.received.map(({ to }) => to), { timeout: 30_000 }).toEqual([['ada@example.com']])
  await killAll()
  await Promise.all([server.close(), database.drop()])
})

test('a process that is killed with a mail on its way sends it after its next start, within 40 s of the end', async () => {
  const cwd = mkdtempSync(join(directory, 'run-'))
  let taken = 0
  const silent = await startMailServer({
    onData: () => {
      taken += 1
    },
  })
  const first = startProgram(cwd, { SMTP_URL: silent.url })
  expect(await register(await first.ready(), 'ada@example.com')).toBe(201)
  await expect.poll(() => taken, { timeout: 9_000 }).toBe(1)
  first.signal('SIGKILL')
  await first.exit
  const killed = performance.now()
  const server = await startMailServer()
  await startProgram(cwd, { SMTP_URL: server.url }).ready()
  await expect.poll(() => server.received.map(({ to }) => to), { timeout: 60_000 }).toEqual([['ada@example.com']])
  const seconds = (performance.now() - killed) / 1_000
  process.stdout.write(`kill -9 to delivery after the next start: ${seconds.toFixed(1)} s\n`)
  expect(seconds).toBeLessThan(40)
  await Promise.all([silent.close(), server.close()])
}, 120_000)

test('without a mail server each mail is a file, and a stop leaves none behind', async () => {
  const cwd = mkdtempSync(join(directory, 'run-'))
  const program = startProgram(cwd)
  const base = await program.ready()
  expect(await Promise.all([1, 2, 3].map(async (number) => await register(base, `ada${number}@example.com`)))).toEqual([201, 201, 201])
  program.signal('SIGTERM')
  expect(await program.exit).toEqual({ code: 0, signal: null })
  const again = startProgram(cwd)
  await again.ready()
  await expect.poll(() => readdirSync(join(cwd, 'data', 'outbox')), { timeout: 30_000 }).toHaveLength(3)
})
