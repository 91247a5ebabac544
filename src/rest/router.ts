/**
 * All rows of all dialects on one router: a path with all its methods, so that another method is 405 with `Allow`, and
 * below each mount everything else is 404 in the mount's own form.
 */
import { type Context, Hono } from 'hono'
import { allowOf, optionsAnswer } from '../http/answers.ts'
import type { Guarded } from '../http/guarded.ts'
import type { Dialect, Mount, ReplyContext } from './dialect.ts'
import { problemResponse } from './replies.ts'
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

type Env = { Bindings: Guarded }
type Methods = ReadonlyMap<string, Place>

/** A mount of a path, for answers that no row gives. */
const anyMount = (methods: Methods): Mount => (methods.values().next().value as Place).mount

const methodNotAllowed = (methods: Methods, context: ReplyContext): Response => {
  const response = problemResponse(anyMount(methods).errors, 405, 'Method not allowed', context)
  response.headers.set('allow', allowOf([...methods.keys()]))
  return response
}

/** Answers a request to a path that has rows: the methods that it knows, 405, or the row. */
const answerPath =
  (methods: Methods, backend: Backend) =>
  async ({ req, env }: Context<Env>): Promise<Response> => {
    if (req.method === 'OPTIONS') return optionsAnswer([...methods.keys()])
    const method = req.method === 'HEAD' ? 'GET' : req.method
    const context: ReplyContext = { requestId: env.facts.requestId, params: req.param() as Record<string, string>, method }
    const place = methods.get(method)
    if (place === undefined) return methodNotAllowed(methods, context)
    const query = new URL(req.url).search.slice(1)
    return await answerRow(backend, { ...context, place, guarded: env, headers: req.raw.headers, query })
  }

export function createRestRouter(dialects: readonly Dialect[], backend: Backend): Hono<Env> {
  const router = new Hono<Env>({ strict: false })
  for (const [path, methods] of placesOf(dialects)) router.all(path, answerPath(methods, backend))
  const mounts = new Map(dialects.flatMap((dialect) => dialect.mounts.map((mount) => [mount.path, mount] as const)))
  for (const [path, { errors }] of mounts) {
    router.all(`${path}/*`, ({ req, env }) =>
      problemResponse(errors, 404, 'Not found', { requestId: env.facts.requestId, params: {}, method: req.method }),
    )
  }
  return router
}
