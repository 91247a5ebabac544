/**
 * What two worlds hold, with the lines of the table of exceptions applied: each line replaces a value by a word only if the value
 * is exactly what the line's source says, so that anything else stays and is a difference.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../../src/config.ts'
import type { OperationName } from '../../src/domain/access/operationTable.ts'
import type { TokenProfile } from '../../src/domain/base/surfaces.ts'
import { askedByOperation } from '../authorization/expected.ts'
import { plain, type Row, sorted, type Tables } from './dump.ts'
import type { ExceptionName, Lines } from './exceptions.ts'
import { mailShares } from './mailShares.ts'
import type { Asked, Pair, Side } from './pair.ts'

export interface View {
  readonly pair: Pair
  readonly side: Side
  readonly lines: Lines
}

type Profile = Exclude<TokenProfile, 'cookie'>

const lifeOf = (config: Config, profile: Profile): number =>
  ({ chain: config.REFRESH_CHAIN_LIFE, v1: config.V1_SESSION_LIFE, resume: config.WEKAN_SESSION_LIFE })[profile]

const later = (time: unknown, milliseconds: number): string => new Date(Date.parse(String(time)) + milliseconds).toISOString()

/** What was asked when a row of a surface was written. */
const askedFor = ({ pair, side }: View, key: unknown, surface: unknown): Asked | undefined =>
  pair.asked[side].get(String(key))?.findLast((asked) => asked.surface === surface)

const profilesOf = ({ pair }: View, { surface, origin = surface }: Asked): Profile[] => [
  ...new Set([pair.table[surface].tokens, pair.table[origin].tokens]),
]

const surfaceOf = (view: View, row: Row, key: unknown): unknown =>
  view.lines.has('surface') && askedFor(view, key, row.surface) !== undefined ? 'the one called' : row.surface

/** A session whose ends are those of its tokens. */
const session = (view: View, row: Row): Row => {
  const asked = askedFor(view, row.created_at, row.surface)
  const origin = view.lines.has('surface') && asked?.origin === row.origin ? null : row.origin
  const comparable = { ...row, surface: surfaceOf(view, row, row.created_at), origin }
  if (asked === undefined || !view.lines.has('tokens')) return comparable
  const profiles = profilesOf(view, asked)
  const { config } = view.pair.worlds[view.side]
  const end = later(row.created_at, Math.max(...profiles.map((profile) => lifeOf(config, profile))))
  const expires = row.expires_at === end ? { expires_at: 'as its tokens' } : {}
  const unused = profiles.includes('chain')
    ? row.refresh_counter === 0 && row.refresh_expires_at === later(row.created_at, config.REFRESH_TOKEN_LIFE)
    : row.refresh_counter === null && row.refresh_expires_at === null
  return { ...comparable, ...expires, ...(unused ? { refresh_counter: 'unused', refresh_expires_at: 'unused' } : {}) }
}

/** The opaque tokens that no session of the table had to have; a missing one is listed as well. */
const opaqueTokens = (view: View, sessions: readonly Row[], rows: readonly Row[]): Row[] => {
  if (!view.lines.has('tokens')) return [...rows]
  const left = [...rows]
  for (const row of sessions) {
    const asked = askedFor(view, row.created_at, row.surface)
    for (const profile of asked === undefined ? [] : profilesOf(view, asked)) {
      if (profile === 'chain') continue
      const { id: session_id, created_at } = row
      const expires_at = later(created_at, lifeOf(view.pair.worlds[view.side].config, profile))
      const expected = { hash: 'there', session_id, kind: profile === 'v1' ? 'sess' : 'resume', created_at, expires_at }
      const place = left.findIndex((token) => isDeepStrictEqual(token, expected))
      if (place < 0) left.push({ missing: expected })
      else left.splice(place, 1)
    }
  }
  return left
}

const METEOR_ID = /^[2-9A-HJ-NP-TW-Za-km-z]{17}$/
const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

const user = (view: View, ids: ReadonlyMap<string, string>, row: Row): Row => {
  const id = ids.get(String(row.id)) ?? String(row.id)
  const byWekan = askedFor(view, row.created_at, 'wekan') !== undefined
  const form = UUID.test(id) ? 'UUID' : METEOR_ID.test(id) ? 'Meteor' : id
  const isExpected = view.lines.has('accountIds') && form === (byWekan ? 'Meteor' : 'UUID')
  const spent = view.lines.has('twoFactorAtOnce') && row.two_factor_last_step === (view.pair.confirmed.get(`${view.side} ${id}`) ?? -1)
  const hold = view.lines.has('emailAtOnce') ? { held_email: null, held_verified_at: null, held_until: null } : {}
  return { ...row, form: isExpected ? 'as its surface' : form, ...(spent ? { two_factor_last_step: null } : {}), ...hold }
}

/** What is kept for an undo of a change that counted at once. */
const UNDOABLE: readonly ExceptionName[] = ['emailAtOnce', 'twoFactorAtOnce', 'withoutProof']
const undos = ({ lines }: View, rows: readonly Row[]): Row[] => (UNDOABLE.every((line) => lines.has(line)) ? [] : [...rows])
const identifiers = ({ lines }: View, rows: readonly Row[]): Row[] =>
  rows.filter((row) => !lines.has('emailAtOnce') || row.reserved_until === null)

/** A refusal that names the route instead of the operation. */
const detailsOf = (view: View, row: Row): unknown => {
  const details = row.details as Row
  const route = askedFor(view, row.request_id, row.surface)?.route
  if (row.type !== 'access.refused' || route === undefined || !view.lines.has('routeNames')) return details
  if (details.operation !== route.name || details.requirement !== route.who) return details
  return { ...details, operation: route.operation, requirement: askedByOperation[route.operation as OperationName] }
}

/** Without links to verify an address that the account does not have any more: a verification of the new one takes them along. */
const mailTokens = ({ lines }: View, users: readonly Row[], rows: readonly Row[]): Row[] => {
  if (!lines.has('emailAtOnce')) return [...rows]
  const emails = new Map(users.map(({ id, email }) => [id, email]))
  return rows.filter(({ purpose, user_id: userId, address }) => purpose !== 'verify_email' || emails.get(userId) === address)
}

const MOVED: Partial<Record<ExceptionName, Readonly<Record<Side, string>>>> = {
  emailAtOnce: {
    graphql: 'email.change_requested by owner, email.changed by nobody',
    rest: 'email.changed by owner, email.verification_requested by owner, email.verified by nobody',
  },
  twoFactorAtOnce: { graphql: 'two_factor.enrollment_begun by owner, two_factor.enabled by owner', rest: 'two_factor.enabled by owner' },
}

const describeEvent = ({ type, user_id: userId, actor_id: actorId }: Row): string =>
  `${type} by ${actorId === null ? 'nobody' : actorId === userId ? 'owner' : 'another'}`

/** The events of one request as one, where they are what its line says. */
const collapsed = (view: View, events: readonly Row[]): Row[] => {
  const [first] = events
  const line = view.pair.requests.get(String(first?.request_id))
  if (first === undefined || line === undefined || !view.lines.has(line)) return [...events]
  const isExpected = events.map(describeEvent).join(', ') === MOVED[line]?.[view.side]
  return isExpected ? [{ type: line, userId: first.user_id, request: first.request_id, details: events.at(-1)?.details }] : [...events]
}

const auditEvents = (view: View, rows: readonly Row[]): Row[] => {
  const requests = new Map<unknown, Row[]>()
  for (const row of rows) requests.set(row.request_id, [...(requests.get(row.request_id) ?? []), row])
  return [...requests.values()].flatMap((events) =>
    collapsed(view, events).map((row) =>
      'surface' in row ? { ...row, details: detailsOf(view, row), surface: surfaceOf(view, row, row.request_id) } : row,
    ),
  )
}

/**
 * What takes one operation on one surface takes two on another, or needs no proof there, and so counts as fewer changes and attempts;
 * a dialect refuses before the operation counts. Each operation's own count: test/changes, test/guards/counters.
 */
const limits = (rows: readonly Row[]): Row[] => rows.filter(({ key }) => !/^(?:change|attempt)/.test(String(key)))

/** Everything that a world holds, as it has to be in the other one. */
export function canonical(tables: Tables, view: View): Tables {
  const labels = view.pair.known[view.side]
  const all = plain(tables, labels)
  const ids = new Map([...labels].map(([id, label]) => [label, id]))
  const {
    users = [],
    sessions = [],
    opaque_tokens: opaque = [],
    audit_events: events = [],
    login_codes: codes = [],
    mail_tokens: mails = [],
    mail_shares: shares = [],
    account_undos: kept = [],
    identifiers: taken = [],
    rate_limits: limited = [],
  } = all
  const comparable: Tables = {
    ...all,
    users: users.map((row) => user(view, ids, row)),
    sessions: sessions.map((row) => session(view, row)),
    opaque_tokens: opaqueTokens(view, sessions, opaque),
    login_codes: codes.map((row) => ({ ...row, surface: surfaceOf(view, row, row.created_at) })),
    audit_events: auditEvents(view, events),
    mail_tokens: mailTokens(view, users, mails),
    mail_shares: mailShares(shares, {
      labels,
      addresses: view.pair.worlds[view.side].mails.map(({ to }) => to),
      movesTwoWays: view.lines.has('emailAtOnce'),
    }),
    account_undos: undos(view, kept),
    identifiers: identifiers(view, taken),
    rate_limits: limits(limited),
  }
  return Object.fromEntries(Object.entries(comparable).map(([table, rows]) => [table, sorted(table, rows)]))
}
