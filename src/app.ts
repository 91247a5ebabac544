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
import type { Domain } from './domain/frame/domain.ts'
import { unavailable } from './domain/frame/unavailable.ts'
import { addressGroup } from './domain/limits/limits.ts'
import { createOperations } from './domain/operations.ts'
import { prepareDomain } from './domain/prepare.ts'
import type { Manifest } from './graphql/manifest.ts'
import { createGraphqlServer } from './graphql/server.ts'
import { plainAnswer } from './http/answers.ts'
import { createDoor, type DoorParts, type Fetch } from './http/door.ts'
import type { Guarded } from './http/guarded.ts'
import { createPwnedPasswords } from './http/pwnedPasswords.ts'
import { withRequestId } from './http/requestScope.ts'
import { keepHouse } from './jobs/housekeeping.ts'
import { type OutboxWorker, startOutbox } from './jobs/outboxWorker.ts'
import { pageDocuments } from './pages/documents.ts'
import type { Dialect } from './rest/dialect.ts'
import { createOpenApiRouter } from './rest/openapi/router.ts'
import { tellRetirement } from './rest/retirementLog.ts'
import { createRestRouter } from './rest/router.ts'
import { createOwnRouter } from './server/routes.ts'

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

export interface App {
  readonly fetch: Fetch
  /** Whether the user base has an enabled administrator, and whether its first account was made. */
  administration(): Promise<{ readonly hasAdmin: boolean; readonly firstIsClaimed: boolean }>
  readonly outbox: Pick<OutboxWorker, 'wake' | 'idle'>
  /** From now on the app says that it is not ready, and goes on answering. */
  leave(): void
  close(): Promise<void>
}

type Router = Hono<{ Bindings: Guarded }>

/** Everything that is served. */
const createRouter = ({ config, db, dialects, manifest }: AppDeps, domain: Domain, isLeaving: () => boolean): Router => {
  const known = { manifest, ownDocuments: Object.values(pageDocuments) }
  const graphql = createGraphqlServer(config, domain, createOperations(domain), known)
  tellRetirement(dialects, domain.log)
  const router: Router = new Hono({ strict: false })
  router.route('/', createOwnRouter({ db, domain, graphql, isLeaving }))
  if (config.API_DOCS) router.route('/', createOpenApiRouter(dialects, new URL(config.PUBLIC_URL).pathname.replace(/\/$/, '')))
  router.route('/', createRestRouter(dialects, { domain, execute: graphql.execute }))
  router.notFound(({ env }) => plainAnswer(404, 'Not found', env.facts.requestId))
  router.onError((error) => {
    throw error
  })
  return router
}

/** @throws {StartupError | ConfigError} for what keeps the app from being served, in one line each */
export async function createApp(deps: AppDeps): Promise<App> {
  const { config, db, randomBytes } = deps
  const log = withRequestId(deps.log)
  const isPwned = createPwnedPasswords({ url: config.PWNED_PASSWORDS_URL, log })
  const outage = createOutage(log)
  const domain = await prepareDomain({ ...deps, log, outage, isPwned, db: db.client, pool: db.pool })
  db.onAnswer(outage.answered)
  let leaving = false
  const router = createRouter(deps, domain, () => leaving)
  const door = createDoor({
    config,
    log,
    randomBytes,
    clientOf: addressGroup,
    inTime: within.bind(null, config.DATABASE_REQUEST_TIMEOUT) as DoorParts['inTime'],
    passing: unavailable.bind(null, domain),
    answer: router.fetch,
  })
  const house = keepHouse(domain)
  const outbox = startOutbox(domain)
  return {
    fetch: door,
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
