/**
 * One round: acts that are sent at once to several processes, what they were answered, and then every token of every session, read through
 * each process at once. `candidates` are the accounts that explain all answers so far: usually one.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { admin, signIn as signInPerson } from '../support/accounts.ts'
import type { World } from '../support/world.ts'
import {
  type Account,
  type Act,
  type Answered,
  accessUntil,
  COOKIE_GRACE,
  explain,
  isChained,
  isGood,
  isLive,
  type Kind,
  type Outcome,
  opened,
  used,
} from './model.ts'
import {
  act,
  administer,
  type Held,
  listed,
  passwordOf,
  type Received,
  refresh,
  signIn,
  signOutByRefresh,
  signUp,
  WAYS_TO_READ,
  works,
} from './surfaces.ts'

export interface Token extends Held {
  readonly session: number
  readonly until: number
}

export interface Model {
  candidates: readonly Account[]
  /** How many sessions and passwords there have been. */
  sessions: number
  passwords: number
  rounds: number
}

export interface Real {
  readonly worlds: readonly World[]
  readonly id: string
  readonly email: string
  readonly tokens: Token[]
  readonly kinds: Map<number, Kind>
  /** The refresh tokens of each session, by number. */
  readonly chains: Map<number, string[]>
  /** The ids of sessions, as far as they were read. */
  readonly ids: Map<number, string>
}

/** What somebody wishes to do; `who` and `other` choose among what there is. */
export interface Wish {
  readonly what: Act['what']
  readonly who: number
  readonly other: number
  readonly kind: Kind
  readonly process: number
  readonly through: 'graphql' | 'dialect'
  /** Turns of the event loop before it is sent. */
  readonly after: number
}

const receive = (real: Real, session: number, kind: Kind, { access, refresh: next }: Received, end: number, now: number): void => {
  real.kinds.set(session, kind)
  for (const { value, isJwt } of access) {
    const until = accessUntil({ ...opened(kind, now), end }, isJwt, now)
    real.tokens.push({ session, value, isCookie: kind === 'cookie', until })
  }
  const chain = real.chains.get(session) ?? []
  if (next !== undefined && !chain.includes(next)) chain.push(next)
  real.chains.set(session, chain)
}

/** A cookie whose session was given another one ends in a moment. */
const supersede = ({ tokens }: Real, token: Token, now: number): void => {
  const at = tokens.findIndex(({ value }) => value === token.value)
  tokens[at] = { ...token, until: Math.min(token.until, now + COOKIE_GRACE) }
}

export async function start(worlds: readonly World[]): Promise<{ model: Model; real: Real }> {
  const [world] = worlds as [World]
  const now = Date.now()
  const { id, email, received } = await signUp(world)
  const real: Real = { worlds, id, email, tokens: [], kinds: new Map(), chains: new Map(), ids: new Map() }
  const first = opened('graphql', now)
  receive(real, 0, 'graphql', received, first.end, now)
  const account: Account = { password: 0, state: 'enabled', sessions: new Map([[0, first]]) }
  return { model: { candidates: [account], sessions: 1, passwords: 1, rounds: 0 }, real }
}

const pick = <T>(all: readonly T[], number: number): T => all[number % all.length] as T

/** Tokens that are worth presenting: mostly live ones, the newest first. */
const presentable = (model: Model, real: Real): Token[] => {
  const [account] = model.candidates
  const newest = real.tokens.toReversed()
  const good = account === undefined ? [] : newest.filter((token) => isGood(account, token, Date.now()))
  return [...good, ...good, ...newest.slice(0, 3)]
}

/** The act that a wish comes to; undefined if there is nothing to do it with. */
const actOf = (model: Model, real: Real, { what, who, other, kind }: Wish): Act | undefined => {
  const password = model.candidates[0]?.password ?? 0
  if (what === 'signIn') {
    model.sessions += 1
    // Now and then with the password that was changed.
    return { what, session: model.sessions - 1, kind, password: other % 8 === 0 ? Math.max(0, password - 1) : password }
  }
  if (what === 'refresh' || what === 'signOutByRefresh') {
    const session = pick(
      [...real.chains]
        .filter(([, chain]) => chain.length > 0)
        .map(([key]) => key)
        .toReversed(),
      who,
    )
    return { what, session, number: Math.max(0, (real.chains.get(session)?.length ?? 1) - 1 - (other % 3 === 0 ? other % 5 : 0)) }
  }
  if (what === 'disable' || what === 'enable' || what === 'endAll' || what === 'delete') return { what }
  const by = pick(presentable(model, real), who)
  if (what === 'endOne') {
    const known = [...real.ids.keys()].toReversed()
    return known.length === 0 ? undefined : { what, by, target: pick(known, other) }
  }
  if (what !== 'changePassword') return { what, by }
  model.passwords += 1
  return { what, by, from: other % 8 === 0 ? Math.max(0, password - 1) : password, to: model.passwords - 1 }
}

const moreOf = (real: Real, asked: Act): object => {
  if (asked.what === 'endOne') return { id: real.ids.get(asked.target) }
  return asked.what === 'changePassword' ? { oldPassword: passwordOf(asked.from), newPassword: passwordOf(asked.to) } : {}
}

interface Reply {
  readonly outcome: Outcome
  readonly received?: Received
}

const send = async (real: Real, asked: Act, { process, through, after }: Wish, adminTokens: readonly string[]): Promise<Reply> => {
  for (let left = after; left > 0; left -= 1) await nextTurn()
  const world = pick(real.worlds, process)
  if (asked.what === 'signIn') return await signIn(world, asked.kind, real.email, asked.password)
  if (asked.what === 'refresh' || asked.what === 'signOutByRefresh') {
    const token = real.chains.get(asked.session)?.[asked.number] ?? ''
    const way = through === 'dialect' ? 'authentication' : 'graphql'
    return asked.what === 'refresh' ? await refresh(world, way, token) : { outcome: await signOutByRefresh(world, way, token) }
  }
  if (!('by' in asked)) return { outcome: await administer(world, pick(adminTokens, process), asked.what, real.id) }
  return await act(world, asked.what, asked.by as Token, through, moreOf(real, asked))
}

interface Reading {
  /** Of each process, whether each token works. */
  readonly working: readonly (readonly boolean[])[]
  /** Of each process, how many sessions a live token reads; undefined if none is live. */
  readonly lists: readonly number[] | undefined
}

/** Every session's newest tokens, and of the last two sessions all. */
const watched = ({ tokens }: Real): Token[] => {
  const newest = Math.max(0, ...tokens.map(({ session }) => session))
  return tokens.filter((token, index) => {
    const later = tokens.slice(index + 1).filter(({ session }) => session === token.session).length
    return later < 2 || token.session > newest - 2
  })
}

const read = async (model: Model, real: Real, tokens: readonly Token[]): Promise<Reading> => {
  const ways = tokens.map((_, index) => (index + model.rounds) % WAYS_TO_READ)
  const readAll = async (world: World, shift: number) =>
    await Promise.all(tokens.map(async (token, index) => await works(world, token, (ways[index] ?? 0) + shift)))
  const working = await Promise.all(real.worlds.map(readAll))
  const live = tokens.findLast((_, index) => working.every((each) => each[index]))
  if (live === undefined) return { working, lists: undefined }
  const lists = await Promise.all(real.worlds.map(async (world) => await listed(world, live)))
  const id = lists[0]?.find(({ current }) => current)?.id
  if (id !== undefined) real.ids.set(live.session, id)
  return { working, lists: lists.map(({ length }) => length) }
}

const predicted = (account: Account, tokens: readonly Token[], processes: number, now: number): Reading => {
  const working = tokens.map((token) => isGood(account, token, now))
  const live = [...account.sessions.values()].filter((session) => isLive(account, session, now)).length
  return {
    working: Array.from({ length: processes }, () => working),
    lists: working.includes(true) ? Array.from({ length: processes }, () => live) : undefined,
  }
}

const shown = (account: Account): object => ({
  ...account,
  sessions: [...account.sessions].map(([key, { spentAt, ...more }]) => [key, more, ...spentAt]),
})

export interface Round {
  readonly answered: readonly Answered[]
  readonly reads: number
}

/** Sends all at once, reads what came of it, and keeps the accounts that explain both. @throws if there is none */
export const run = async (model: Model, real: Real, wishes: readonly Wish[]): Promise<Round> => {
  const now = Date.now()
  const adminTokens = await Promise.all(real.worlds.map(async (world) => await adminTokenOf(world, real.worlds[0] ?? world)))
  const asked = wishes.flatMap((wish) => {
    const own = actOf(model, real, wish)
    return own === undefined ? [] : [{ wish, act: own }]
  })
  const replies = await Promise.all(asked.map(async ({ wish, act: own }) => await send(real, own, wish, adminTokens)))
  const answered = asked.map(({ act: own }, index): Answered => ({ act: own, outcome: replies[index]?.outcome ?? 'refused' }))
  for (const [index, { received }] of replies.entries()) {
    const own = asked[index]?.act
    if (received === undefined || own === undefined || !('session' in own || 'by' in own)) continue
    const { session } = 'by' in own ? own.by : own
    const kind = own.what === 'signIn' ? own.kind : (real.kinds.get(session) ?? 'graphql')
    const end = model.candidates[0]?.sessions.get(session)?.end ?? opened(kind, now).end
    if ('by' in own) supersede(real, own.by as Token, now)
    receive(real, session, kind, received, end, now)
  }
  const tokens = watched(real)
  const seen = await read(model, real, tokens)
  const explained = model.candidates.flatMap((account) => explain(account, answered, now))
  const fitting = explained.filter((account) => isSame(predicted(account, tokens, real.worlds.length, now), seen))
  if (fitting.length === 0) {
    const told = tokens.map(({ session, until }, index) => ({ session, left: until - now, read: seen.working.map((each) => each[index]) }))
    const before = model.candidates.map(shown)
    throw new Error(
      `no order of the acts explains the answers: ${JSON.stringify({ now, before, answered, explained: explained.map(shown), told, lists: seen.lists }, null, 1)}`,
    )
  }
  model.candidates = fitting.map((account) => used(account, now))
  model.rounds += 1
  return { answered, reads: tokens.length * real.worlds.length }
}

const isSame = (one: Reading, other: Reading): boolean => JSON.stringify(one) === JSON.stringify(other)

const adminTokens = new WeakMap<World, { readonly token: string; readonly until: number }>()

/** A token of the administrator, who signed up in the first of the processes, that lives for a while yet. */
const adminTokenOf = async (world: World, first: World): Promise<string> => {
  const known = adminTokens.get(world)
  if (known !== undefined && Date.now() < known.until) return known.token
  const token = await signInPerson(world, await admin(first))
  adminTokens.set(world, { token, until: Date.now() + 25 * 60_000 })
  return token
}

/** The moments at which something of the account ends. */
export const limitsOf = ({ candidates: [account] }: Model, real: Real): number[] => {
  const now = Date.now()
  const ofSessions = [...(account?.sessions.values() ?? [])].flatMap(({ end, liveUntil, kind, usedAt }) => [
    end,
    ...(isChained(kind) ? [liveUntil] : []),
    ...(kind === 'cookie' ? [usedAt + 42 * 60_000 + 1] : []),
  ])
  return [...ofSessions, ...real.tokens.map(({ until }) => until)].filter((moment) => moment > now).sort((a, b) => a - b)
}
