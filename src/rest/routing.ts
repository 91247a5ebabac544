/**
 * The routes of all rows of all dialects: a path with all its methods, so that another method is 405 with `Allow`, and
 * below each mount everything else is 404 in the mount's own form.
 */
import type { Failure } from '../domain/base/errors.ts'
import { allowOf, optionsAnswer } from '../http/answers.ts'
import type { GuardedRequest, HttpAnswer } from '../http/message.ts'
import type { Answer, Params, Route } from '../http/router.ts'
import type { Dialect, Mount, ReplyContext, Row } from './dialect.ts'
import { problemAnswer, toAnswer, viewOf } from './replies.ts'
import { answerRow, type Backend, type Place } from './walk.ts'

/** The rows by path and method. @throws if two rows claim the same place */
export function placesOf(dialects: readonly Dialect[]): Map<string, Map<string, Place>> {
  const places = new Map<string, Map<string, Place>>()
  for (const { name: dialect, surface, mounts } of dialects) {
    for (const mount of mounts) {
      for (const row of mount.rows) {
        const methods = places.get(row.path) ?? new Map<string, Place>()
        const taken = methods.get(row.method)
        if (taken !== undefined && taken.row.prepare !== row.prepare) throw new Error(`${row.method} ${row.path} is claimed twice`)
        if (taken === undefined) methods.set(row.method, { dialect, surface, mount, row })
        places.set(row.path, methods)
      }
    }
  }
  return places
}

type Methods = ReadonlyMap<string, Place>

/** A place of a path, for answers that no row gives. */
const anyPlace = (methods: Methods): Place => methods.values().next().value as Place

const methodNotAllowed = (methods: Methods, context: ReplyContext): HttpAnswer => {
  const { dialect, mount } = anyPlace(methods)
  const answer = problemAnswer(mount.errors, dialect, 405, 'Method not allowed', context)
  answer.headers.set('allow', allowOf([...methods.keys()]))
  return answer
}

const contextOf = ({ facts: { requestId }, method }: GuardedRequest, params: Params): ReplyContext => ({
  requestId,
  params,
  method: method === 'HEAD' ? 'GET' : method,
})

const optionsOf = (methods: Methods): HttpAnswer => ({
  ...optionsAnswer([...methods.keys()]),
  about: { surface: anyPlace(methods).dialect },
})

/** Answers a request to a path that has rows: the methods that it knows, 405, or the row. */
const answerPath =
  (methods: Methods, backend: Backend): Answer =>
  async (request, params) => {
    if (request.method === 'OPTIONS') return optionsOf(methods)
    const context = contextOf(request, params)
    const place = methods.get(context.method)
    return place === undefined ? methodNotAllowed(methods, context) : await answerRow(backend, { ...context, place, request })
  }

const notFound =
  ({ errors }: Mount, dialect: string): Answer =>
  ({ facts: { requestId }, method }) =>
    problemAnswer(errors, dialect, 404, 'Not found', { requestId, params: {}, method })

type AnswerPath = (methods: Methods) => Answer

const routesOf = (dialects: readonly Dialect[], answerPath: AnswerPath, answerRest: (mount: Mount, dialect: string) => Answer): Route[] => {
  const byPath = new Map(dialects.flatMap(({ name, mounts }) => mounts.map((mount) => [mount.path, { name, mount }] as const)))
  return [
    ...[...placesOf(dialects)].map(([path, methods]) => ({ path, answer: answerPath(methods) })),
    ...[...byPath].map(([path, { name, mount }]) => ({ path: `${path}/*`, answer: answerRest(mount, name) })),
  ]
}

export const restRoutes = (dialects: readonly Dialect[], backend: Backend): Route[] =>
  routesOf(dialects, (methods) => answerPath(methods, backend), notFound)

/** The same routes, each of which answers with the failure, in the form of its row or its mount. Only OPTIONS is answered as usual. */
export const failingRoutes = (dialects: readonly Dialect[], failure: Failure): Route[] => {
  const view = viewOf(failure)
  const failing = (dialect: string, row: Row | undefined, { errors }: Mount, context: ReplyContext): HttpAnswer => {
    const form = row?.failures?.[failure.code] ?? errors.failures[failure.code]
    return { ...toAnswer(form(view, context), view), about: { surface: dialect, operation: row?.operation, outcome: failure.code } }
  }
  const byRow: AnswerPath = (methods) => (request, params) => {
    if (request.method === 'OPTIONS') return optionsOf(methods)
    const context = contextOf(request, params)
    const { dialect, mount } = anyPlace(methods)
    const place = methods.get(context.method)
    return failing(dialect, place?.row, place?.mount ?? mount, context)
  }
  return routesOf(dialects, byRow, (mount, dialect) => (request, params) => failing(dialect, undefined, mount, contextOf(request, params)))
}
