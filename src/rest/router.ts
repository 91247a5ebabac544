/**
 * All rows of all dialects on one router: a path with all its methods, so that another method is 405 with `Allow`, and
 * below each mount everything else is 404 in the mount's own form.
 */
import { type Context, Hono } from 'hono'
import type { ReadCaller } from '../domain/caller.ts'
import type { Log } from '../domain/ports.ts'
import type { Surface } from '../domain/surfaces.ts'
import { allowOf, optionsAnswer } from '../http/answers.ts'
import type { Guarded } from '../http/guarded.ts'
import { closedBy } from './closed.ts'
import type { Dialect, Mount, ReplyContext, Row } from './dialect.ts'
import { type Backend, handle, problemResponse } from './handler.ts'
import { retirementHeaders } from './retirementHeaders.ts'

interface Place {
  readonly surface: Surface
  readonly mount: Mount
  readonly row: Row
}

/** The rows by path and method. @throws if two rows claim the same place */
export function placesOf(dialects: readonly Dialect[]): Map<string, Map<string, Place>> {
  const places = new Map<string, Map<string, Place>>()
  for (const { surface, mounts } of dialects) {
    for (const mount of mounts) {
      for (const row of mount.rows) {
        const methods = places.get(row.path) ?? new Map<string, Place>()
        const taken = methods.get(row.method)
        if (taken !== undefined && taken.row.run !== row.run) throw new Error(`${row.method} ${row.path} is claimed twice`)
        if (taken === undefined) methods.set(row.method, { surface, mount, row })
        places.set(row.path, methods)
      }
    }
  }
  return places
}

type Env = { Bindings: Guarded<ReadCaller> }
type Methods = ReadonlyMap<string, Place>

interface Behind {
  readonly backend: Backend
  readonly log: Log
}

/** A mount of a path, for answers that no row gives. */
const anyMount = (methods: Methods): Mount => (methods.values().next().value as Place).mount

const methodNotAllowed = (methods: Methods, context: ReplyContext): Response => {
  const response = problemResponse(anyMount(methods).errors, 405, 'Method not allowed', context)
  response.headers.set('allow', allowOf([...methods.keys()]))
  return response
}

/** Answers a request to a row: 410 or 403 where the settings close it, 413, then its operation. */
const answerRow = async ({ surface, mount, row }: Place, context: ReplyContext, { req, env }: Context<Env>, { backend, log }: Behind) => {
  const closed = closedBy(row)
  if (closed !== undefined) return problemResponse(mount.errors, closed.status, closed.message, context)
  if (env.tooLarge) return problemResponse(mount.errors, 413, 'Payload too large', context)
  const caller = async (bearer: string | null) => await env.caller(surface, bearer)
  const request = { ...context, headers: req.raw.headers, body: env.body, query: new URL(req.url).search.slice(1), caller }
  return await handle(mount, row, request, backend).catch((error: unknown) => {
    log.error({ err: error }, 'a request failed unexpectedly')
    return problemResponse(mount.errors, 500, 'Internal server error', context)
  })
}

/** Answers a request to a path that has rows: 405, or the row, whose retirement is told with every answer. */
const answerPath =
  (methods: Methods, behind: Behind) =>
  async (request: Context<Env>): Promise<Response> => {
    const { req, env } = request
    if (req.method === 'OPTIONS') return optionsAnswer([...methods.keys()])
    const method = req.method === 'HEAD' ? 'GET' : req.method
    const context: ReplyContext = { requestId: env.requestId, params: req.param() as Record<string, string>, method }
    const place = methods.get(method)
    if (place === undefined) return methodNotAllowed(methods, context)
    const response = await answerRow(place, context, request, behind)
    for (const [name, value] of Object.entries(retirementHeaders(place.row))) response.headers.set(name, value)
    return response
  }

export function createRestRouter(dialects: readonly Dialect[], backend: Backend, log: Log): Hono<Env> {
  const router = new Hono<Env>({ strict: false })
  for (const [path, methods] of placesOf(dialects)) router.all(path, answerPath(methods, { backend, log }))
  const mounts = new Map(dialects.flatMap((dialect) => dialect.mounts.map((mount) => [mount.path, mount] as const)))
  for (const [path, { errors }] of mounts) {
    router.all(`${path}/*`, ({ req, env }) =>
      problemResponse(errors, 404, 'Not found', { requestId: env.requestId, params: {}, method: req.method }),
    )
  }
  return router
}
