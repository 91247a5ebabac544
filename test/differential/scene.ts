/**
 * A step at its turn: the two worlds, who is there, the door that it goes through, and the two ways to ask. An answer is read into
 * what it hands out, however its surface spells that.
 */
import { createHash } from 'node:crypto'
import { beganOn, longestMinimum, type Surface } from '../../src/domain/base/surfaces.ts'
import type { ReplyContext } from '../../src/rest/dialect.ts'
import type { Answer } from '../support/world.ts'
import type { Cast } from './cast.ts'
import type { Watch } from './compare.ts'
import type { Deed, Harvest } from './deeds.ts'
import { doors, type Facts, type Place, placesBy } from './doors.ts'
import type { Figures } from './figures.ts'
import { allUsers, type Input, type Outcome, viaGraphql } from './graphqlDoor.ts'
import type { Comparing, Route } from './outcomes.ts'
import { type From, type Pair, type Side, send } from './pair.ts'
import { isAtOnce, type Turn } from './rules.ts'

export interface Play {
  readonly pair: Pair
  readonly watching: Watch
  readonly cast: Cast
  readonly run: string
  readonly figures: Figures
  from(request: string, network: 0 | 1): From
}

/** A step at its turn, with all that it needs. */
export interface Scene extends Turn {
  readonly play: Play
  readonly route: Route
  readonly from: From
  readonly comparing: Comparing
  readonly context: ReplyContext
}

export const harvestGraphql = (outcome: Outcome): Harvest => {
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

export const harvestRest = ({ body = {} }: Answer): Harvest => {
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
const asGraphql = ({ deed, lines }: Scene, input: Input): Input => {
  if (deed.step.dialect !== 'wekan' || !lines.has('emptyIsAbsent')) return input
  return Object.fromEntries(Object.entries(input).filter(([name, value]) => value !== '' || (name !== 'username' && name !== 'email')))
}

export const throughGraphql = async (scene: Scene, side: Side, given: Input = scene.deed.inputs[side]): Promise<Outcome> => {
  const { pair, deed, from } = scene
  const [token, input] = [deed.token[side], asGraphql(scene, given)]
  if (deed.operation === 'users') return slice(await allUsers(pair, side, from, token), input)
  return await viaGraphql(pair, side, from, deed.operation, input, token)
}

const pathOf = (place: string, params: Readonly<Record<string, string>>, query: object): string => {
  const path = place.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name]?.toWellFormed() ?? ''))
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString()
  return search === '' ? path : `${path}?${search}`
}

export const throughDialect = async ({ pair, deed, route, from }: Scene, side: Side): Promise<Answer> => {
  const { door, place } = route
  const { params = {}, query = {}, json } = door.send(deed.inputs[side])
  const [method = '', path = ''] = door.place.split(' ')
  const asked = {
    surface: place.surface,
    route: { name: door.place, operation: door.operation, who: door.who ?? place.row.who },
    origin: deed.operation === 'verifyTwoFactor' ? originOf(deed, side) : place.surface,
  }
  return await send(pair, side, from, { method, path: pathOf(path, params, query), json, token: deed.token[side] }, asked)
}

const originOf = ({ person, inputs }: Deed, side: Side) =>
  person.loginCodes.find(({ code }) => code[side] === inputs[side].loginCode)?.origin ?? 'idiot'

export const factsOf = (scene: Scene): Facts => {
  const { pair, deed } = scene
  return {
    atOnce: isAtOnce(scene),
    config: pair.worlds.rest.config,
    origin: deed.operation === 'verifyTwoFactor' ? originOf(deed, 'rest') : undefined,
    input: deed.inputs.rest,
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
const leastOf = (pair: Pair, deed: Deed, { surface }: Place, began: readonly Surface[]): number => {
  const given = deed.inputs.rest[deed.newPassword ?? '']
  const isShort = surface !== 'wekan' && typeof given === 'string' && [...given].length < pair.minimum[surface]
  return isShort ? pair.minimum[surface] : longestMinimum(surface, began)
}

/** Does something while the session of the world of GraphQL began where that of the other one did. */
export const asBegun = async <T>({ pair, deed }: Scene, work: () => Promise<T>): Promise<T> => {
  const [own, other] = [await sessionOf(pair, 'graphql', deed.token.graphql), await sessionOf(pair, 'rest', deed.token.rest)]
  if (own === null || other === null) return await work()
  const { client } = pair.worlds.graphql.db
  const { surface, origin } = other
  await client.session.update({ where: { id: own.id }, data: { surface, origin } })
  const done = await work()
  await client.session.update({ where: { id: own.id }, data: { surface: own.surface, origin: own.origin } })
  return done
}

/** How old the last proof of a session is, by its row. */
export const ageOf = async ({ pair, deed }: Scene): Promise<number> => {
  const session = await sessionOf(pair, 'graphql', deed.token.graphql)
  const now = Date.now()
  return session === null || session.endedAt !== null || session.expiresAt.getTime() <= now ? 0 : now - session.authenticatedAt.getTime()
}

const places = new WeakMap<Pair, ReadonlyMap<string, Place>>()
const placesOf = (pair: Pair): ReadonlyMap<string, Place> => {
  const known = places.get(pair) ?? placesBy(pair.worlds.rest.config)
  places.set(pair, known)
  return known
}

export const sceneOf = async (play: Play, deed: Deed, from: From): Promise<Scene> => {
  const { step } = deed
  const dialect = step.dialect === 'xiot' && step.operation === 'signIn' ? 'idiot' : step.dialect
  const door = doors.find((one) => one.dialect === dialect && one.operation === deed.operation)
  const place = door === undefined ? undefined : placesOf(play.pair).get(door.place)
  if (door === undefined || place === undefined) throw new Error(`no door for ${deed.operation} on ${dialect}`)
  const { pair, watching } = play
  const params = door.send(deed.inputs.rest).params ?? {}
  const began = await beganOf(pair, place, deed.token.rest)
  return {
    play,
    pair,
    lines: watching.lines,
    deed,
    place,
    began,
    route: { door, place },
    from,
    comparing: { pair, lines: watching.lines, labels: pair.known, least: leastOf(pair, deed, place, began) },
    context: { requestId: from.requestId, params, method: door.place.split(' ')[0] ?? '' },
  }
}
