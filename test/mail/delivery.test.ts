/**
 * From a request to a mailbox, through the outbox and a real mail server: one that is there, one that is away, one that
 * breaks off half-way, and one that refuses.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Person, person } from '../support/accounts.ts'
import { restoreTimeAfterwards } from '../support/clock.ts'
import { useDatabase } from '../support/database.ts'
import { type Behaviour, deadPort, startMailServer, type TestMailServer } from '../support/smtpServer.ts'
import type { World } from '../support/world.ts'
import { askForReset, entriesOf, HOUR, later, linesOf, MINUTE, worldThrough } from './support.ts'

restoreTimeAfterwards()
const database = useDatabase()

const servers: TestMailServer[] = []
let world: World
let someone: Person

const serve = async (behaviour?: Behaviour): Promise<TestMailServer> => {
  const server = await startMailServer(behaviour)
  servers.push(server)
  return server
}
const open = async (url: string): Promise<void> => {
  world = await worldThrough(database(), url)
  someone = await person(world)
}
const idsOf = ({ received }: TestMailServer) => received.map(({ mail }) => mail.messageId)

beforeEach(async () => {
  await database().client.outboxEntry.deleteMany()
})
afterEach(async () => {
  await world.close()
  for (const server of servers.splice(0)) await server.close()
})

it('a mail arrives with its headers, its text and one addressee, and its row is gone', async () => {
  const server = await serve()
  await open(server.url)
  await askForReset(world, someone)
  expect(server.received).toHaveLength(1)
  expect(server.received[0]).toMatchObject({ from: 'accounts@example.org', to: [someone.email] })
  const { mail } = server.received[0] ?? {}
  expect(mail).toMatchObject({
    subject: 'Reset your password',
    from: { text: '"Vestibule" <accounts@example.org>' },
    to: { value: [{ address: someone.email }] },
    messageId: expect.stringMatching(/^<[\da-f-]{36}@example\.org>$/),
  })
  expect([mail?.cc, mail?.bcc]).toEqual([undefined, undefined])
  expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
  expect(mail?.text).toMatch(/^http:\/\/vestibule\.test\/reset-password#token=[\w-]{43}$/m)
  expect(await entriesOf(world)).toEqual([])
})

describe('a server that is away', () => {
  it('delays no request and loses nothing: all that waited goes out when it is back', async () => {
    const port = await deadPort()
    await open(`smtp://127.0.0.1:${port}`)
    const owners = [someone, await person(world), await person(world), await person(world), await person(world), await person(world)]
    const begun = performance.now()
    for (const owner of owners) await askForReset(world, owner)
    expect(performance.now() - begun).toBeLessThan(8_000)
    expect(await entriesOf(world)).toHaveLength(owners.length)
    for (let tries = 0; tries < 3; tries += 1) await later(world, 10 * MINUTE)
    expect(linesOf(world, 'error')).toEqual(['no mail can be sent; mails wait in the outbox'])

    const server = await serve({ port })
    await later(world, MINUTE)
    expect(server.received.map(({ to }) => to[0]).sort()).toEqual(owners.map(({ email }) => email).sort())
    expect(await entriesOf(world)).toEqual([])
    expect(linesOf(world, 'info')).toContain('mail can be sent again')
    expect(linesOf(world, 'error')).toHaveLength(1)
    await askForReset(world, someone)
    expect(server.received).toHaveLength(owners.length + 1)
  })

  it('a server that is away for longer than the link works: the mail is given up, with the reason and without its content', async () => {
    const port = await deadPort()
    await open(`smtp://127.0.0.1:${port}`)
    await askForReset(world, someone)
    await later(world, 10 * MINUTE)
    const server = await serve({ port })
    await later(world, HOUR)
    expect(server.received).toEqual([])
    expect(await entriesOf(world)).toMatchObject([{ failedAt: expect.any(Date), sealed: null, lastError: 'expired; before: ESOCKET' }])
  })

  it('a server that is away is not tried by each mail: one try shows that it is still away', async () => {
    let connections = 0
    const server = await serve({
      onConnect: (_session, done) => {
        connections += 1
        done(Object.assign(new Error('closed'), { responseCode: 554 }))
      },
    })
    await open(server.url)
    for (const owner of [someone, await person(world), await person(world), await person(world)]) await askForReset(world, owner)
    expect(connections).toBe(1)
    await later(world, MINUTE)
    expect(connections).toBe(2)
    expect(linesOf(world, 'error')).toHaveLength(1)
  })
})

describe('a server that breaks off', () => {
  const onceThen = (how: 'in DATA' | 'after DATA') => {
    let times = 0
    return serve({
      breaksOff: () => {
        times += 1
        return times === 1 ? how : undefined
      },
    })
  }

  it('a server that breaks off when the text begins: the mail arrives at the next try, once', async () => {
    const server = await onceThen('in DATA')
    await open(server.url)
    await askForReset(world, someone)
    expect(server.received).toEqual([])
    await later(world, MINUTE)
    expect(server.received).toHaveLength(1)
    expect(await entriesOf(world)).toEqual([])
  })

  it('a server that breaks off when it has the mail and has not said so: it arrives again, as the same mail', async () => {
    const server = await onceThen('after DATA')
    await open(server.url)
    await askForReset(world, someone)
    expect(server.received).toHaveLength(1)
    await later(world, MINUTE)
    expect(server.received).toHaveLength(2)
    const [first, second] = server.received
    expect(idsOf(server)[0]).toBe(idsOf(server)[1])
    expect(second?.mail.text).toBe(first?.mail.text)
    expect(second?.mail.date).toEqual(first?.mail.date)
    expect(await entriesOf(world)).toEqual([])
  })
})

describe('a server that refuses', () => {
  const refusal = (responseCode: number) => Object.assign(new Error('the mailbox of the addressee says no'), { responseCode })

  it('a server that refuses for now: the mail waits longer each time, alone, and arrives', async () => {
    let refused = 0
    const server = await serve({
      onRcptTo: ({ address }, _session, done) => {
        if (address !== someone.email || refused === 3) return done()
        refused += 1
        done(refusal(451))
      },
    })
    await open(server.url)
    await askForReset(world, someone)
    const waits: number[] = []
    for (let tries = 0; tries < 3; tries += 1) {
      const [entry] = await entriesOf(world)
      expect(entry).toMatchObject({ attempts: tries + 1, lastError: 'EENVELOPE 451', failedAt: null })
      waits.push((entry?.nextAttemptAt.getTime() ?? 0) - Date.now())
      await later(world, waits[tries] ?? 0)
    }
    const [first = 0, second = 0, third = 0] = waits
    expect(first).toBeGreaterThan(1_000)
    expect(third).toBeGreaterThan(first)
    expect(third + second + first).toBeLessThan(MINUTE)
    expect(server.received).toHaveLength(1)
    expect(linesOf(world, 'error')).toEqual([])
  })

  it('a server that refuses for now, one mailbox: others are written to at once', async () => {
    const server = await serve({ onRcptTo: ({ address }, _session, done) => done(address === someone.email ? refusal(450) : null) })
    await open(server.url)
    const other = await person(world)
    await askForReset(world, someone)
    await askForReset(world, other)
    expect(server.received.map(({ to }) => to[0])).toEqual([other.email])
  })

  it('a server that refuses for good: the mail is given up at once, and of its row the reason stays', async () => {
    const server = await serve({ onRcptTo: (_address, _session, done) => done(refusal(550)) })
    await open(server.url)
    await askForReset(world, someone)
    const [entry] = await entriesOf(world)
    expect(entry).toMatchObject({ kind: 'mail', attempts: 1, sealed: null, failedAt: expect.any(Date), lastError: 'EENVELOPE 550' })
    await later(world, 2 * HOUR)
    expect(await entriesOf(world)).toMatchObject([{ attempts: 1 }])
    expect(linesOf(world, 'error')).toEqual([])
    expect(JSON.stringify([world.logs, String(entry?.lastError)])).not.toContain(someone.email)
  })
})
