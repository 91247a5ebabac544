/**
 * Two worlds that start equal and have one clock: in `graphql` every step is run through GraphQL, in `rest` through a
 * dialect. Each request says its id and its client address as a trusted proxy would, so that both stand in both worlds.
 */
import type { Requirement } from '../../src/domain/access/requirements.ts'
import type { Surface, SurfaceTable } from '../../src/domain/base/surfaces.ts'
import { advance, freeze } from '../support/clock.ts'
import { type Answer, openWorld, type World } from '../support/world.ts'
import type { ExceptionName } from './exceptions.ts'
import { expectedRules } from './expectedRules.ts'

export const SIDES = ['graphql', 'rest'] as const
export type Side = (typeof SIDES)[number]
export type Both<T> = Readonly<Record<Side, T>>

export const both = <T>(of: (side: Side) => T): Both<T> => ({ graphql: of('graphql'), rest: of('rest') })

/** Two things at once; what fails is reported when nothing is under way any more. */
export const atOnce = async <One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> => {
  await Promise.allSettled([one, other])
  return await Promise.all([one, other])
}

/** The same in both worlds, at once: they share nothing but a clock that stands still. */
export const bothAsync = async <T>(of: (side: Side) => Promise<T>): Promise<Both<T>> => {
  const [graphql, rest] = await atOnce(of('graphql'), of('rest'))
  return { graphql, rest }
}

/** What was asked of a world in one request: through which surface, by which route, and where the sign-in began. */
export interface Asked {
  readonly surface: Surface
  readonly route?: { readonly name: string; readonly operation: string; readonly who: Requirement }
  readonly origin?: Surface
}

export interface Sent {
  readonly method: string
  readonly path: string
  readonly json?: unknown
  readonly token?: string | undefined
}

/** The limits are small, so that short sequences meet them. */
const COMMON = {
  TRUSTED_PROXIES: 'loopback',
  LIMIT_ADDRESS_PER_MINUTE: '9',
  LIMIT_PASSWORD_FAILURES: '3',
  LIMIT_CODE_FAILURES: '3',
  LIMIT_RESET_MAILS: '2',
  MAX_SESSIONS: '4',
  // What follows a change that counts at once is over with the instant of the change.
  UNDO_LIFE: '1ms',
  EMAIL_CHANGE_HOLD: '1ms',
}

/** `documented`: the rules differ as they do by default, and no session ends by itself. `levelled`: wherever settings can make the rules of all surfaces equal, they do, and lives are equal and short. */
export const SETTINGS = {
  documented: {
    ...COMMON,
    ACCESS_TOKEN_LIFE: '80d',
    V1_SESSION_LIFE: '81d',
    WEKAN_SESSION_LIFE: '82d',
    REFRESH_TOKEN_LIFE: '83d',
    REFRESH_CHAIN_LIFE: '84d',
    VERIFY_EMAIL: 'true',
  },
  levelled: {
    ...COMMON,
    COMMON_PASSWORDS_DIALECTS: 'true',
    STEP_UP_XIOT: '10m',
    FORGET_PASSWORD_DISCLOSES: 'false',
    ACCESS_TOKEN_LIFE: '2d',
    V1_SESSION_LIFE: '2d',
    WEKAN_SESSION_LIFE: '2d',
    REFRESH_TOKEN_LIFE: '2d',
    REFRESH_CHAIN_LIFE: '2d',
  },
} as const
export type PairName = keyof typeof SETTINGS

export interface Pair {
  readonly name: PairName
  readonly worlds: Both<World>
  readonly table: SurfaceTable
  readonly minimum: Readonly<Record<Surface, number>>
  /** Whatever was asked, by the id of the request, and by its instant. */
  readonly asked: Both<Map<string, Asked[]>>
  /** Names of all ids so far. */
  readonly known: Both<Map<string, string>>
  /** Which requests were levelled, by the line that says how; and the step of the code that confirmed a factor, by account. */
  readonly requests: Map<string, ExceptionName>
  readonly confirmed: Map<string, number>
  close(): Promise<void>
}

/** The least length of a password on each surface, from the documents. */
const LEAST_PASSWORD: Readonly<Record<Surface, number>> = { graphql: 8, idiot: 8, wekan: 6, xiot: 8, authentication: 6, custom: 8, cli: 8 }

let stopped = false

/** Stops time at a whole second, since a JWT counts in them. */
const stopTime = (): void => {
  if (!stopped) freeze()
  stopped = true
  advance(1_000 - (Date.now() % 1_000))
}

export async function openPair(name: PairName): Promise<Pair> {
  stopTime()
  const worlds = await bothAsync(async () => await openWorld(SETTINGS[name]))
  return {
    name,
    worlds,
    table: expectedRules[name],
    minimum: LEAST_PASSWORD,
    asked: both(() => new Map<string, Asked[]>()),
    known: both(() => new Map<string, string>()),
    requests: new Map(),
    confirmed: new Map(),
    async close() {
      const faults = SIDES.flatMap((side) => worlds[side].logs.filter(({ level }) => level === 'error'))
      await worlds.graphql.close()
      await worlds.rest.close()
      if (faults.length > 0) throw new Error(`faults of the server: ${JSON.stringify(faults)}`)
    },
  }
}

export const instant = (): string => new Date(Date.now()).toISOString()

const USER_AGENT = 'Differential/1.0'

/** Where a request comes from, and what it is called. */
export interface From {
  readonly address: string
  readonly requestId: string
}

/** Sends a request to one world, and takes down what was asked. */
export async function send(pair: Pair, side: Side, { address, requestId }: From, sent: Sent, asked: Asked): Promise<Answer> {
  for (const key of [requestId, instant()]) pair.asked[side].set(key, [...(pair.asked[side].get(key) ?? []), asked])
  const headers = { 'x-forwarded-for': address, 'x-request-id': requestId, 'user-agent': USER_AGENT }
  const { method, path, json, token } = sent
  return await pair.worlds[side].request(method, path, { json, token, headers })
}
