/**
 * The composition: guards for every surface, then a dialect, GraphQL, or one of a few pages of our own.
 */
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import { createOutage } from './db/outage.ts'
import { besides, within } from './db/patience.ts'
import { firstIsClaimed } from './domain/accounts/firstAccount.ts'
import { hasAdmin } from './domain/administration/settingsAdmin.ts'
import type { Clock, Deliver, Log, RandomBytes } from './domain/base/ports.ts'
import type { Domain } from './domain/frame/domain.ts'
import { unavailable } from './domain/frame/unavailable.ts'
import type { Argon2 } from './domain/hashing/argon2.ts'
import type { HashFamilyMaker } from './domain/hashing/families/made.ts'
import { addressGroup } from './domain/limits/addresses.ts'
import { createOperations } from './domain/operations.ts'
import { prepareDomain } from './domain/prepareDomain.ts'
import type { Manifest } from './graphql/manifest.ts'
import { createGraphqlServer } from './graphql/server.ts'
import { type Fetch, toFetch } from './http/fetchAdapter.ts'
import type { Handler } from './http/message.ts'
import type { Observer } from './http/observer.ts'
import { createPipeline, type PipelineParts } from './http/pipeline.ts'
import { createPwnedPasswords } from './http/pwnedPasswords.ts'
import { withRequestId } from './http/requestScope.ts'
import { createRouter, type Route } from './http/router.ts'
import { keepHouse } from './jobs/housekeeping.ts'
import { type OutboxWorker, startOutbox } from './jobs/outboxWorker.ts'
import { startWebhooks } from './jobs/webhookWorker.ts'
import { createOverview } from './pages/overview.ts'
import { pageRoutes } from './pages/pageRoutes.ts'
import { persistedDocuments } from './pages/persistedDocuments.ts'
import type { WebFiles } from './pages/webFiles.ts'
import type { Dialect } from './rest/dialect.ts'
import { docsRoutes } from './rest/openapi/docsRoutes.ts'
import { createPageTurns } from './rest/pageTurns.ts'
import { logRetirement } from './rest/retirementLog.ts'
import { restRoutes } from './rest/routing.ts'
import { servedDialects } from './rest/servedDialects.ts'
import { createAccessLog } from './server/accessLog.ts'
import { ownRoutes } from './server/ownRoutes.ts'
import { tracedPorts } from './server/traces/tracedPorts.ts'
import type { Tracer } from './tracing/spans.ts'
import { createLookUp, type LookUp } from './webhooks/lookUp.ts'
import { createWebhookSender } from './webhooks/sender.ts'

export interface AppDeps {
  readonly config: Config
  /** Of the program. */
  readonly version: string
  /** As `readDialects` has checked them. */
  readonly dialects: readonly Dialect[]
  /** The documents that clients may name, if there are any. */
  readonly manifest: Manifest | undefined
  readonly db: Database
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly deliver: Deliver
  readonly log: Log
  /** Is shown each request; by default the access log of the settings. */
  readonly observer?: Observer
  /** Makes the spans of requests. Undefined: no traces. */
  readonly tracer?: Tracer | undefined
  readonly secretKeys: readonly string[]
  /** What computes hashes; by default the faster library that can be loaded. */
  readonly argon2?: Argon2 | undefined
  /** As `readHashFamilies` has checked them. */
  readonly hashFamilies?: readonly HashFamilyMaker[]
  /** The built pages. */
  readonly webFiles: WebFiles
  /** Finds the addresses of the receivers of webhooks; by default in the DNS. */
  readonly lookUp?: LookUp | undefined
  /** Whether this process deletes what is expired and encrypts secrets again; one of several workers does. By default it does. */
  readonly cleansUp?: boolean
}

export interface App {
  readonly answer: Handler
  readonly fetch: Fetch
  /** Whether the user base has an enabled administrator, and whether its first account was made. */
  administration(): Promise<{ readonly hasAdmin: boolean; readonly firstIsClaimed: boolean }>
  /** For commands of operators. */
  readonly domain: Domain
  /** The name of the library that computes hashes. */
  readonly hashedBy: string
  readonly outbox: Pick<OutboxWorker, 'wake' | 'idle'>
  /** From now on the app says that it is not ready, and goes on answering. */
  leave(): void
  close(): Promise<void>
}

/** Everything that is served; of two routes that match, the first answers. */
const routesOf = (deps: AppDeps, domain: Domain, isLeaving: () => boolean): readonly Route[] => {
  const { config, db, dialects, manifest, webFiles, randomBytes } = deps
  const known = { manifest, ownDocuments: persistedDocuments }
  const graphql = createGraphqlServer(config, domain, createOperations(domain), known)
  logRetirement(dialects, domain.log)
  return [
    ...ownRoutes({ db, domain, graphql, isLeaving }),
    ...pageRoutes({ config, randomBytes, files: webFiles, overview: createOverview(domain, dialects) }),
    ...(config.API_DOCS ? docsRoutes(dialects, config.PUBLIC_URL) : []),
    ...restRoutes(dialects, { domain, execute: graphql.execute, pageTurns: createPageTurns(besides) }),
  ]
}

/** @throws {StartupError | ConfigError} for what keeps the app from being served, in one line each */
export async function createApp(deps: AppDeps): Promise<App> {
  const { config, db, randomBytes } = deps
  const log = withRequestId(deps.log)
  const isPwned = createPwnedPasswords({ url: config.PWNED_PASSWORDS_URL, log })
  const outage = createOutage(log)
  const webhookSender = createWebhookSender(config, deps.lookUp ?? createLookUp())
  const domain = await prepareDomain({
    ...deps,
    log,
    outage,
    isPwned,
    program: { version: deps.version, database: db.kind },
    dialects: servedDialects(config, deps.dialects),
    ...tracedPorts(deps.tracer, { deliver: deps.deliver, webhookSender }),
    db: db.client,
    reader: db.reader,
    lists: db.lists,
    pool: db.pool,
  })
  db.onAnswer(outage.answered)
  let leaving = false
  const answer = createPipeline({
    config,
    log,
    randomBytes,
    clientOf: addressGroup,
    inTime: within.bind(null, config.DATABASE_REQUEST_TIMEOUT) as PipelineParts['inTime'],
    passing: unavailable.bind(null, domain),
    observer: deps.observer ?? createAccessLog(config, deps.log),
    tracer: deps.tracer,
    answer: createRouter(routesOf(deps, domain, () => leaving)),
  })
  const house = keepHouse(domain, { cleansUp: deps.cleansUp ?? true })
  const outbox = startOutbox(domain)
  const webhooks = startWebhooks(domain)
  return {
    answer,
    fetch: toFetch(answer),
    administration: async () => ({ hasAdmin: await hasAdmin(domain), firstIsClaimed: await firstIsClaimed(domain.db) }),
    domain,
    hashedBy: domain.hasher.library,
    outbox,
    leave: () => {
      leaving = true
    },
    async close() {
      await Promise.all([outbox.stop(), webhooks.stop()])
      await house.stop()
    },
  }
}
