/**
 * A reset that is asked for: the request does the same whoever has the address, and what differs happens after its answer.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { admin, type Person, person } from '../support/accounts.ts'
import { statementsOf } from '../support/database.ts'
import { openWorld, useWorld, type World } from '../support/world.ts'
import { askForReset, askWithoutWaiting, entriesOf, gated } from './support.ts'

describe('the request', () => {
  const full = gated()
  let world: World
  let known: Person
  let disabled: Person
  beforeAll(async () => {
    world = await openWorld({ FORGET_PASSWORD_DISCLOSES: 'false' }, { deliver: full.deliver })
    const { token } = await admin(world)
    known = await person(world)
    disabled = await person(world)
    await world.put(`/api/users/${disabled.id}`, { action: 'disableLogin' }, token)
    const others = [await person(world), await person(world), await person(world), await person(world)]
    // A worker that has its hands full asks the database nothing.
    for (const { email } of others) await askWithoutWaiting(world, email)
    await vi.waitFor(() => expect(full.taken).toHaveLength(4), 10_000)
  }, 60_000)
  afterAll(async () => {
    full.open()
    await world.close()
  })

  const graphql = async (email: string): Promise<Response> => {
    const query = 'mutation($email: String!) { requestPasswordReset(input: { email: $email }) { __typename ... on Error { code } } }'
    const headers = { 'content-type': 'application/json' }
    return await fetch(`${world.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables: { email } }) })
  }
  const ways: Readonly<Record<string, (email: string) => Promise<Response>>> = {
    graphql,
    authentication: async (email) => await askWithoutWaiting(world, email),
    'xiot in production': async (email) => await askWithoutWaiting(world, email, '/v1/security/forget-password'),
  }

  it.each(Object.keys(ways))(
    '%s: sends the same statements and answers alike for a known, an unknown and a disabled address',
    async (way) => {
      const reported: unknown[] = []
      for (const email of [known.email, 'nobody@example.com', disabled.email, 'ليلى@مثال.example']) {
        let answer: unknown
        const statements = await statementsOf(world.db, async () => {
          const response = await ways[way]?.(email)
          answer = [response?.status, await response?.text()]
        })
        expect(statements.filter((sql) => /INSERT INTO .*outbox/.test(sql))).toHaveLength(1)
        reported.push({ statements, answer })
      }
      const [first, ...others] = reported
      for (const other of others) expect(other).toEqual(first)
    },
  )

  it('the request for a reset leaves nothing but rows of the outbox', async () => {
    const kinds = (await entriesOf(world)).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'password_reset').length).toBeGreaterThanOrEqual(12)
    expect(await world.db.client.mailToken.count({ where: { userId: known.id } })).toBe(0)
    expect(await world.db.client.auditEvent.count({ where: { userId: known.id, type: 'password.reset_requested' } })).toBe(0)
  })
})

describe('what comes after its answer', () => {
  const world = useWorld({ TRUSTED_PROXIES: 'loopback' })
  beforeAll(async () => void (await admin(world())))

  it('what follows the answer to a request for a reset is a mail and an event for who has the address, with the facts of the request', async () => {
    const { id, email } = await person(world())
    const headers = { 'user-agent': 'a browser of tests', 'x-forwarded-for': '203.0.113.7' }
    const answer = await world().request('POST', '/auth/forgot-password', { json: { email: ` ${email.toUpperCase()}` }, headers })
    expect(world().mails.map(({ to }) => to)).toEqual([email])
    const events = await world().db.client.auditEvent.findMany({ where: { userId: id, type: 'password.reset_requested' } })
    expect(events).toMatchObject([
      {
        outcome: 'success',
        surface: 'authentication',
        clientAddress: '203.0.113.7',
        userAgent: 'a browser of tests',
        requestId: answer.headers.get('x-request-id'),
        actorId: null,
      },
    ])
    expect(await entriesOf(world())).toEqual([])
  })

  it.each(['nobody@example.com', 'x@y', 'ليلى@مثال.example'])(
    'what follows the answer to a request for a reset is nothing for %s',
    async (email) => {
      const before = world().mails.length
      await askForReset(world(), { email })
      expect(world().mails).toHaveLength(before)
      expect(await entriesOf(world())).toEqual([])
    },
  )

  it('reaches an imported address that no rule of today would take', async () => {
    const { id } = await person(world())
    const email = `ليلى${id.slice(0, 6)}@مثال.example`
    await world().db.client.user.update({ where: { id }, data: { email, identifiers: { create: { value: email } } } })
    await askForReset(world(), { email })
    expect(world().mails.at(-1)?.to).toBe(email)
  })

  it('a reset counts the share of the mailbox, not of the requests for nobody', async () => {
    const { email } = await person(world())
    for (let count = 0; count < 5; count += 1) await askForReset(world(), { email: `not-${email}` })
    for (let count = 0; count < 5; count += 1) await askForReset(world(), { email })
    expect(world().mails.filter(({ to }) => to === email)).toHaveLength(3)
  })
})
