/**
 * What the sessions of one account have to do, written without a line of `src`: a pure step from an account and an act to the next
 * account and its outcome. Times are in ms.
 *
 * Acts that are sent at once to two processes must be answered as in some order, one after the other (linearizability: Herlihy and Wing,
 * 1990): `explain` gives every account that such an order ends in. Acts of an owner that only end sessions may also be done although another act
 * of the same moment has just ended their own session: their token is read when they come, and nothing but an end can come of them.
 */
import { isDeepStrictEqual } from 'node:util'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
export const SETTINGS = {
  ACCESS_TOKEN_LIFE: '30m',
  REFRESH_TOKEN_LIFE: '90m',
  REFRESH_CHAIN_LIFE: '4h',
  REFRESH_GRACE: '10s',
  V1_SESSION_LIFE: '2h',
  WEKAN_SESSION_LIFE: '5h',
  COOKIE_SESSION_LIFE: '3h',
  COOKIE_IDLE_LIFE: '40m',
}
export const GRACE = 10_000
/** How long a cookie works on after a changed password gave its session another (ASVS 7.2.4). */
export const COOKIE_GRACE = 5_000
const ACCESS_LIFE = 30 * MINUTE
const REFRESH_LIFE = 90 * MINUTE
/** A process may learn two minutes late of a use in another. */
export const IDLE_LIFE = 42 * MINUTE

export const KINDS = ['graphql', 'authentication', 'v1', 'wekan', 'cookie'] as const
export type Kind = (typeof KINDS)[number]
const LIFE: Readonly<Record<Kind, number>> = {
  graphql: 4 * HOUR,
  authentication: 4 * HOUR,
  v1: 2 * HOUR,
  wekan: 5 * HOUR,
  cookie: 3 * HOUR,
}

export const isChained = (kind: Kind): boolean => kind === 'graphql' || kind === 'authentication'

export interface Session {
  readonly kind: Kind
  readonly end: number
  readonly isEnded: boolean
  readonly usedAt: number
  /** The number of the refresh token that is not spent, and when each of the others was. */
  readonly live: number
  readonly liveUntil: number
  readonly spentAt: ReadonlyMap<number, number>
}

export interface Account {
  readonly password: number
  readonly state: 'enabled' | 'disabled' | 'deleted'
  readonly sessions: ReadonlyMap<number, Session>
}

/** A token as it is presented: that of a session, with its last moment. */
export interface Presented {
  readonly session: number
  readonly until: number
}

export type Act =
  | { readonly what: 'signIn'; readonly session: number; readonly kind: Kind; readonly password: number }
  | { readonly what: 'refresh' | 'signOutByRefresh'; readonly session: number; readonly number: number }
  | { readonly what: 'signOut'; readonly by: Presented }
  | { readonly what: 'signOutEverywhere'; readonly by: Presented }
  | { readonly what: 'endOthers'; readonly by: Presented }
  | { readonly what: 'endOne'; readonly by: Presented; readonly target: number }
  | { readonly what: 'changePassword'; readonly by: Presented; readonly from: number; readonly to: number }
  | { readonly what: 'disable' | 'enable' | 'endAll' | 'delete' }

export type Outcome = 'done' | 'refused'

/** The last moment of an access token that is issued now. A JWT says it in whole seconds (RFC 7519, 4.1.4), and is dead from there on. */
export const accessUntil = ({ kind, end }: Session, isJwt: boolean, now: number): number => {
  const until = isChained(kind) ? Math.min(now + ACCESS_LIFE, end) : end
  return isJwt ? Math.floor(until / 1000) * 1000 : until
}

export const opened = (kind: Kind, now: number): Session => ({
  kind,
  end: now + LIFE[kind],
  isEnded: false,
  usedAt: now,
  live: 0,
  liveUntil: now + REFRESH_LIFE,
  spentAt: new Map(),
})

export const isLive = ({ state }: Account, session: Session | undefined, now: number): boolean =>
  session !== undefined &&
  state === 'enabled' &&
  !session.isEnded &&
  now < session.end &&
  (session.kind !== 'cookie' || now - session.usedAt <= IDLE_LIFE)

export const isGood = (account: Account, { session, until }: Presented, now: number): boolean =>
  isLive(account, account.sessions.get(session), now) && now < until

const change = (account: Account, key: number, by: Partial<Session>): Account => {
  const session = account.sessions.get(key)
  return session === undefined ? account : { ...account, sessions: new Map(account.sessions).set(key, { ...session, ...by }) }
}

const endAllBut = (account: Account, kept?: number): Account => ({
  ...account,
  sessions: new Map([...account.sessions].map(([key, session]) => [key, key === kept ? session : { ...session, isEnded: true }])),
})

/** How a refresh token stands; null if it is of no use. */
const standingOf = (session: Session, number: number, now: number): 'live' | 'grace' | 'reused' | null => {
  const spentAt = session.spentAt.get(number)
  if (spentAt !== undefined) return now <= spentAt + GRACE ? 'grace' : 'reused'
  return number === session.live && now < session.liveUntil ? 'live' : null
}

const byRefresh = (account: Account, key: number, number: number, signsOut: boolean, now: number): readonly [Account, Outcome] => {
  const session = account.sessions.get(key)
  if (session === undefined || !isLive(account, session, now)) return [account, 'refused']
  const standing = standingOf(session, number, now)
  if (standing === null) return [account, 'refused']
  if (standing === 'reused') return [change(account, key, { isEnded: true }), 'refused']
  if (signsOut) return [change(account, key, { isEnded: true }), 'done']
  if (standing === 'grace') return [account, 'done']
  const rotated = {
    live: number + 1,
    liveUntil: Math.min(now + REFRESH_LIFE, session.end),
    spentAt: new Map(session.spentAt).set(number, now),
  }
  return [change(account, key, rotated), 'done']
}

const byAdministrator = (account: Account, what: 'disable' | 'enable' | 'endAll' | 'delete'): readonly [Account, Outcome] => {
  if (account.state === 'deleted') return [account, 'refused']
  if (what === 'enable') return [{ ...account, state: 'enabled' }, 'done']
  const ended = endAllBut(account)
  if (what === 'endAll') return [ended, 'done']
  return [{ ...ended, state: what === 'disable' ? 'disabled' : 'deleted' }, 'done']
}

type ByOwner = Extract<Act, { readonly by: Presented }>

const afterCheck = (account: Account, act: ByOwner, now: number): readonly [Account, Outcome] => {
  if (act.what === 'signOut') return [change(account, act.by.session, { isEnded: true }), 'done']
  if (act.what === 'signOutEverywhere') return [endAllBut(account), 'done']
  if (act.what === 'endOthers') return [endAllBut(account, act.by.session), 'done']
  if (act.what === 'endOne')
    return isLive(account, account.sessions.get(act.target), now)
      ? [change(account, act.target, { isEnded: true }), 'done']
      : [account, 'refused']
  if (act.what !== 'changePassword' || act.from !== account.password) return [account, 'refused']
  return [{ ...endAllBut(account, act.by.session), password: act.to }, 'done']
}

const byOwner = (account: Account, act: ByOwner, now: number): readonly [Account, Outcome] =>
  isGood(account, act.by, now) ? afterCheck(account, act, now) : [account, 'refused']

export const step = (account: Account, act: Act, now: number): readonly [Account, Outcome] => {
  if ('by' in act) return byOwner(account, act, now)
  if (act.what === 'refresh' || act.what === 'signOutByRefresh')
    return byRefresh(account, act.session, act.number, act.what === 'signOutByRefresh', now)
  if (act.what !== 'signIn') return byAdministrator(account, act.what)
  if (account.state !== 'enabled' || act.password !== account.password) return [account, 'refused']
  return [{ ...account, sessions: new Map(account.sessions).set(act.session, opened(act.kind, now)) }, 'done']
}

export interface Answered {
  readonly act: Act
  readonly outcome: Outcome
}

/** What an act may come to, where `begun` was the account when it was sent. */
const stepsOf = (begun: Account, account: Account, act: Act, now: number): (readonly [Account, Outcome])[] => {
  const inOrder = step(account, act, now)
  const onlyEnds = 'by' in act && act.what !== 'changePassword'
  return onlyEnds && isGood(begun, act.by, now) && !isGood(account, act.by, now) ? [inOrder, afterCheck(account, act, now)] : [inOrder]
}

/** Every account that an order of the acts ends in, in which each has its outcome; they were sent when the account was as `begun`. */
export const explain = (account: Account, answered: readonly Answered[], now: number, begun = account): Account[] => {
  if (answered.length === 0) return [account]
  const ends = answered.flatMap(({ act, outcome }, index) =>
    stepsOf(begun, account, act, now).flatMap(([next, predicted]) =>
      predicted === outcome ? explain(next, answered.toSpliced(index, 1), now, begun) : [],
    ),
  )
  return ends.filter((end, index) => ends.findIndex((other) => isDeepStrictEqual(other, end)) === index)
}

/** Each live session was used now. */
export const used = (account: Account, now: number): Account => ({
  ...account,
  sessions: new Map(
    [...account.sessions].map(([key, session]) => [key, isLive(account, session, now) ? { ...session, usedAt: now } : session]),
  ),
})
