/**
 * A refresh chain as its users meet it: opened, refreshed and left through GraphQL and through `/auth`, each answer read
 * into one form. `look` reads what is kept of it; it only looks.
 *
 * An answer that is neither a success nor the one refusal of its surface is an error.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { mutate } from '../graphql/ask.ts'
import { PASSWORD, unique } from '../support/accounts.ts'
import type { Answer, World } from '../support/world.ts'

export const SURFACES = ['graphql', 'rest'] as const
export type Surface = (typeof SURFACES)[number]

export interface Token {
  readonly token: string
  readonly until: number
}
export interface Received {
  readonly access: Token
  readonly refresh: Token
}
export type Reply = Received | 'done' | 'refused'

// biome-ignore lint/suspicious/noExplicitAny: as the surface wrote it
const receivedFromGraphql = ({ accessToken, refreshToken }: any): Received => ({
  access: { token: accessToken.token, until: Date.parse(accessToken.expiresAt) },
  refresh: { token: refreshToken.token, until: Date.parse(refreshToken.expiresAt) },
})
// biome-ignore lint/suspicious/noExplicitAny: as the surface wrote it
const receivedFromRest = ({ access, refresh }: any): Received => ({
  access: { token: access.token, until: Date.parse(access.expires) },
  refresh: { token: refresh.token, until: Date.parse(refresh.expires) },
})

const unexpected = (answer: unknown): Error => new Error(`unexpected answer: ${JSON.stringify(answer)}`)

const isRefusedByRest = ({ status, body }: Answer, refusal: number): boolean => {
  if (status === refusal) return true
  if (status === 200) return false
  throw unexpected({ status, body })
}
// biome-ignore lint/suspicious/noExplicitAny: as the surface wrote it
const isRefusedByGraphql = (result: any, refusal: string): boolean => {
  if (result.code === refusal) return true
  if (result.code === undefined) return false
  throw unexpected(result)
}

/** An account with one session. */
export async function open(world: World, surface: Surface): Promise<Received & { readonly userId: string }> {
  const email = `chain${unique()}@example.com`
  if (surface === 'graphql') {
    const { user, credentials } = await mutate(world, 'signUp', { email, password: PASSWORD })
    return { userId: user.id, ...receivedFromGraphql(credentials) }
  }
  const { body } = await world.post('/auth/register', { email, name: 'Ada', password: PASSWORD, confirm: PASSWORD })
  return { userId: body.user.id, ...receivedFromRest(body.tokens) }
}

export async function refresh(world: World, surface: Surface, refreshToken: string): Promise<Received | 'refused'> {
  if (surface === 'graphql') {
    const result = await mutate(world, 'refreshSession', { refreshToken })
    return isRefusedByGraphql(result, 'INVALID_REFRESH_TOKEN') ? 'refused' : receivedFromGraphql(result.credentials)
  }
  const answer = await world.post('/auth/refresh-tokens', { refreshToken })
  return isRefusedByRest(answer, 401) ? 'refused' : receivedFromRest(answer.body)
}

/** Waits for so many rounds of this thread, which is also the server's. */
export const turns = async (number: number): Promise<void> => {
  for (let left = number; left > 0; left -= 1) await nextTurn()
}

/** Refreshes, and breaks the connection after so many turns, whatever the server has done by then. */
export async function breakOff(world: World, refreshToken: string, after: number): Promise<void> {
  const breaker = new AbortController()
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refreshToken }),
    signal: breaker.signal,
  }
  const sent = fetch(`${world.url}/auth/refresh-tokens`, init).catch(() => undefined)
  await turns(after)
  breaker.abort()
  await sent
}

export async function signOut(world: World, surface: Surface, refreshToken: string): Promise<'done' | 'refused'> {
  const refused =
    surface === 'graphql'
      ? isRefusedByGraphql(await mutate(world, 'signOut', { refreshToken }), 'INVALID_REFRESH_TOKEN')
      : isRefusedByRest(await world.post('/auth/logout', { refreshToken }), 400)
  return refused ? 'refused' : 'done'
}

export async function signOutByAccess(world: World, surface: Surface, accessToken: string): Promise<'done' | 'refused'> {
  const refused =
    surface === 'graphql'
      ? isRefusedByGraphql(await mutate(world, 'signOut', undefined, accessToken), 'UNAUTHENTICATED')
      : isRefusedByRest(await world.post('/v1/auth/logout', undefined, accessToken), 401)
  return refused ? 'refused' : 'done'
}

export const works = async (world: World, accessToken: string): Promise<boolean> =>
  !isRefusedByRest(await world.get('/v1/profile', accessToken), 401)

export interface Seen {
  readonly counter: number | null
  readonly liveUntil: number | undefined
  readonly isEnded: boolean
  readonly reuses: number
  readonly signOuts: number
  /** The whole row but for the time it was last seen. */
  readonly row: object
}

/** What is kept of the one session of an account, and of its ends. */
export async function look({ db: { client } }: World, userId: string): Promise<Seen> {
  const [{ lastSeenAt: _, ...row }, reuses, signOuts] = await Promise.all([
    client.session.findFirstOrThrow({ where: { userId } }),
    client.auditEvent.count({ where: { userId, type: 'session.refresh_reused' } }),
    client.auditEvent.count({ where: { userId, type: 'session.signed_out' } }),
  ])
  const { refreshCounter: counter, refreshExpiresAt, endedAt } = row
  return { counter, liveUntil: refreshExpiresAt?.getTime(), isEnded: endedAt !== null, reuses, signOuts, row }
}
