/**
 * Who still uses which route of which dialect, for administrators: what there is to know before a route is switched off.
 */
import { type DialectUse, type DialectUseFilter, type DialectUsePage, placeOf } from '../../domain/usage/find.ts'
import { builder } from '../builder.ts'
import { type PagedList, pageOf } from '../pages.ts'
import { SurfaceEnum } from './session.ts'

const DialectUseType = builder.objectRef<DialectUse>('DialectUse').implement({
  description: 'What one client did on one route with tokens of one surface, over all days of the period.',
  fields: (t) => ({
    dialect: t.exposeString('dialect', { description: 'The name of the dialect; for a route that two of them share, that of the first.' }),
    route: t.exposeString('route', { description: 'Method and path as it is served, with the names of its parameters.' }),
    client: t.string({
      nullable: true,
      description:
        'The User-Agent, its first 200 characters; null where none was sent. `(other)` stands for all clients beyond the first 200 of a day and dialect.',
      resolve: ({ client }) => (client === '' ? null : client),
    }),
    tokenSurface: t.field({
      type: SurfaceEnum,
      nullable: true,
      description: 'Through which surface the session of the token was opened; null without a live one, and on routes that look at none.',
      resolve: ({ tokenSurface }) => (tokenSurface === '' ? null : tokenSurface),
    }),
    requests: t.expose('requests', { type: 'SafeInt', description: 'How many requests.' }),
    failures: t.expose('failures', {
      type: 'SafeInt',
      description:
        'How many of them came to something else than a success, whatever its status; to be asked for the second factor is none.',
    }),
    firstAt: t.expose('firstAt', { type: 'DateTime', description: 'The first of them.' }),
    lastAt: t.expose('lastAt', { type: 'DateTime', description: 'The last of them.' }),
  }),
})

const Filter = builder.inputType('DialectUseFilter', {
  description: 'Which uses; all that is given has to fit.',
  fields: (t) => ({
    dialect: t.string({ description: 'Of this dialect.' }),
    route: t.string({ description: 'Of this route, such as `GET /api/users/:id`.' }),
    client: t.string({ description: 'By clients whose User-Agent has this in it, whatever its case.' }),
    since: t.field({ type: 'DateTime', description: 'From the day of this instant on; days are those of UTC, and count as a whole.' }),
    until: t.field({ type: 'DateTime', description: 'Before this instant; the day that it is in counts as a whole.' }),
  }),
})

const Connection = builder.connectionObject(
  { type: DialectUseType, name: 'DialectUseConnection', description: 'A page of uses.' },
  { name: 'DialectUseEdge', description: 'A use in a page, and its place.' },
)

/** Those used last first. */
const listedBy = (filter: DialectUseFilter, load: (page: DialectUsePage) => Promise<DialectUse[]>): PagedList<DialectUse> => ({
  order: 'uses',
  placeOf,
  load: async (window) => await load({ filter, ...window }),
})

builder.queryField('dialectUses', (t) =>
  t.connection(
    {
      type: DialectUseType,
      errors: {},
      description: 'Who uses which route of the REST dialects, and when last: those used last first, page by page. Up to a minute late.',
      args: { filter: t.arg({ type: Filter, description: 'Which uses.' }) },
      resolve: async (_root, { filter, ...args }, { operations }) => await pageOf(args, listedBy({ ...filter }, operations.dialectUses)),
    },
    Connection,
  ),
)
