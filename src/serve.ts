/**
 * Serves: opens what there is, composes the app and answers. It listens first, so that a supervisor sees the process alive while the
 * database is opened and migrated, unless others already serve on its port.
 */
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { createApp } from './app.ts'
import { answerCommands } from './cli/socket/answerCommands.ts'
import { type Config, readConfig } from './config.ts'
import { databaseOptions, replicaOptions } from './db/databaseOptions.ts'
import { openDatabase } from './db/openDatabase.ts'
import type { Log } from './domain/base/ports.ts'
import { readManifest } from './graphql/manifest.ts'
import { createMailer } from './mail/mailer.ts'
import { readWebFiles } from './pages/webFiles.ts'
import { createAccessLog } from './server/accessLog.ts'
import { bannerFacts } from './server/bannerFacts.ts'
import { connectionDoubts } from './server/connectionDoubt.ts'
import { limitHeapGrowth } from './server/heapGrowth.ts'
import { listen } from './server/listen.ts'
import { createMetrics, type Snapshot } from './server/metrics/metrics.ts'
import { publishMetrics } from './server/metrics/publishMetrics.ts'
import { readDialects } from './server/readDialects.ts'
import { readHashFamilies } from './server/readHashFamilies.ts'
import type { Ready } from './server/ready.ts'
import { loadSecretKeys } from './server/secretKey.ts'
import { createShutdown, type Shutdown } from './server/shutdown.ts'
import { answerStarting } from './server/starting.ts'
import { lowerHashThreads } from './server/threadPriority.ts'
import { openTraces } from './server/traces/openTraces.ts'
import { readVersion } from './server/version.ts'

export interface ServeOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly settings: Config
  /** The directory of package.json. */
  readonly root: string
  readonly log: Log
  /** Lets the last lines of the log out. */
  readonly flush: () => Promise<void>
  /** Whether this process deletes what is expired; one of several workers does. */
  readonly cleansUp: boolean
  /** Whether to listen before there is an app, and answer 503 meanwhile. If not, PORT must not be 0. */
  readonly listensFirst: boolean
  /** Takes the metrics of a worker, which does not serve them. */
  readonly tellMetrics?: (snapshot: Snapshot) => void
}

export interface Serving {
  /** @throws {StartupError | ConfigError} for what keeps the process from serving, after everything was closed */
  readonly ready: Promise<Ready>
  /** Ends the process as a signal does. */
  stop(signal: NodeJS.Signals): void
}

const start = async (options: ServeOptions, shutdown: Shutdown): Promise<Ready> => {
  const { env, settings, root, log, cleansUp, listensFirst, tellMetrics } = options
  const dialects = await readDialects(settings)
  const hashFamilies = await readHashFamilies(settings)
  const manifest = readManifest(settings)
  const webFiles = readWebFiles(root)
  const metrics = settings.METRICS_PORT === undefined ? undefined : createMetrics()
  const observer = createAccessLog(settings, log, metrics?.observer)
  const open = () => listen({ host: settings.HOST, port: settings.PORT, publicUrl: settings.PUBLIC_URL, log, observer })
  const early = listensFirst ? await open() : undefined
  const config = early === undefined ? settings : readConfig({ ...env, PORT: String(early.port) })
  early?.serve(answerStarting({ config, dialects, log, randomBytes, observer }))
  const dataDir = resolve(config.DATA_DIR)
  const secretKeys = await loadSecretKeys({ given: config.SECRET_KEY, dataDir, log })
  const traces = await openTraces(config, log)
  if (traces !== undefined) shutdown.add('traces', traces.close)
  const db = await openDatabase({ dataDir, root, log, ...databaseOptions(config), replica: replicaOptions(config) })
  shutdown.add('database', () => db.close())
  await db.migrate()
  const mailer = createMailer({ config, dataDir, log })
  shutdown.add('mail', () => mailer.close())
  const clock = { now: () => new Date() }
  const app = await createApp({
    config,
    version: readVersion(root),
    dialects,
    hashFamilies,
    manifest,
    db,
    clock,
    randomBytes,
    deliver: mailer.deliver,
    log,
    observer,
    tracer: traces?.tracer,
    secretKeys,
    webFiles,
    cleansUp,
  })
  metrics?.add(app.domain, db)
  shutdown.add('app', () => app.close())
  shutdown.onLeaving(() => app.leave())
  await lowerHashThreads(log)
  // Nothing may come between: a worker that listens would answer 503 until it serves.
  const server = early ?? (await open())
  server.serve(app.answer)
  shutdown.add('server', () => server.close())
  const published = metrics && (await publishMetrics({ metrics, config, log, tell: tellMetrics }))
  if (published !== undefined) shutdown.add('metrics', published.close)
  if (db.kind === 'pglite') {
    const commands = await answerCommands({ config, dataDir, root, database: db, domain: app.domain, log })
    shutdown.add('commands', () => commands.close())
  }
  const served = dialects.map(({ name, mounts }) => ({ name, mounts: mounts.map(({ path }) => path) }))
  const facts = bannerFacts(config, { dialects: served, hashedBy: app.hashedBy, ...(await app.administration()) })
  return { facts, port: config.PORT, database: db.kind, doubts: connectionDoubts(config, db.serverConnections) }
}

/** Starts to serve. From now on signals stop the process. */
export function serve(options: ServeOptions): Serving {
  const { settings, log, flush } = options
  limitHeapGrowth()
  const shutdown = createShutdown(log, flush)
  const started = start(options, shutdown)
  const stop = shutdown.onSignals(started, settings.SHUTDOWN_DRAIN)
  const ready = started.catch(async (error: unknown) => {
    await shutdown.close()
    await flush()
    throw error
  })
  return { ready, stop }
}
