/** Webhooks, from the event to the receiver: what it gets, how often, and what happens to one that does not take it. */
import { setTimeout } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { adminToken, expectFailure, isoDate, mutate, query } from '../graphql/ask.ts'
import { admin, type Person, person } from '../support/accounts.ts'
import { DAY } from '../support/clock.ts'
import { statementsOf } from '../support/database.ts'
import { isFullSize } from '../support/fullSize.ts'
import { useWorld } from '../support/world.ts'
import {
  advance,
  closeReceiversAfterwards,
  createWebhook,
  deliveriesOf,
  inOrder,
  LOCAL,
  receiver,
  rotateKey,
  verify,
  webhookOf,
} from './support.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const world = useWorld({ ...LOCAL, LIMIT_WEBHOOKS: '40' })
closeReceiversAfterwards()
let boss: Person
beforeAll(async () => {
  boss = await admin(world())
})
const run = async (name: string, input: object) => await mutate(world(), name, input, await adminToken(world()))
const KEYS = ['KEYS_ROTATED']

describe('a webhook', () => {
  it('gets every event, which the official verifier accepts, with ids and nothing else of an account', async () => {
    const to = await receiver()
    const { id, secret } = await createWebhook(world(), to.url)
    const someone = await person(world())
    const { headers, status } = await world().request('PUT', '/v1/profile', {
      json: { firstName: 'Grace', lastName: 'Hopperina' },
      token: someone.token,
      headers: { 'user-agent': 'Spy/1.0' },
    })
    expect(status).toBe(200)
    await expect.poll(() => to.messages.length).toBe(4)
    for (const message of to.messages) expect(verify(secret, message)).toEqual(message.json)
    const messages = inOrder(to)
    expect(messages.map(({ json }) => json.type)).toEqual([
      'webhook.created',
      'account.created',
      'session.signed_in',
      'account.profile_updated',
    ])
    const last = messages[3]
    expect(last?.json).toEqual({
      type: 'account.profile_updated',
      timestamp: isoDate,
      data: {
        id: expect.stringMatching(/^\d+$/),
        outcome: 'success',
        userId: someone.id,
        actorId: someone.id,
        surface: 'xiot',
        requestId: headers.get('x-request-id'),
        details: { fields: 'firstName lastName' },
      },
    })
    expect(last?.id).toBe(`msg_${id.slice('Webhook:'.length).replaceAll('-', '')}_${last?.json.data.id}`)
    expect(last?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'vestibule' })
    const all = JSON.stringify(to.messages)
    for (const hidden of [
      someone.email,
      someone.username,
      someone.password,
      someone.token,
      someone.refreshToken,
      'Grace',
      'Spy/1.0',
      secret,
    ])
      expect(all).not.toContain(hidden)
    await run('deleteWebhook', { id })
  })

  it('gets only the types that it wants, and none from before it was there', async () => {
    const to = await receiver()
    await rotateKey(world())
    await createWebhook(world(), to.url, ['KEYS_ROTATED', 'TOKEN_CREATED'])
    await person(world())
    const kid = await rotateKey(world())
    await expect.poll(() => to.messages.map(({ json }) => json.data.details)).toEqual([{ kid }])
  })

  it('is a node of its own, for administrators only', async () => {
    const to = await receiver()
    const { id } = await createWebhook(world(), to.url, KEYS)
    await rotateKey(world())
    await expect.poll(async () => (await deliveriesOf(world(), id))[0]?.state).toBe('DELIVERED')
    const page = await query(world(), `webhookDeliveries(webhookId: "${id}") { edges { node { id eventId } } }`, await adminToken(world()))
    const [{ node }] = page.edges
    expect(node.id).toBe(`WebhookDelivery:${id.slice('Webhook:'.length)}.${node.eventId.slice('AuditEvent:'.length)}`)
    const find = async (key: string, token: string) =>
      await query(world(), `node(id: "${key}") { ... on WebhookDelivery { id state } }`, token)
    expect(await find(node.id, await adminToken(world()))).toEqual({ id: node.id, state: 'DELIVERED' })
    expect(await find(node.id, (await person(world())).token)).toBeNull()
    for (const unknown of [`${node.id}0`, 'WebhookDelivery:x.0', 'WebhookDelivery:x'])
      expect(await find(unknown, await adminToken(world()))).toBeNull()
  })

  it('has two signatures for a day after a rotation, and one at once if the old secret is dropped', async () => {
    const to = await receiver()
    const { id, secret } = await createWebhook(world(), to.url, KEYS)
    const { secret: second, webhook } = await run('rotateWebhookSecret', { id })
    expect(webhook.previousSecretUntil).toEqual(isoDate)
    await rotateKey(world())
    await expect.poll(() => to.messages.length).toBe(1)
    for (const each of [secret, second]) expect(() => verify(each, to.messages[0] as never)).not.toThrow()
    expect(String(to.messages[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2)
    advance(world(), DAY)
    await rotateKey(world())
    await expect.poll(() => to.messages.length).toBe(2)
    expect(() => verify(secret, to.messages[1] as never)).toThrow('No matching signature found')
    expect(() => verify(second, to.messages[1] as never)).not.toThrow()
    const { secret: third } = await run('rotateWebhookSecret', { id, dropPrevious: true })
    await rotateKey(world())
    await expect.poll(() => to.messages.length).toBe(3)
    expect(() => verify(second, to.messages[2] as never)).toThrow('No matching signature found')
    expect(() => verify(third, to.messages[2] as never)).not.toThrow()
  })

  it('keeps its secrets encrypted in the database, each bound to its place', async () => {
    const to = await receiver()
    const { id, secret } = await createWebhook(world(), to.url, KEYS)
    await run('rotateWebhookSecret', { id })
    const row = await world().db.client.webhook.findUniqueOrThrow({ where: { id: id.slice('Webhook:'.length) } })
    expect(row).toMatchObject({ secret: expect.stringMatching(/^v1\./), previousSecret: expect.stringMatching(/^v1\./) })
    expect(JSON.stringify({ ...row, seq: '', position: '' })).not.toContain(secret.slice(10))
    await world().db.client.webhook.update({ where: { id: row.id }, data: { secret: row.previousSecret ?? '' } })
    await rotateKey(world())
    await expect
      .poll(async () => (await deliveriesOf(world(), id))[0]?.log[0]?.reason)
      .toBe('the secret: changed or moved since it was sealed')
    expect(to.messages).toEqual([])
    await run('deleteWebhook', { id })
  })
})

describe('a receiver', () => {
  it('that fails gets the same message again, longer and longer after, and ten times at most; then again by hand', async () => {
    const to = await receiver()
    to.answer = 500
    const { id, secret } = await createWebhook(world(), to.url, KEYS)
    await rotateKey(world())
    const waits = [5 / 60, 5, 30, 120, 300, 600, 840, 1_200, 1_440].map((minutes) => minutes * MINUTE)
    for (const [index, wait] of waits.entries()) {
      await expect.poll(() => to.messages.length).toBe(index + 1)
      await expect.poll(async () => (await deliveriesOf(world(), id))[0]?.log.length).toBe(index + 1)
      const [{ log, nextAttemptAt }] = await deliveriesOf(world(), id)
      const planned = Date.parse(nextAttemptAt) - Date.parse(log[0].at)
      expect(planned).toBeGreaterThanOrEqual(wait)
      expect(planned).toBeLessThan(wait * 1.1 + 30_000)
      advance(world(), planned + 1)
    }
    await expect.poll(async () => await deliveriesOf(world(), id, 'DEAD')).toHaveLength(1)
    const [dead] = await deliveriesOf(world(), id)
    expect(dead).toMatchObject({ state: 'DEAD', attempts: 10, nextAttemptAt: null, endedAt: isoDate, event: { type: 'KEYS_ROTATED' } })
    expect(dead.log.map(({ status, reason }: { status: number; reason: null }) => [status, reason])).toEqual(Array(10).fill([500, null]))
    expect(new Set(to.messages.map((message) => message.id)).size).toBe(1)
    expect(new Set(to.messages.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10)
    to.answer = 200
    expect(await run('redeliverWebhook', { id })).toEqual({ __typename: 'RedeliverWebhookSuccess', queued: 1 })
    await expect.poll(async () => (await deliveriesOf(world(), id))[0]).toMatchObject({ state: 'DELIVERED', attempts: 1 })
    expect(() => verify(secret, to.messages[10] as never)).not.toThrow()
    expect(to.messages[10]?.id).toBe(to.messages[0]?.id)
    expect(await run('redeliverWebhook', { id, eventIds: [dead.eventId] })).toMatchObject({ queued: 1 })
    await expect.poll(() => to.messages.length).toBe(12)
    await run('deleteWebhook', { id })
  })

  it('that never answers is let go in time, and holds up no other', async () => {
    const [slow, quick] = [await receiver(), await receiver()]
    slow.answer = () => undefined
    const { id } = await createWebhook(world(), slow.url, KEYS)
    const { id: other } = await createWebhook(world(), quick.url, KEYS)
    for (let count = 0; count < 6; count += 1) await rotateKey(world())
    await expect.poll(() => quick.messages.length).toBe(6)
    await expect
      .poll(async () => (await deliveriesOf(world(), id)).at(-1)?.log[0])
      .toMatchObject({ status: null, reason: 'no answer in time' })
    for (const each of [id, other]) await run('deleteWebhook', { id: each })
  })

  it.skipIf(!isFullSize)(
    'that is behind by more than a thousand events is looked after a few times a second at most, and the rest is queued once it answers',
    async () => {
      const to = await receiver()
      to.answer = () => undefined
      const { id } = await createWebhook(world(), to.url, KEYS)
      const begun = performance.now()
      const sent = await statementsOf(world().db, async () => {
        await world().db.client.$executeRaw`
        INSERT INTO audit_events (at, type, outcome, surface) SELECT now(), 'keys.rotated', 'success', 'cli' FROM generate_series(1, 1100)`
        world().app.domain.webhooks.wake()
        await expect.poll(() => to.messages.length).toBeGreaterThan(0)
        await setTimeout(2_000)
      })
      // While a transaction that writes events is open, five times a second.
      const most = (performance.now() - begun) / 200 + 5
      expect(sent.filter((sql) => sql.includes('INSERT INTO webhook_deliveries')).length).toBeLessThan(most)
      to.answer = 200
      const queued = async () => await world().db.client.webhookDelivery.count({ where: { webhookId: id.slice('Webhook:'.length) } })
      await expect.poll(queued, { timeout: 60_000 }).toBe(1_100)
      await run('deleteWebhook', { id })
    },
    90_000,
  )

  it('that answers 410 gets nothing more until somebody enables it, and then what happened meanwhile', async () => {
    const to = await receiver()
    to.answer = 410
    const { id } = await createWebhook(world(), to.url, KEYS)
    await rotateKey(world())
    await expect.poll(async () => await webhookOf(world(), id)).toMatchObject({ isEnabled: false, disabledReason: 'GONE' })
    expect((await deliveriesOf(world(), id))[0]).toMatchObject({ state: 'DEAD', attempts: 1 })
    const [event] = await world().db.client.auditEvent.findMany({ where: { type: 'webhook.disabled' }, orderBy: { seq: 'desc' }, take: 1 })
    expect(event).toMatchObject({ outcome: 'failure', actorId: null, details: { webhookId: id.slice('Webhook:'.length), reason: 'gone' } })
    const kids = [await rotateKey(world()), await rotateKey(world())]
    advance(world(), 0)
    to.answer = 204
    expect(await run('updateWebhook', { id, enabled: true })).toMatchObject({ webhook: { isEnabled: true, disabledReason: null } })
    await expect
      .poll(() =>
        inOrder(to)
          .slice(1)
          .map(({ json }) => json.data.details.kid),
      )
      .toEqual(kids)
    await run('deleteWebhook', { id })
  })

  it('that accepts nothing for five days is disabled, and one that accepts something in between is not', async () => {
    const [down, shaky] = [await receiver(), await receiver()]
    down.answer = 503
    shaky.answer = 503
    const { id } = await createWebhook(world(), down.url, KEYS)
    const { id: other } = await createWebhook(world(), shaky.url, KEYS)
    await rotateKey(world())
    await expect.poll(async () => (await webhookOf(world(), id)).failingSince).toEqual(isoDate)
    await expect.poll(async () => (await webhookOf(world(), other)).failingSince).toEqual(isoDate)
    shaky.answer = 200
    advance(world(), 4 * DAY)
    await expect.poll(async () => (await webhookOf(world(), other)).failingSince).toBeNull()
    expect(await webhookOf(world(), id)).toMatchObject({ isEnabled: true })
    shaky.answer = 503
    advance(world(), DAY + HOUR)
    await rotateKey(world())
    await expect.poll(async () => await webhookOf(world(), id)).toMatchObject({ isEnabled: false, disabledReason: 'FAILING' })
    await expect.poll(async () => (await webhookOf(world(), other)).failingSince).toEqual(isoDate)
    expect(await webhookOf(world(), other)).toMatchObject({ isEnabled: true, disabledReason: null })
    for (const each of [id, other]) await run('deleteWebhook', { id: each })
  })

  it('of a webhook that is disabled, or deleted, gets nothing', async () => {
    const to = await receiver()
    const { id } = await createWebhook(world(), to.url, KEYS)
    await run('updateWebhook', { id, enabled: false })
    await rotateKey(world())
    const witness = await receiver()
    const { id: other } = await createWebhook(world(), witness.url, KEYS)
    await run('deleteWebhook', { id })
    await rotateKey(world())
    await expect.poll(() => witness.messages.length).toBe(1)
    expect(to.messages).toEqual([])
    expect(await world().db.client.webhookDelivery.count({ where: { webhookId: id.slice('Webhook:'.length) } })).toBe(0)
    await run('deleteWebhook', { id: other })
  })
})

describe('administrators', () => {
  it.each([
    ['https://10.0.0.1/hooks', 'must have a host that the DNS knows, with addresses that are all public or in WEBHOOK_ALLOWED_NETWORKS'],
    [
      'https://169.254.169.254/latest',
      'must have a host that the DNS knows, with addresses that are all public or in WEBHOOK_ALLOWED_NETWORKS',
    ],
    ['http://8.8.8.8/', 'must be an https URL'],
    ['  ', 'is required'],
    [`https://8.8.8.8/${'a'.repeat(2_000)}`, 'must have at most 2000 characters'],
  ])('cannot have events sent where they must not go (%#), at once or later', async (url, message) => {
    const failure = { code: 'INVALID_INPUT', fieldErrors: [{ field: 'url', message }] }
    expect(await run('createWebhook', { url })).toMatchObject(failure)
    const to = await receiver()
    const { id } = await createWebhook(world(), to.url, KEYS)
    expect(await run('updateWebhook', { id, url })).toMatchObject(failure)
    await run('deleteWebhook', { id })
  })

  it('find no webhook by an id that none has, and cannot break an id', async () => {
    for (const id of ['Webhook:nobody', '', 'x'.repeat(10_000), "' OR 1=1 --"]) {
      for (const name of ['updateWebhook', 'deleteWebhook', 'rotateWebhookSecret', 'redeliverWebhook'])
        expectFailure(await run(name, { id }), 'NotFoundError', 'NOT_FOUND')
    }
    expect(await run('redeliverWebhook', { id: 'x', eventIds: ['1; DROP'] })).toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('may have LIMIT_WEBHOOKS of them, also when they create many at once', async () => {
    const to = await receiver()
    const token = await adminToken(world())
    const results = await Promise.all(
      Array.from({ length: 60 }, async () => await mutate(world(), 'createWebhook', { url: to.url, types: KEYS }, token)),
    )
    expect(await world().db.client.webhook.count()).toBe(40)
    expect(results.filter(({ code }) => code === 'TOO_MANY_WEBHOOKS').length).toBeGreaterThanOrEqual(20)
    await world().db.client.webhook.deleteMany()
  })

  it('need a recent sign-in for every change', async () => {
    const token = await adminToken(world())
    world().advance(11 * MINUTE)
    for (const [name, input] of [
      ['createWebhook', { url: 'https://8.8.8.8/' }],
      ['updateWebhook', { id: 'x' }],
      ['deleteWebhook', { id: 'x' }],
      ['rotateWebhookSecret', { id: 'x' }],
      ['redeliverWebhook', { id: 'x' }],
    ] as const)
      expect(await mutate(world(), name, input, token)).toMatchObject({ code: 'REAUTHENTICATION_REQUIRED' })
    expect(boss.id).toEqual(expect.any(String))
  })
})
