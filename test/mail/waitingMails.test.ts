/** What waits in the outbox, as administrators see it: to whom and why, and nothing of what a mail says. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Deliver } from '../../src/domain/base/ports.ts'
import { DAY as A_DAY, adminToken, expectFailure, grantScopes, mutate, query } from '../graphql/ask.ts'
import { admin, type Person, person, verifiedPerson } from '../support/accounts.ts'
import { personalToken } from '../support/personalToken.ts'
import { useWorld } from '../support/world.ts'

const away: Deliver = async () => ({ outcome: 'deferred', reason: '451' })
const world = useWorld({ LIMIT_MAILS_PER_HOUR: '1' }, { deliver: away })
let boss: Person
beforeAll(async () => {
  boss = await admin(world())
})
beforeEach(async () => {
  await world().db.client.outboxEntry.deleteMany()
})

const FIELDS = 'id kind address createdAt attempts nextAttemptAt lastFailure'
const page = async (args = '', token = boss.token) =>
  await query(world(), `waitingMails${args} { edges { cursor node { ${FIELDS} } } pageInfo { hasNextPage hasPreviousPage } }`, token)
interface Edge {
  readonly cursor: string
  readonly node: { readonly id: string; readonly address: string | null; readonly kind: string; readonly attempts: number }
}
const node = async (id: string, token: string | undefined) =>
  await query(world(), `node(id: $id) { id ... on WaitingMail { ${FIELDS} } }`, token, { id }, '($id: ID!)')
/** Queues a mail to a person, whose address is not verified. */
const waitingFor = async (someone: Person) => await mutate(world(), 'requestEmailVerification', undefined, someone.token)

describe('waitingMails', () => {
  it('waitingMails shows to whom a mail goes, since when, and why the last attempt failed', async () => {
    const someone = await person(world())
    await waitingFor(someone)
    await expect.poll(async () => (await page()).edges[0]?.node.lastFailure).toBe('451')
    const { edges } = await page()
    expect(edges.map(({ node: shown }: Edge) => shown)).toEqual([
      {
        id: expect.stringMatching(/^WaitingMail:[\da-f-]{36}$/),
        kind: 'MAIL',
        address: someone.email,
        createdAt: expect.any(String),
        attempts: expect.any(Number),
        nextAttemptAt: expect.any(String),
        lastFailure: '451',
      },
    ])
  })

  it('waitingMails says nothing of what a mail says', async () => {
    const someone = await person(world(), { name: 'Zebulon Zimmer' })
    await waitingFor(someone)
    const fields = await query(world(), '__type(name: "WaitingMail") { fields { name } }')
    expect(fields.fields.map(({ name }: { name: string }) => name).sort()).toEqual([
      'address',
      'attempts',
      'createdAt',
      'id',
      'kind',
      'lastFailure',
      'nextAttemptAt',
    ])
    expect(JSON.stringify(await page())).not.toMatch(/Zebulon|token|http|Verify/)
  })

  it('waitingMails does not say to whom what no key opens goes, and knows a digest', async () => {
    const someone = await verifiedPerson(world())
    const expiresAt = new Date(Date.now() + A_DAY).toISOString()
    for (const name of ['one', 'two']) await mutate(world(), 'createPersonalAccessToken', { name, scopes: [], expiresAt }, someone.token)
    const { client } = world().db
    const [mail] = await client.outboxEntry.findMany({ where: { kind: 'mail' } })
    const { edges } = await page()
    expect(edges.map(({ node: { kind, address } }: Edge) => [kind, address])).toEqual([
      ['MAIL', someone.email],
      ['DIGEST', someone.email],
    ])
    await client.outboxEntry.update({ where: { id: mail?.id ?? '' }, data: { sealed: 'v1.none.AAAA.AAAA' } })
    expect((await page()).edges.map(({ node: { kind, address } }: Edge) => [kind, address])).toEqual([
      ['MAIL', null],
      ['DIGEST', someone.email],
    ])
  })

  it('waitingMails does not show the address of a requested reset, nor what was given up', async () => {
    const now = new Date()
    const row = (id: string, kind: string, more: object = {}) => ({ id, kind, createdAt: now, expiresAt: now, nextAttemptAt: now, ...more })
    const later = new Date(Date.now() + A_DAY)
    const waits = { expiresAt: later, nextAttemptAt: later, sealed: 'v1.none.AAAA.AAAA' }
    await world().db.client.outboxEntry.createMany({
      data: [row('reset', 'password_reset', waits), row('gone', 'mail', { failedAt: now, lastError: '550 no such user' })],
    })
    const { edges } = await page()
    expect(edges.map(({ node: { id, kind, address } }: Edge) => ({ id, kind, address }))).toEqual([
      { id: 'WaitingMail:reset', kind: 'PASSWORD_RESET', address: null },
    ])
    expect(await node('WaitingMail:gone', boss.token)).toBeNull()
  })

  it('waitingMails has pages, the oldest first, from both ends', async () => {
    const people = [await person(world()), await person(world()), await person(world())]
    for (const someone of people) await waitingFor(someone)
    const addresses = ({ edges }: { edges: readonly Edge[] }) => edges.map(({ node: { address } }) => address)
    const expected = people.map(({ email }) => email)
    const first = await page('(first: 2)')
    expect([addresses(first), first.pageInfo]).toEqual([expected.slice(0, 2), { hasNextPage: true, hasPreviousPage: false }])
    expect(addresses(await page(`(first: 2, after: "${first.edges[1].cursor}")`))).toEqual(expected.slice(2))
    expect(addresses(await page(`(last: 1, before: "${first.edges[1].cursor}")`))).toEqual(expected.slice(0, 1))
    expectFailure(await page('(first: 501)'), 'errors', 'INVALID_INPUT', ['first'])
    expectFailure(await page('(after: "nonsense")'), 'errors', 'INVALID_INPUT', ['after'])
  })

  it('waitingMails needs a session, and an administrator, and so does one by its id', async () => {
    const someone = await person(world())
    await waitingFor(someone)
    const [{ node: shown }] = (await page()).edges
    expect(await node(shown.id, boss.token)).toMatchObject({ id: shown.id, address: someone.email })
    await grantScopes(world(), someone, ['perm'])
    const script = await personalToken(world(), boss, ['users'])
    expectFailure(await query(world(), 'waitingMails { edges { node { id } } }'), 'errors', 'UNAUTHENTICATED')
    for (const token of [someone.token, script]) {
      expectFailure(await page('', token), 'errors', 'FORBIDDEN')
      expect(await node(shown.id, token)).toBeNull()
    }
    expect(await node(shown.id, undefined)).toBeNull()
    expect(await node('WaitingMail:no-such-id', await adminToken(world()))).toBeNull()
  })
})
