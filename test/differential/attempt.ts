/**
 * A step when it is run: the two worlds, the accounts, the call of the dialect, and the two ways to ask. An answer is read into
 * what it hands out, however its surface spells that.
 */
import { createHash } from 'node:crypto'
import { beganOn, longestMinimum, type Surface } from '../../src/domain/base/surfaces.ts'
import type { ReplyContext } from '../../src/rest/dialect.ts'
import type { Answer } from '../support/world.ts'
import type { Accounts } from './accounts.ts'
import type { Action, Received } from './actions.ts'
import type { Watch } from './compare.ts'
import type { Counts } from './counts.ts'
import { dialectCalls, type Facts, type Place, placesBy } from './dialectCalls.ts'
import { allUsers, type Input, type Outcome, viaGraphql } from './graphqlCalls.ts'
import type { Comparing, Route } from './outcomes.ts'
import { type From, type Pair, type Side, send } from './pair.ts'
import { isAtOnce, type Turn } from './rules.ts'

export interface Run {
  readonly pair: Pair
  readonly watching: Watch
  readonly accounts: Accounts
  readonly runName: string
  readonly counts: Counts
  from(request: string, network: 0 | 1): From
}

/** A step when it is run, with all that it needs. */
export interface Attempt extends Turn {
  readonly run: Run
  readonly route: Route
  readonly from: From
  readonly comparing: Comparing
  readonly context: ReplyContext
}

export const receivedFromGraphql = (outcome: Outcome): Received => {
  if (outcome.kind === 'failure') return { loginCode: outcome.failure.loginCode }
  const { user, credentials, secret, recoveryCodes } = outcome.result
  return {
    id: user?.id,
    access: credentials?.accessToken?.token,
    refresh: credentials?.refreshToken?.token,
    secret,
    recoveryCodes: recoveryCodes ?? undefined,
  }
}

export const receivedFromRest = ({ body = {} }: Answer): Received => {
  const tokens = body.tokens ?? body
  return {
    id: body.id ?? body._id ?? body.user?.id,
    access: body.accessToken ?? body.token ?? tokens.access?.token,
    also: body.token,
    refresh: tokens.refresh?.token,
    loginCode: body.loginCode,
    secret: body.secret,
    recoveryCodes: body.recoveryCodes,
  }
}

const slice = (outcome: Outcome, { offset = 0, limit = Number.POSITIVE_INFINITY }: { offset?: number; limit?: number }): Outcome =>
  outcome.kind === 'failure' ? outcome : { ...outcome, result: outcome.result.slice(offset, offset + limit) }

/** The input as GraphQL spells it. */
const asGraphql = ({ action, lines }: Attempt, input: Input): Input => {
  if (action.operation === 'user') return { by: action.step.dialect === 'wekan' ? { idOrUsername: input.id } : { id: input.id } }
  if (action.operation === 'disableTwoFactor') return Object.keys(input).length === 0 ? {} : { proof: input }
  if (action.step.dialect !== 'wekan' || !lines.has('emptyIsAbsent')) return input
  return Object.fromEntries(Object.entries(input).filter(([name, value]) => value !== '' || (name !== 'username' && name !== 'email')))
}

export const throughGraphql = async (attempt: Attempt, side: Side, given: Input = attempt.action.inputs[side]): Promise<Outcome> => {
  const { pair, action, from } = attempt
  const [token, input] = [action.token[side], asGraphql(attempt, given)]
  if (action.operation === 'users') return slice(await allUsers(pair, side, from, token), input)
  return await viaGraphql(pair, side, from, action.operation, input, token)
}

const pathOf = (place: string, params: Readonly<Record<string, string>>, query: object): string => {
  const path = place.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name]?.toWellFormed() ?? ''))
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString()
  return search === '' ? path : `${path}?${search}`
}

export const throughDialect = async ({ pair, action, route, from }: Attempt, side: Side): Promise<Answer> => {
  const { call, place } = route
  const { params = {}, query = {}, json } = call.send(action.inputs[side])
  const [method = '', path = ''] = call.place.split(' ')
  const asked = {
    surface: place.surface,
    route: { name: call.place, operation: call.operation, who: call.who ?? place.row.who },
    origin: action.operation === 'verifyTwoFactor' ? originOf(action, side) : place.surface,
  }
  return await send(pair, side, from, { method, path: pathOf(path, params, query), json, token: action.token[side] }, asked)
}

const originOf = ({ person, inputs }: Action, side: Side) =>
  person.loginCodes.find(({ code }) => code[side] === inputs[side].loginCode)?.origin ?? 'idiot'

export const factsOf = (attempt: Attempt): Facts => {
  const { pair, action } = attempt
  return {
    atOnce: isAtOnce(attempt),
    config: pair.worlds.rest.config,
    origin: action.operation === 'verifyTwoFactor' ? originOf(action, 'rest') : undefined,
    input: action.inputs.rest,
  }
}

/** The row of the session of a token. */
const sessionOf = async (pair: Pair, side: Side, token: string | undefined) => {
  const { client } = pair.worlds[side].db
  const [, payload = ''] = (token ?? '').split('.')
  if (payload !== '') {
    const { sid } = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return await client.session.findUnique({ where: { id: sid } })
  }
  const hash = createHash('sha256')
    .update(token ?? '')
    .digest('base64')
  return (await client.opaqueToken.findUnique({ where: { hash }, include: { session: true } }))?.session ?? null
}

/** Where the session of the world of the dialect began. */
const beganOf = async (pair: Pair, place: Place, token: string | undefined): Promise<readonly Surface[]> => {
  const session = await sessionOf(pair, 'rest', token)
  return session === null ? [] : beganOn(pair.worlds.rest.config, place.surface, session)
}

/** The row of a dialect speaks first, but for `wekan`, whose rows know no length; then the operation, which goes by the session as well. */
const leastOf = (pair: Pair, action: Action, { surface }: Place, began: readonly Surface[]): number => {
  const given = action.inputs.rest[action.newPassword ?? '']
  const isShort = surface !== 'wekan' && typeof given === 'string' && [...given].length < pair.minimum[surface]
  return isShort ? pair.minimum[surface] : longestMinimum(surface, began)
}

/** Does something while the session of the world of GraphQL began where that of the other one did. */
export const asBegun = async <T>({ pair, action }: Attempt, work: () => Promise<T>): Promise<T> => {
  const [own, other] = [await sessionOf(pair, 'graphql', action.token.graphql), await sessionOf(pair, 'rest', action.token.rest)]
  if (own === null || other === null) return await work()
  const { client } = pair.worlds.graphql.db
  const { surface, origin } = other
  await client.session.update({ where: { id: own.id }, data: { surface, origin } })
  const done = await work()
  await client.session.update({ where: { id: own.id }, data: { surface: own.surface, origin: own.origin } })
  return done
}

/** How old the last proof of a session is, by its row. */
export const ageOf = async ({ pair, action }: Attempt): Promise<number> => {
  const session = await sessionOf(pair, 'graphql', action.token.graphql)
  const now = Date.now()
  return session === null || session.endedAt !== null || session.expiresAt.getTime() <= now ? 0 : now - session.authenticatedAt.getTime()
}

const places = new WeakMap<Pair, ReadonlyMap<string, Place>>()
const placesOf = (pair: Pair): ReadonlyMap<string, Place> => {
  const known = places.get(pair) ?? placesBy(pair.worlds.rest.config)
  places.set(pair, known)
  return known
}

export const attemptOf = async (run: Run, action: Action, from: From): Promise<Attempt> => {
  const { step } = action
  const dialect = step.dialect === 'xiot' && step.operation === 'signIn' ? 'idiot' : step.dialect
  const call = dialectCalls.find((one) => one.dialect === dialect && one.operation === action.operation)
  const place = call === undefined ? undefined : placesOf(run.pair).get(call.place)
  if (call === undefined || place === undefined) throw new Error(`no call for ${action.operation} on ${dialect}`)
  const { pair, watching } = run
  const params = call.send(action.inputs.rest).params ?? {}
  const began = await beganOf(pair, place, action.token.rest)
  return {
    run,
    pair,
    lines: watching.lines,
    action,
    place,
    began,
    route: { call, place },
    from,
    comparing: { pair, lines: watching.lines, labels: pair.known, least: leastOf(pair, action, place, began) },
    context: { requestId: from.requestId, params, method: call.place.split(' ')[0] ?? '' },
  }
}
