/** Receivers of webhooks, and webhooks that lead to them. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, expect } from 'vitest'
import { adminToken, mutate, query } from '../graphql/ask.ts'
import type { World } from '../support/world.ts'

/** Receivers are on this machine. */
export const LOCAL = { WEBHOOK_ALLOWED_NETWORKS: 'loopback', WEBHOOK_TIMEOUT: '1s' }

export interface Message {
  readonly id: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every form
  readonly json: any
}

export interface Receiver {
  readonly url: string
  readonly messages: Message[]
  /** What it answers from now on: a status, or what it does. */
  answer: number | ((response: ServerResponse) => void)
}

const open = new Set<Server>()

/** Call it once at the top of a file: receivers go away after its tests. */
export const closeReceiversAfterwards = (): void =>
  afterAll(() => {
    for (const server of open) {
      server.closeAllConnections()
      server.close()
    }
    open.clear()
  })

/** A receiver that accepts everything, until a test sets another answer. */
export async function receiver(): Promise<Receiver> {
  const messages: Message[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part
    })
    request.on('end', () => {
      messages.push({ id: String(request.headers['webhook-id']), headers: request.headers, body, json: JSON.parse(body) })
      if (typeof made.answer === 'number') response.writeHead(made.answer).end()
      else made.answer(response)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.add(server)
  const made: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    messages,
    answer: 204,
  }
  return made
}

/** By the numbers of their events: several messages are under way at once. */
export const inOrder = ({ messages }: Receiver): Message[] =>
  [...messages].sort((one, other) => Number(one.json.data.id) - Number(other.json.data.id))

/** The official verifier of Standard Webhooks. @throws if it does not accept the message */
export const verify = (secret: string, { headers, body }: Message): unknown =>
  new Webhook(secret).verify(body, headers as Record<string, string>)

/** Creates a webhook for events of `types`. */
export const createWebhook = async (world: World, url: string, types?: readonly string[]): Promise<{ id: string; secret: string }> => {
  const { webhook, secret } = await mutate(world, 'createWebhook', { url, types }, await adminToken(world))
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  return { id: webhook.id, secret }
}

export const webhookOf = async (world: World, id: string) =>
  await query(
    world,
    `node(id: "${id}") { ... on Webhook { isEnabled disabledReason failingSince previousSecretUntil } }`,
    await adminToken(world),
  )

/** The deliveries, those of the newest events first. */
export const deliveriesOf = async (world: World, id: string, state = '') => {
  const fields = 'eventId state attempts nextAttemptAt endedAt event { type } log { at status reason milliseconds }'
  const given = state === '' ? '' : `, state: ${state}`
  const page = await query(world, `webhookDeliveries(webhookId: "${id}"${given}) { edges { node { ${fields} } } }`, await adminToken(world))
  // biome-ignore lint/suspicious/noExplicitAny: as graphql answers
  return page.edges.map(({ node }: any) => node)
}

/** Moves time forward, and has the worker look. */
export const advance = (world: World, milliseconds: number): void => {
  world.advance(milliseconds)
  world.app.domain.webhooks.wake()
}

/** Causes an event `keys.rotated`, and has the worker look at once. */
export const rotateKey = async (world: World): Promise<string> => {
  const { kid } = await mutate(world, 'rotateSigningKey', undefined, await adminToken(world))
  world.app.domain.webhooks.wake()
  return kid
}
