/** A rolling restart: who balances load is warned first, requests are answered meanwhile, and none is lost on a kept connection. */
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { useProgramDatabase } from '../support/database.ts'
import { killAll, startProgram } from '../support/program.ts'

const storage = useProgramDatabase()
let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-restart-'))
})
afterEach(killAll)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

interface Asked {
  readonly status: number
  readonly isLast: boolean
}

/** One request over a kept connection; nothing is tried again. */
const ask = (agent: Agent, url: string): Promise<Asked> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume()
      response.once('end', () => resolve({ status: response.statusCode ?? 0, isLast: response.headers.connection === 'close' }))
    }).once('error', reject)
  })

test('loses none of several hundred requests, and says so on the last answer of each connection', async () => {
  const program = startProgram(directory, { ...storage(), SHUTDOWN_DRAIN: '4s' })
  const base = await program.ready()
  let answered = 0
  const lost: string[] = []
  let reported = 0
  let heldUp = 0
  /** A client on a connection of its own, until it is asked to go; `pause` ms between its requests. */
  const client = async (pause: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    let sent = performance.now()
    try {
      for (;;) {
        const { status, isLast } = await ask(agent, `${base}/graphql?query=%7B__typename%7D`)
        expect(status).toBe(200)
        answered += 1
        if (isLast) {
          reported += 1
          return
        }
        await delay(pause)
        // A machine that gave this process no processor made of the pause one that the last call does not cover.
        if (performance.now() - sent > 800) {
          heldUp += 1
          return
        }
        sent = performance.now()
      }
    } catch (error) {
      lost.push(`${pause} ms: ${String(error)}`)
    } finally {
      agent.destroy()
    }
  }
  // In ms, far below the second that silent connections are left.
  const pauses = [0, 0, 1, 3, 7, 10, 20, 30, 40, 50]
  const clients = pauses.map(client)
  await delay(500)
  const before = answered
  program.signal('SIGTERM')
  await expect.poll(async () => (await fetch(`${base}/readyz`)).status, { interval: 20 }).toBe(503)
  expect((await fetch(`${base}/healthz`)).status).toBe(200)
  expect((await fetch(`${base}/graphql?query=%7B__typename%7D`)).status).toBe(200)
  await Promise.all(clients)
  expect(await program.exit).toEqual({ code: 0, signal: null })
  process.stdout.write(
    `rolling restart: ${answered} answered, ${answered - before} of them after SIGTERM, ${lost.length} lost, ${heldUp} held up\n`,
  )
  expect(lost).toEqual([])
  expect(reported + heldUp).toBe(pauses.length)
  expect(reported).toBeGreaterThan(0)
  expect(answered - before).toBeGreaterThan(100)
})

test('without a drain no request of a busy connection is lost either', async () => {
  const program = startProgram(directory, { SHUTDOWN_DRAIN: '0' })
  const base = await program.ready()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  await ask(agent, `${base}/healthz`)
  program.signal('SIGTERM')
  for (let isLast = false; !isLast; ) isLast = (await ask(agent, `${base}/healthz`)).isLast
  expect(await program.exit).toEqual({ code: 0, signal: null })
})
