/**
 * A process that is killed with a mail on its way, and another one beside it on the same PostgreSQL: the mail goes out soon, once.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createPostgresDatabase, databaseKind } from '../support/database.ts'
import { killAll, startProgram } from '../support/program.ts'
import { startMailServer } from '../support/smtpServer.ts'

afterEach(killAll)

it.runIf(databaseKind() === 'postgresql')(
  'a process that is killed leaves its mail to the one beside it, which sends it within 45 s, once',
  async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'vestibule-killed-'))
    const database = await createPostgresDatabase()
    let taken = 0
    const silentServer = await startMailServer({
      onData: () => {
        taken += 1
      },
    })
    const server = await startMailServer()
    const env = { DATABASE_URL: database.url, SECRET_KEY: 'a secret key of tests that is long enough' }
    const dying = startProgram(cwd, { ...env, SMTP_URL: silentServer.url })
    const base = await dying.ready()
    const living = startProgram(cwd, { ...env, SMTP_URL: server.url })
    await living.ready()
    const json = { name: 'Ada King', email: 'ada@example.com', password: 'first programmer', confirm: 'first programmer' }
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${base}/auth/register`, { method: 'POST', headers, body: JSON.stringify(json) })).status).toBe(201)
    await expect.poll(() => taken).toBe(1)
    const killed = performance.now()
    dying.signal('SIGKILL')
    await dying.exit
    await expect.poll(() => server.received.map(({ to }) => to), { timeout: 60_000 }).toEqual([['ada@example.com']])
    const seconds = (performance.now() - killed) / 1_000
    process.stdout.write(`kill -9 to delivery by the process beside it: ${seconds.toFixed(1)} s\n`)
    expect(seconds).toBeLessThan(45)
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect(server.received).toHaveLength(1)
    living.signal('SIGTERM')
    await living.exit
    await Promise.all([silentServer.close(), server.close()])
    await database.drop()
    rmSync(cwd, { recursive: true, force: true })
  },
  180_000,
)
