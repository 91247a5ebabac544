/** The legacy REST APIs that are served, and how each is on its way out. */
import type { Retiring, ServedDialect, ServedRoute } from '../../domain/frame/servedDialect.ts'
import { builder } from '../builder.ts'

const retiring = <Shape extends Retiring>(name: string, description: string, of: string) =>
  builder.objectRef<Shape>(name).implement({
    description,
    fields: (t) => ({
      deprecatedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: `Since when, or from when on, ${of} is deprecated; null if it is not.`,
        resolve: ({ deprecatedAt }) => deprecatedAt,
      }),
      sunsetAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: `The day on which ${of} will be switched off, as its Sunset header says; null if no day is set.`,
        resolve: ({ sunsetAt }) => sunsetAt,
      }),
      isReadOnly: t.boolean({ description: `Whether ${of} may no longer change accounts.`, resolve: ({ isReadOnly }) => isReadOnly }),
      isSwitchedOff: t.boolean({
        description: `Whether ${of} answers every request with 410.`,
        resolve: ({ isSwitchedOff }) => isSwitchedOff,
      }),
    }),
  })

const RouteType = retiring<ServedRoute>('DialectRoute', 'A route of a dialect, and how it is on its way out.', 'the route')
builder.objectFields(RouteType, (t) => ({
  method: t.exposeString('method', { description: 'The HTTP method.' }),
  path: t.exposeString('path', {
    description: 'The path with its prefix, and the names of its parameters. Method, space and path are the `route` of a `DialectUse`.',
  }),
}))

const DialectType = retiring<ServedDialect>(
  'Dialect',
  'A legacy REST API that this server serves, and how it is on its way out. The settings of the whole dialect; those of single routes are in `routes`.',
  'the dialect',
)
builder.objectFields(DialectType, (t) => ({
  name: t.exposeString('name', { description: 'The name, as in the settings and in `DialectUse`.' }),
  title: t.exposeString('title', { description: 'The title, for people.' }),
  pathPrefix: t.exposeString('pathPrefix', { description: 'The path prefix of its routes; empty without one.' }),
  migrationGuide: t.exposeString('migrationGuide', {
    nullable: true,
    description: 'The URL of a page for maintainers of its clients; null if there is none.',
  }),
  routes: t.field({ type: [RouteType], description: 'Its routes.', resolve: ({ routes }) => [...routes] }),
}))

builder.queryField('dialects', (t) =>
  t.field({
    type: [DialectType],
    nullable: true,
    description: 'The legacy REST APIs that this server serves.',
    resolve: async (_root, _args, { operations }) => [...(await operations.dialects())],
  }),
)
