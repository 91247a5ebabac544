/**
 * Faults under load on the embedded database, with the ledger of chaos.test.ts: the server is killed during writes, its disk is full, its
 * clock is moved, and its mail server is dead.
 */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLedger } from '../support/chaos/ledger.ts'
import { ask, isLive, PASSWORD } from '../support/chaos/requests.ts'
import { faultTable, tryFault } from '../support/chaos/trials.ts'
import { isFullSize } from '../support/fullSize.ts'
import { freePort } from '../support/postgresServer.ts'
import { killAll, type Program, startProgram } from '../support/program.ts'
import { deadPort, startMailServer } from '../support/smtpServer.ts'

const TRIALS = isFullSize ? Number(process.env.CHAOS_TRIALS ?? 10) : 1
const KILLS = isFullSize ? Number(process.env.CHAOS_KILLS ?? 50) : 1
const FULL = isFullSize ? '' : ' (skipped: npm run chaos)'
const TIMEOUT = 120_000 + 60_000 * Math.max(TRIALS, KILLS)
const HOUR = 3_600_000
const MOVED_CLOCK = fileURLToPath(new URL('../support/chaos/movedClock.cjs', import.meta.url))

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-chaos-'))
})
afterAll(async () => {
  process.stdout.write(`\n${faultTable()}\n`)
  await killAll()
  rmSync(directory, { recursive: true, force: true })
})

interface Place {
  readonly base: string
  start(env?: Readonly<Record<string, string>>): Promise<Program>
}

/** A server with a directory and a port of its own. */
const placeOf = async (name: string): Promise<Place> => {
  const home = join(directory, name)
  mkdirSync(home)
  const port = await freePort()
  const usual = {
    PORT: String(port),
    LIMIT_ADDRESS_PER_MINUTE: '1000000',
    LIMIT_CHANGES: '1000000',
    LIMIT_OUTBOX_PER_ADDRESS: '1000000',
    NEW_DEVICE_NOTICE: 'false',
    VERIFY_EMAIL: 'false',
    MAX_SESSIONS: '100000',
  }
  return {
    base: `http://127.0.0.1:${port}`,
    async start(env = {}) {
      const program = startProgram(home, { ...usual, ...env })
      await program.ready()
      return program
    },
  }
}

const end = async (program: Program): Promise<void> => {
  program.signal('SIGKILL')
  await program.exit
}

test(`the server is killed while it writes to the embedded database, trials: ${KILLS}`, { timeout: TIMEOUT }, async () => {
  const { base, start } = await placeOf('killed')
  let program = await start()
  const ledger = await openLedger(() => [base], 'client', 4)
  const fault = async (): Promise<void> => {
    await end(program)
    program = await start()
  }
  await tryFault({ name: 'embedded: server killed (SIGKILL)', ledger, mayBreak: true, fault }, KILLS)
  expect(await ledger.endedStayEnded()).toBeGreaterThan(0)
  expect(ledger.take().survived).toEqual([])
  await end(program)
})

/** Only root may mount a file system. */
const mayMount = process.platform === 'linux' && process.getuid?.() === 0

/** A file that takes all the room that is left where it is. */
const fillUp = (file: string): void => {
  const opened = openSync(file, 'w')
  try {
    for (let part = 1_048_576; part >= 1; )
      try {
        writeSync(opened, Buffer.alloc(part))
      } catch {
        part = Math.floor(part / 2)
      }
  } finally {
    closeSync(opened)
  }
}

test.skipIf(!isFullSize || !mayMount)(`the disk is full for a while${FULL}`, { timeout: TIMEOUT }, async () => {
  const disk = join(directory, 'disk')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', disk])
  try {
    const { base, start } = await placeOf('full')
    const program = await start({ DATA_DIR: join(disk, 'data') })
    const ledger = await openLedger(() => [base], 'client', 4)
    const fault = async (): Promise<void> => {
      fillUp(join(disk, 'filler'))
      await sleep(3_000)
      rmSync(join(disk, 'filler'))
    }
    await tryFault({ name: 'embedded: disk full', ledger, fault }, TRIALS)
    await end(program)
    const again = await start({ DATA_DIR: join(disk, 'data') })
    expect(await ledger.endedStayEnded()).toBeGreaterThan(0)
    expect(ledger.take().survived).toEqual([])
    await end(again)
  } finally {
    execFileSync('umount', ['--lazy', disk])
  }
})

test.skipIf(!isFullSize)(`the clock is moved forward and back${FULL}`, { timeout: TIMEOUT }, async () => {
  const { base, start } = await placeOf('clock')
  const file = join(directory, 'clock.txt')
  const program = await start({ NODE_OPTIONS: `--require ${MOVED_CLOCK}`, CLOCK_FILE: file })
  const move = async (by: number): Promise<void> => {
    writeFileSync(file, String(by))
    program.signal('SIGUSR2')
    await sleep(200)
  }
  const ledger = await openLedger(() => [base], 'client', 4)
  let sign = 1
  const fault = async (): Promise<void> => {
    await move(sign * 0.1 * HOUR)
    await sleep(300)
    sign = -sign
  }
  await tryFault({ name: 'clock moved by six minutes', ledger, fault }, TRIALS)
  await move(0)
  expect(await ledger.endedStayEnded()).toBeGreaterThan(0)
  expect(ledger.take().survived).toEqual([])
  const { body } = await ask(base, '/v1/auth/login', { email: 'client-0@example.com', password: PASSWORD })
  expect(await isLive(base, body.token)).toBe(true)
  await move(400 * 24 * HOUR)
  expect(await isLive(base, body.token)).toBe(false)
  await end(program)
})

test.skipIf(!isFullSize)(
  `the mail server is dead: nothing waits for it, and every mail comes once it is back${FULL}`,
  { timeout: TIMEOUT },
  async () => {
    const { base, start } = await placeOf('mail')
    const port = await deadPort()
    const program = await start({
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      VERIFY_EMAIL: 'true',
      MAIL_FROM: 'Vestibule <no-reply@example.com>',
    })
    const ledger = await openLedger(() => [base], 'client', 4)
    await tryFault({ name: 'mail server dead', ledger, fault: async () => await sleep(2_000) }, TRIALS)
    const { body } = await ask(base, '/v1/auth/login', { email: 'client-0@example.com', password: PASSWORD })
    const listed = (await ask(base, '/v1/users', undefined, body.token)).body as { email: string }[]
    const mails = await startMailServer({ port })
    const reached = (): number => new Set(mails.received.flatMap(({ to }) => to)).size
    await expect.poll(reached, { timeout: 120_000, interval: 200 }).toBe(listed.length)
    await mails.close()
    await end(program)
  },
)
