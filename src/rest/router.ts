/**
 * All rows of all dialects on one router: a path with all its methods, so that another method is 405 with `Allow`, and
 * below each mount everything else is 404 in the mount's own form.
 */
import { type Context, Hono } from 'hono'
import type { Log } from '../domain/base/ports.ts'
import type { Surface } from '../domain/base/surfaces.ts'
import type { ReadCaller } from '../domain/frame/caller.ts'
import { allowOf, optionsAnswer } from '../http/answers.ts'
import type { Guarded } from '../http/guarded.ts'
import { closedBy } from './closed.ts'
import { counted } from './counted.ts'
import type { Dialect, Mount, ReplyContext, Row } from './dialect.ts'
import { type Backend, type Handled, handle, type LegacyRequest, overloadedBy, problemResponse, refusedBy } from './handler.ts'
import { retirementHeaders } from './retirementHeaders.ts'

interface Place {
  /** The name of the dialect; of the first one, where two share the place. */
  readonly dialect: string
  readonly surface: Surface
  readonly mount: Mount
  readonly row: Row
}

/** The rows by path and method. @throws if two rows claim the same place */
export function placesOf(dialects: readonly Dialect[]): Map<string, Map<string, Place>> {
  const places = new Map<string, Map<string, Place>>()
  for (const { name: dialect, surface, mounts } of dialects) {
    for (const mount of mounts) {
      for (const row of mount.rows) {
        const methods = places.get(row.path) ?? new Map<string, Place>()
        const taken = methods.get(row.method)
        if (taken !== undefined && taken.row.run !== row.run) throw new Error(`${row.method} ${row.path} is claimed twice`)
        if (taken === undefined) methods.set(row.method, { dialect, surface, mount, row })
        places.set(row.path, methods)
      }
    }
  }
  return places
}

type Env = { Bindings: Guarded<ReadCaller> }
type Methods = ReadonlyMap<string, Place>

/** A mount of a path, for answers that no row gives. */
const anyMount = (methods: Methods): Mount => (methods.values().next().value as Place).mount

const methodNotAllowed = (methods: Methods, context: ReplyContext): Response => {
  const response = problemResponse(anyMount(methods).errors, 405, 'Method not allowed', context)
  response.headers.set('allow', allowOf([...methods.keys()]))
  return response
}

/** Answers a request to a row: 410 or 403 where the settings close it, 413, 503 when too much is under way, then the walk. */
const answerRow = async (
  { mount, row }: Place,
  { tooLarge, overloaded }: Pick<Guarded<ReadCaller>, 'tooLarge' | 'overloaded'>,
  request: LegacyRequest,
  backend: Backend,
  log: Log,
): Promise<Handled> => {
  const closed = closedBy(row)
  if (closed !== undefined) return refusedBy(mount.errors, closed.status, closed.message, request)
  if (tooLarge) return refusedBy(mount.errors, 413, 'Payload too large', request)
  if (overloaded) return overloadedBy(mount, row, request)
  return await handle(mount, row, request, backend).catch((error: unknown) => {
    log.error({ err: error }, 'a request failed unexpectedly')
    return refusedBy(mount.errors, 500, 'Internal server error', request)
  })
}

/** Answers a request to a path that has rows: 405, or the row, whose retirement is told with every answer. */
const answerPath =
  (methods: Methods, backend: Backend, log: Log) =>
  async ({ req, env }: Context<Env>): Promise<Response> => {
    if (req.method === 'OPTIONS') return optionsAnswer([...methods.keys()])
    const method = req.method === 'HEAD' ? 'GET' : req.method
    const context: ReplyContext = { requestId: env.requestId, params: req.param() as Record<string, string>, method }
    const place = methods.get(method)
    if (place === undefined) return methodNotAllowed(methods, context)
    const { headers } = req.raw
    const response = await counted(backend.count, { ...place, headers }, env.caller, async (readCaller) => {
      const caller = async (bearer: string | null) => await readCaller(place.surface, bearer)
      const request = { ...context, headers, body: env.body, query: new URL(req.url).search.slice(1), caller }
      return await answerRow(place, env, request, backend, log)
    })
    for (const [name, value] of Object.entries(retirementHeaders(place.row))) response.headers.set(name, value)
    return response
  }

export function createRestRouter(dialects: readonly Dialect[], backend: Backend, log: Log): Hono<Env> {
  const router = new Hono<Env>({ strict: false })
  for (const [path, methods] of placesOf(dialects)) router.all(path, answerPath(methods, backend, log))
  const mounts = new Map(dialects.flatMap((dialect) => dialect.mounts.map((mount) => [mount.path, mount] as const)))
  for (const [path, { errors }] of mounts) {
    router.all(`${path}/*`, ({ req, env }) =>
      problemResponse(errors, 404, 'Not found', { requestId: env.requestId, params: {}, method: req.method }),
    )
  }
  return router
}
