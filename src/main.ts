/**
 * The process, from its settings to its end: it serves, or with WORKERS it is the primary of several that do, or one of those. What keeps it
 * from starting is one clear line and exit code 1.
 */
import { fileURLToPath } from 'node:url'
import { type Config, namesInDoubt, readConfig, readEnvironment } from './config.ts'
import { doubtsOf } from './server/doubts.ts'
import { explain } from './server/explain.ts'
import { logFaults } from './server/faults.ts'
import { openLog } from './server/logger.ts'
import { announce, warnOf } from './server/ready.ts'
import { leadWorkers } from './server/workers/primary.ts'
import { roleIn, type WorkerRole } from './server/workers/role.ts'
import { quietStart } from './server/workers/startLog.ts'
import { obeyPrimary, tellMetrics, tellReady, tellRefused } from './server/workers/worker.ts'

/** Where package.json is: one level above this file, and above its bundle. */
const root = fileURLToPath(new URL('..', import.meta.url))
const role = roleIn(process.argv)

type Opened = ReturnType<typeof openLog>

/** A primary has no use for what serves. */
const loadServe = async () => (await import('./serve.ts')).serve

/** The settings are those of the primary, whatever `.env` says meanwhile. */
async function work({ number, isFirst }: WorkerRole): Promise<void> {
  const env = readEnvironment()
  const settings = readConfig(env)
  const { log, flush } = openLog(settings.LOG_LEVEL, number)
  logFaults(log, flush)
  const quiet = quietStart(log)
  const serve = await loadServe()
  const { ready, stop } = serve({
    env,
    settings,
    root,
    log: isFirst ? log : quiet.log,
    flush,
    cleansUp: number === 1,
    listensFirst: isFirst,
    tellMetrics,
  })
  obeyPrimary(stop)
  await tellReady(await ready)
  quiet.begun()
}

/** Once, before anything is opened. */
const warn = (settings: Config, { log }: Opened): void => {
  for (const doubt of namesInDoubt(process.cwd())) log.warn({}, doubt)
  warnOf(doubtsOf(settings), log)
}

async function run(): Promise<void> {
  const begun = performance.now()
  const env = readEnvironment(process.cwd())
  const settings = readConfig(env)
  const opened = openLog(settings.LOG_LEVEL)
  const { log, flush } = opened
  logFaults(log, flush)
  warn(settings, opened)
  if (settings.WORKERS > 1) return await leadWorkers({ config: settings, env, exec: fileURLToPath(import.meta.url), log, flush })
  const serve = await loadServe()
  announce(await serve({ env, settings, root, log, flush, cleansUp: true, listensFirst: true }).ready, begun, log)
}

try {
  await (role === undefined ? run() : work(role))
} catch (error) {
  const reason = explain(error)
  if (role === undefined) process.stderr.write(reason, () => process.exit(1))
  else void tellRefused(reason).then(() => process.exit(1))
}
