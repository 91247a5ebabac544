/**
 * One round: requests that are sent at once, what they were answered, and what is kept afterwards. Each holder of a token
 * (the tabs, which share a storage, and a thief, who comes last) is known by the number that it holds.
 *
 * Whatever `explain` cannot explain, and a second successor of one number, is an error. Cost: 3 statements a round, to look.
 */
import type { World } from '../support/world.ts'
import { type Answered, type Asked, type Chain, explain, type Outcome, opened } from './model.ts'
import {
  look,
  open,
  type Received,
  type Reply,
  refresh,
  type Seen,
  type Surface,
  signOut,
  signOutByAccess,
  type Token,
} from './surfaces.ts'

export interface Model {
  chain: Chain
  /** The number that each tab holds, then that of the thief. */
  readonly holders: number[]
  storage: number
  accessUntil: number
  /** Commands since no token is live. */
  deadFor: number
}

export interface Real {
  readonly world: World
  readonly userId: string
  readonly openedAt: number
  /** The refresh token of each number. */
  readonly tokens: Token[]
  readonly access: Token[]
  /** When each number was first answered. */
  readonly spentAt: Map<number, number>
  seen: Seen
}

export interface Round {
  readonly at: number
  /** The prediction of the chain before. */
  readonly chain: Chain
  readonly before: Seen
  readonly after: Seen
  readonly answered: readonly Answered[]
}

/** Opens a chain with `tabs` tabs. */
export async function start(world: World, surface: Surface, tabs: number): Promise<{ model: Model; real: Real }> {
  const now = Date.now()
  const { userId, access, refresh: first } = await open(world, surface)
  const holders = Array.from({ length: tabs + 1 }, () => 0)
  return {
    model: { chain: opened(now), holders, storage: 0, accessUntil: access.until, deadFor: 0 },
    real: {
      world,
      userId,
      openedAt: now,
      tokens: [first],
      access: [access],
      spentAt: new Map(),
      seen: await look(world, userId),
    },
  }
}

/** What is sent instead of a token, and is to be refused. */
const NONSENSE = {
  'another tag': (token: string) => token.replace(/\.(.)(?=[^.]*$)/, (_, first) => (first === 'A' ? '.B' : '.A')),
  'the next number': (token: string) => token.replace(/\.(\d+)\./, (_, number) => `.${Number(number) + 1}.`),
  'a leading zero': (token: string) => token.replace(/\.(\d+)\./, '.0$1.'),
  'another session': (token: string) => token.replace(/_.{36}/, `_${'0'.repeat(36)}`),
  'the access token': (_: string, access: string) => access,
  'no form': () => 'rt_nonsense',
}
export type Nonsense = keyof typeof NONSENSE
export const KINDS_OF_NONSENSE = Object.keys(NONSENSE) as Nonsense[]

export interface Wish {
  readonly who: number
  readonly act: 'refresh' | 'signOut' | 'signOutByAccess'
  readonly surface: Surface
  /** The answer does not arrive. */
  readonly isLost: boolean
  /** What is made of the token. */
  readonly nonsense: Nonsense | null
}

export const holderOf = (model: Model, who: number): number => who % model.holders.length
export const numberOf = (model: Model, who: number): number => model.holders[holderOf(model, who)] ?? 0
const newest = (real: Real): Token => real.access.at(-1) ?? { token: '', until: 0 }

const askedOf = (model: Model, real: Real, { who, act, nonsense }: Wish): Asked => {
  if (act === 'signOutByAccess') return { what: act, until: newest(real).until }
  return nonsense === null ? { what: act, number: numberOf(model, who) } : { what: 'nonsense' }
}

const send = async (model: Model, real: Real, { who, act, surface, nonsense }: Wish): Promise<Reply> => {
  const own = real.tokens[numberOf(model, who)]?.token ?? ''
  const token = nonsense === null ? own : NONSENSE[nonsense](own, newest(real).token)
  if (act === 'refresh') return await refresh(real.world, surface, token)
  return act === 'signOut' ? await signOut(real.world, surface, token) : await signOutByAccess(real.world, surface, newest(real).token)
}

/** Takes down what was handed out for a number. @throws if another successor was handed out for it before */
const receive = (real: Real, number: number, { access, refresh: successor }: Received, at: number): Outcome => {
  const known = real.tokens[number + 1]
  if (known !== undefined && known.token !== successor.token) throw new Error(`the chain forks: another successor of number ${number}`)
  real.tokens[number + 1] = successor
  real.access.push(access)
  if (!real.spentAt.has(number)) real.spentAt.set(number, at)
  return { number: number + 1, until: successor.until, accessUntil: access.until }
}

const outcomeOf = (real: Real, asked: Asked, reply: Reply, at: number): Outcome => {
  if (typeof reply === 'string') return reply
  if (asked.what !== 'refresh') throw new Error(`tokens for ${asked.what}`)
  return receive(real, asked.number, reply, at)
}

const fits =
  (seen: Seen) =>
  ({ live, liveUntil, ended }: Chain): boolean =>
    seen.counter === live &&
    seen.liveUntil === liveUntil &&
    seen.isEnded === (ended !== null) &&
    seen.reuses === (ended === 'reused' ? 1 : 0) &&
    seen.signOuts === (ended === 'signedOut' ? 1 : 0)

const keep = (model: Model, { who, isLost }: Wish, outcome: Outcome): void => {
  if (typeof outcome === 'string' || isLost) return
  const holder = holderOf(model, who)
  model.holders[holder] = outcome.number
  if (holder < model.holders.length - 1) model.storage = outcome.number
}

/** Sends all at once, and takes down what came of it. */
export const run = async (model: Model, real: Real, wishes: readonly Wish[]): Promise<Round> => {
  const at = Date.now()
  const { chain } = model
  const before = real.seen
  const asked = wishes.map((wish) => askedOf(model, real, wish))
  const replies = await Promise.all(wishes.map((wish) => send(model, real, wish)))
  if (wishes.length > 0) real.seen = await look(real.world, real.userId)
  const answered = replies.map((reply, index): Answered => {
    const own = asked[index] ?? { what: 'nonsense' }
    return { asked: own, outcome: outcomeOf(real, own, reply, at) }
  })
  const next = explain(chain, answered, at, fits(real.seen))
  if (next === undefined) {
    const reported = { at, chain: { ...chain, spentAt: [...chain.spentAt] }, answered, seen: real.seen }
    throw new Error(`no order of the requests explains their answers: ${JSON.stringify(reported, null, 1)}`)
  }
  model.chain = next
  model.accessUntil = newest(real).until
  for (const [index, wish] of wishes.entries()) keep(model, wish, answered[index]?.outcome ?? 'refused')
  return { at, chain, before, after: real.seen, answered }
}
