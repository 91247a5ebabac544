/**
 * The process, from its settings to its end. It listens first, so that a supervisor sees it alive while the database is
 * opened and migrated, and serves once the app stands. What keeps it from starting is one clear line and exit code 1.
 */
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createApp } from './app.ts'
import { type Config, namesInDoubt, readConfig, readEnvironment } from './config.ts'
import { databaseOptions, replicaOptions } from './db/databaseOptions.ts'
import { openDatabase } from './db/openDatabase.ts'
import { type Manifest, readManifest } from './graphql/manifest.ts'
import { createMailer } from './mail/mailer.ts'
import type { Dialect } from './rest/dialect.ts'
import { banner } from './server/banner.ts'
import { bannerFacts } from './server/bannerFacts.ts'
import { doubtsOf } from './server/doubts.ts'
import { explain } from './server/explain.ts'
import { logFaults } from './server/faults.ts'
import { listen } from './server/listen.ts'
import { openLog } from './server/logger.ts'
import { readDialects } from './server/readDialects.ts'
import { readyFields } from './server/ready.ts'
import { loadSecretKeys } from './server/secretKey.ts'
import { createShutdown } from './server/shutdown.ts'

/** Where package.json is: one level above this file, and above its bundle. */
const root = fileURLToPath(new URL('..', import.meta.url))

type Logger = ReturnType<typeof openLog>['log']
type Shutdown = ReturnType<typeof createShutdown>

interface Settled {
  readonly env: Record<string, string | undefined>
  readonly settings: Config
  readonly dialects: readonly Dialect[]
  readonly manifest: Manifest | undefined
}

async function start({ env, settings, dialects, manifest }: Settled, log: Logger, shutdown: Shutdown): Promise<void> {
  const begun = performance.now()
  const server = await listen({ host: settings.HOST, port: settings.PORT, log })
  const config = readConfig({ ...env, PORT: String(server.port) })
  const dataDir = resolve(config.DATA_DIR)
  const secretKeys = await loadSecretKeys({ given: config.SECRET_KEY, dataDir, log })
  const db = await openDatabase({ dataDir, root, log, ...databaseOptions(config), replica: replicaOptions(config) })
  shutdown.add('database', () => db.close())
  await db.migrate()
  const mailer = createMailer({ config, dataDir, log })
  shutdown.add('mail', () => mailer.close())
  const clock = { now: () => new Date() }
  const app = await createApp({ config, dialects, manifest, db, clock, randomBytes, deliver: mailer.deliver, log, secretKeys })
  shutdown.add('app', () => app.close())
  shutdown.add('server', () => server.close())
  shutdown.onLeaving(() => app.leave())
  server.serve(app.answer)
  const served = dialects.map(({ name, mounts }) => ({ name, mounts: mounts.map(({ path }) => path) }))
  const facts = bannerFacts(config, { dialects: served, hashedBy: app.hashedBy, ...(await app.administration()) })
  if (process.stdout.isTTY) process.stdout.write(banner(facts))
  log.info({ ...readyFields(facts), port: config.PORT, database: db.kind, ms: Math.round(performance.now() - begun) }, 'ready')
}

/** Once, before anything is opened. */
const warn = (settings: Config, log: Logger): void => {
  for (const doubt of namesInDoubt(process.cwd())) log.warn({}, doubt)
  for (const { setting, message } of doubtsOf(settings)) log.warn({ setting }, `${setting} ${message}`)
}

async function run(): Promise<void> {
  const env = readEnvironment(process.cwd())
  const settings = readConfig(env)
  const { log, flush } = openLog(settings.LOG_LEVEL)
  logFaults(log, flush)
  const dialects = await readDialects(settings)
  const manifest = readManifest(settings)
  warn(settings, log)
  const shutdown = createShutdown(log, flush)
  const started = start({ env, settings, dialects, manifest }, log, shutdown)
  shutdown.onSignals(started, settings.SHUTDOWN_DRAIN)
  await started.catch(async (error: unknown) => {
    await shutdown.close()
    await flush()
    throw error
  })
}

try {
  await run()
} catch (error) {
  process.stderr.write(explain(error), () => process.exit(1))
}
