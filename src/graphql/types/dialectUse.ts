/**
 * Which clients still use which route of which dialect, so that administrators know when a route can be switched off.
 */
import * as z from 'zod'
import { storable } from '../../domain/base/input.ts'
import { surfaces } from '../../domain/base/surfaces.ts'
import { type DialectUse, type DialectUseKey, type DialectUsePage, placeOf } from '../../domain/dialectUses/findDialectUses.ts'
import type { DialectUseFilter } from '../../domain/dialectUses/useFilter.ts'
import { builder } from '../builder.ts'
import { type PagedList, pageOf } from '../connectionPages.ts'
import { SurfaceEnum } from './session.ts'

const text = z.string().refine(storable)
const day = z.iso.date().refine((date) => !date.startsWith('0000'))
const key = z.tuple([text, text, text, z.enum([...surfaces, '']), day.nullable(), day.nullable()])

/** The key of a use as the id of its node. The same use in another period has other numbers, so it has another id. */
const idOf = ({ dialect, route, client, tokenSurface, firstDay, lastDay }: DialectUseKey): string =>
  Buffer.from(JSON.stringify([dialect, route, client, tokenSurface, firstDay, lastDay])).toString('base64url')

/** Undefined for a text that is not such an id. */
const keyOf = (id: string): DialectUseKey | undefined => {
  try {
    const [dialect, route, client, tokenSurface, firstDay, lastDay] = key.parse(JSON.parse(Buffer.from(id, 'base64url').toString('utf8')))
    return { dialect, route, client, tokenSurface, firstDay, lastDay }
  } catch {
    return undefined
  }
}

const DialectUseType = builder.objectRef<DialectUse>('DialectUse')

builder.node(DialectUseType, {
  name: 'DialectUse',
  description: 'The requests of one client to one route with tokens of one surface, summed over the period.',
  id: { resolve: idOf, description: 'Begins with `DialectUse:`. It includes the days of the period.' },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'firstDay' in value,
  loadOne: async (id, { dialectUse }) => {
    const known = keyOf(id)
    return known === undefined ? null : await dialectUse(known)
  },
  fields: (t) => ({
    dialect: t.exposeString('dialect', { description: 'The name of the dialect; for a route that two dialects share, the first of them.' }),
    route: t.exposeString('route', { description: 'Method and path, with the names of the path parameters.' }),
    client: t.string({
      nullable: true,
      description:
        'The first 200 characters of the User-Agent; null if there was none. Each day, the first 200 clients of a dialect have their own entry; all others are `(other)`.',
      resolve: ({ client }) => (client === '' ? null : client),
    }),
    tokenSurface: t.field({
      type: SurfaceEnum,
      nullable: true,
      description:
        'The surface on which the session of the token began; null without a live session, and on routes that do not look for one.',
      resolve: ({ tokenSurface }) => (tokenSurface === '' ? null : tokenSurface),
    }),
    requests: t.expose('requests', { type: 'SafeInt', description: 'The number of requests.' }),
    failures: t.expose('failures', {
      type: 'SafeInt',
      description: 'How many of them failed, whatever their HTTP status. A request for the second factor is not a failure.',
    }),
    firstAt: t.expose('firstAt', { type: 'DateTime', description: 'When the first request came.' }),
    lastAt: t.expose('lastAt', { type: 'DateTime', description: 'When the last request came.' }),
  }),
})

export const DialectUseFilterInput = builder.inputType('DialectUseFilter', {
  description: 'Which uses to list. A use must match every field that is given.',
  fields: (t) => ({
    dialect: t.string({ description: 'Uses of this dialect.' }),
    route: t.string({ description: 'Uses of this route, such as `GET /api/users/:id`.' }),
    client: t.string({ description: 'Uses by clients whose User-Agent contains this text, in any case.' }),
    since: t.field({ type: 'DateTime', description: 'Uses from the start of the UTC day of this time. Counts are kept for whole days.' }),
    until: t.field({ type: 'DateTime', description: 'Uses before this time, including the rest of its UTC day.' }),
  }),
})

const Connection = builder.connectionObject(
  { type: DialectUseType, name: 'DialectUseConnection', description: 'A page of uses.' },
  { name: 'DialectUseEdge', description: 'A use in a page, with its cursor.' },
)

/** The most recently used first. */
const listedBy = (filter: DialectUseFilter, load: (page: DialectUsePage) => Promise<DialectUse[]>): PagedList<DialectUse> => ({
  order: 'uses',
  placeOf,
  load: async (window) => await load({ filter, ...window }),
})

builder.queryField('dialectUses', (t) =>
  t.connection(
    {
      type: DialectUseType,
      nullable: true,
      description: 'Which clients use which routes of the REST dialects, the most recently used first. Up to a minute behind.',
      args: { filter: t.arg({ type: DialectUseFilterInput, description: 'Which uses to list.' }) },
      resolve: async (_root, { filter, ...args }, { operations, caller }) =>
        await pageOf(caller, args, listedBy({ ...filter }, operations.dialectUses)),
    },
    Connection,
  ),
)
