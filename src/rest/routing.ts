/**
 * The routes of all rows of all dialects: a path with all its methods, so that another method is 405 with `Allow`, and
 * below each mount everything else is 404 in the mount's own form.
 */
import type { Failure } from '../domain/base/errors.ts'
import { allowOf, optionsAnswer } from '../http/answers.ts'
import type { GuardedRequest, HttpAnswer } from '../http/message.ts'
import type { Answer, Params, Route } from '../http/router.ts'
import type { Dialect, Mount, ReplyContext } from './dialect.ts'
import { failed, problemAnswer, toAnswer, viewOf } from './replies.ts'
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

/** A mount of a path, for answers that no row gives. */
const anyMount = (methods: Methods): Mount => (methods.values().next().value as Place).mount

const methodNotAllowed = (methods: Methods, context: ReplyContext): HttpAnswer => {
  const answer = problemAnswer(anyMount(methods).errors, 405, 'Method not allowed', context)
  answer.headers.set('allow', allowOf([...methods.keys()]))
  return answer
}

const contextOf = ({ facts: { requestId }, method }: GuardedRequest, params: Params): ReplyContext => ({
  requestId,
  params,
  method: method === 'HEAD' ? 'GET' : method,
})

/** Answers a request to a path that has rows: the methods that it knows, 405, or the row. */
const answerPath =
  (methods: Methods, backend: Backend): Answer =>
  async (request, params) => {
    if (request.method === 'OPTIONS') return optionsAnswer([...methods.keys()])
    const context = contextOf(request, params)
    const place = methods.get(context.method)
    return place === undefined ? methodNotAllowed(methods, context) : await answerRow(backend, { ...context, place, request })
  }

const notFound =
  ({ errors }: Mount): Answer =>
  ({ facts: { requestId }, method }) =>
    problemAnswer(errors, 404, 'Not found', { requestId, params: {}, method })

type AnswerPath = (methods: Methods) => Answer

const routesOf = (dialects: readonly Dialect[], answerPath: AnswerPath, answerRest: (mount: Mount) => Answer): Route[] => {
  const mounts = new Map(dialects.flatMap((dialect) => dialect.mounts.map((mount) => [mount.path, mount] as const)))
  return [
    ...[...placesOf(dialects)].map(([path, methods]) => ({ path, answer: answerPath(methods) })),
    ...[...mounts].map(([path, mount]) => ({ path: `${path}/*`, answer: answerRest(mount) })),
  ]
}

export const restRoutes = (dialects: readonly Dialect[], backend: Backend): Route[] =>
  routesOf(dialects, (methods) => answerPath(methods, backend), notFound)

/** The same routes, each of which answers with the failure, in the form of its row or its mount. Only OPTIONS is answered as usual. */
export const failingRoutes = (dialects: readonly Dialect[], failure: Failure): Route[] => {
  const view = viewOf(failure)
  const byMount =
    ({ errors }: Mount): Answer =>
    (request, params) =>
      toAnswer(errors.failures[failure.code](view, contextOf(request, params)), view)
  const byRow: AnswerPath = (methods) => (request, params) => {
    if (request.method === 'OPTIONS') return optionsAnswer([...methods.keys()])
    const context = contextOf(request, params)
    const place = methods.get(context.method)
    if (place === undefined) return byMount(anyMount(methods))(request, params)
    return toAnswer(failed(place.row, place.mount.errors, context, view).reply, view)
  }
  return routesOf(dialects, byRow, byMount)
}
