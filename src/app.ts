/**
 * The composition: guards for every surface, then a dialect, GraphQL, or one of a few pages of our own.
 */
import { Hono } from 'hono'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import { createOutage } from './db/outage.ts'
import { within } from './db/patience.ts'
import { firstIsClaimed } from './domain/accounts/firstAccount.ts'
import { hasAdmin } from './domain/administration/settingsAdmin.ts'
import type { Clock, Deliver, Log, RandomBytes } from './domain/base/ports.ts'
import type { ReadCaller } from './domain/frame/caller.ts'
import type { Domain } from './domain/frame/domain.ts'
import { unavailable } from './domain/frame/unavailable.ts'
import { authorize } from './domain/guards/authorize.ts'
import { addressGroup } from './domain/limits/limits.ts'
import { createOperations } from './domain/operations.ts'
import { prepareDomain } from './domain/prepare.ts'
import { authenticate } from './domain/sessions/authenticate.ts'
import { isSteppedUp } from './domain/sessions/stepUp.ts'
import type { Manifest } from './graphql/manifest.ts'
import { createGraphqlServer } from './graphql/server.ts'
import { plainAnswer } from './http/answers.ts'
import { type BodyRoom, createBodyRoom } from './http/bodyRoom.ts'
import { addCors } from './http/cors.ts'
import { createFactsReader, type Facts } from './http/facts.ts'
import type { Guarded } from './http/guarded.ts'
import { addHeaders } from './http/headers.ts'
import { createPwnedPasswords } from './http/pwnedPasswords.ts'
import { type Body, readBody } from './http/readBody.ts'
import { inRequest, withRequestId } from './http/requestScope.ts'
import { createTurns, type Turns } from './http/turns.ts'
import { keepHouse } from './jobs/housekeeping.ts'
import { type OutboxWorker, startOutbox } from './jobs/outboxWorker.ts'
import { createOwnRouter } from './ownRoutes.ts'
import { pageDocuments } from './pages/documents.ts'
import type { Dialect } from './rest/dialect.ts'
import type { Backend } from './rest/handler.ts'
import { createOpenApiRouter } from './rest/openapi/router.ts'
import { tellRetirement } from './rest/retirementLog.ts'
import { createRestRouter } from './rest/router.ts'

export interface AppDeps {
  readonly config: Config
  /** As `readDialects` has checked them. */
  readonly dialects: readonly Dialect[]
  /** The documents that clients may name, if there are any. */
  readonly manifest: Manifest | undefined
  readonly db: Database
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly deliver: Deliver
  readonly log: Log
  readonly secretKeys: readonly string[]
}

/** What the process knows of a request beside itself. */
interface Arrival {
  readonly remoteAddress?: string
  /** Whether nobody is there any more to read an answer. */
  readonly isGone?: () => boolean
}

export interface App {
  fetch(request: Request, arrival?: Arrival): Promise<Response>
  /** Whether the user base has an enabled administrator, and whether its first account was made. */
  administration(): Promise<{ readonly hasAdmin: boolean; readonly firstIsClaimed: boolean }>
  readonly outbox: Pick<OutboxWorker, 'wake' | 'idle'>
  /** From now on the app says that it is not ready, and goes on answering. */
  leave(): void
  close(): Promise<void>
}

const callerReader =
  (domain: Domain, facts: Facts): ReadCaller =>
  async (surface, token, transport) => {
    const viewer = await authenticate(domain, token, transport)
    const steppedUp = isSteppedUp(domain, surface, viewer)
    return { ...facts, surface, viewer, steppedUp, registrationOpen: domain.config.REGISTRATION === 'open' }
  }

type RouterEnv = Guarded<ReadCaller>
type Router = Hono<{ Bindings: RouterEnv }>

/** Everything that is served. */
const createRouter = ({ config, db, dialects, manifest }: AppDeps, domain: Domain, isLeaving: () => boolean): Router => {
  const known = { manifest, ownDocuments: Object.values(pageDocuments) }
  const graphql = createGraphqlServer(config, domain, createOperations(domain), known)
  tellRetirement(dialects, domain.log)
  const router: Router = new Hono({ strict: false })
  router.route('/', createOwnRouter({ db, domain, graphql, isLeaving }))
  if (config.API_DOCS) router.route('/', createOpenApiRouter(dialects, new URL(config.PUBLIC_URL).pathname.replace(/\/$/, '')))
  const backend: Backend = {
    execute: graphql.execute,
    authorize: async (caller, asked) => await authorize(domain, caller, asked),
    unavailable: (error) => unavailable(domain, error),
    count: domain.usage.count,
  }
  router.route('/', createRestRouter(dialects, backend, domain.log))
  router.notFound(({ env }) => plainAnswer(404, 'Not found', env.requestId))
  router.onError((error) => {
    throw error
  })
  return router
}

interface Parts {
  readonly router: Router
  readonly domain: Domain
  readonly turns: Turns
  readonly room: BodyRoom
}

/** Bytes of bodies that are being read: in all, and of one client address or IPv6 /64. */
const BODIES = 32 * 1024 * 1024
const BODIES_OF_ONE = BODIES / 4

const BROKEN_OFF = 'The request was broken off'

const PROBE = /^\/(?:healthz|readyz)\/?$/

/** Routes a request; while the database is away the answer is 503, in time. */
const dispatch = async ({ router, domain }: Parts, request: Request, env: RouterEnv): Promise<Response> =>
  await within(domain.config.DATABASE_REQUEST_TIMEOUT, async () => {
    return await Promise.resolve(router.fetch(request, env)).catch((error: unknown) => {
      const failure = unavailable(domain, error)
      if (failure === undefined) throw error
      return plainAnswer(503, failure.message, env.requestId, { 'retry-after': String(failure.details.retryAfter) })
    })
  })

/** Routes a request when its turn has come, if somebody still waits for it; probes need no turn, and what has no room gets none. */
const route = async (parts: Parts, request: Request, body: Body, facts: Facts, isGone: () => boolean): Promise<Response> => {
  const { requestId } = facts
  const { bytes, tooLarge, overloaded } = body
  const env = { requestId, body: bytes, tooLarge, overloaded, caller: callerReader(parts.domain, facts) }
  if (overloaded || PROBE.test(new URL(request.url).pathname)) return await dispatch(parts, request, env)
  const answer = await parts.turns.run(addressGroup(facts.clientAddress), async () =>
    isGone() ? plainAnswer(400, BROKEN_OFF, requestId) : await dispatch(parts, request, env),
  )
  return answer ?? (await dispatch(parts, request, { ...env, overloaded: true }))
}

/** Reads the body, then routes; whatever is thrown is logged and answered without a word of it. */
const answer = async (parts: Parts, request: Request, facts: Facts, isGone: () => boolean): Promise<Response> => {
  try {
    const body = isGone() ? null : await readBody(request, parts.room, addressGroup(facts.clientAddress)).catch(() => null)
    if (body === null) return plainAnswer(400, BROKEN_OFF, facts.requestId)
    return await route(parts, request, body, facts, isGone)
  } catch (error) {
    parts.domain.log.error({ err: error }, 'a request failed unexpectedly')
    return plainAnswer(500, 'Internal server error', facts.requestId)
  }
}

/** @throws {StartupError | ConfigError} for what keeps the app from being served, in one line each */
export async function createApp(deps: AppDeps): Promise<App> {
  const { config, db } = deps
  const log = withRequestId(deps.log)
  const isPwned = createPwnedPasswords({ url: config.PWNED_PASSWORDS_URL, log })
  const outage = createOutage(log)
  const domain = await prepareDomain({ ...deps, log, outage, isPwned, db: db.client, pool: db.pool })
  db.onAnswer(outage.answered)
  let leaving = false
  const router = createRouter(deps, domain, () => leaving)
  const parts: Parts = { router, domain, turns: createTurns(config.LIMIT_REQUESTS), room: createBodyRoom(BODIES, BODIES_OF_ONE) }
  const factsOf = createFactsReader({ ...deps, log })
  const house = keepHouse(domain)
  const outbox = startOutbox(domain)
  return {
    async fetch(request, { remoteAddress, isGone = () => false } = {}) {
      const facts = factsOf(request.headers, remoteAddress)
      return await inRequest(facts.requestId, async () => {
        const response = await answer(parts, request, facts, isGone)
        addCors(config, request, response.headers)
        addHeaders(config, facts.requestId, response.headers)
        return response
      })
    },
    administration: async () => ({ hasAdmin: await hasAdmin(domain), firstIsClaimed: await firstIsClaimed(domain.db) }),
    outbox,
    leave: () => {
      leaving = true
    },
    async close() {
      await outbox.stop()
      await house.stop()
    },
  }
}
