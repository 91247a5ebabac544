/**
 * The primary of several workers (`WORKERS`). It has no connection to the database and answers no request: it gives new connections to the
 * workers in turn, replaces those that end, and stops all of them when it gets a signal.
 *
 * One worker starts first: it migrates, and makes what there is once. The others start when it serves. If any cannot start, the program
 * ends with what that one said. After the start, a worker that ends is replaced (`backOff.ts`).
 */
import { createServer } from 'node:http'
import { type Config, settingsIn } from '../../config.ts'
import type { Log } from '../../domain/base/ports.ts'
import { bind } from '../bind.ts'
import { type GatheredMetrics, gatherMetrics } from '../metrics/gatherMetrics.ts'
import { serveMetrics } from '../metrics/metricsServer.ts'
import { announce, type Ready } from '../ready.ts'
import { LAST_RESORT_MS } from '../shutdown.ts'
import { endOnSignals } from '../signals.ts'
import { createBackOff } from './backOff.ts'
import { createCrew, type WorkerEnd } from './crew.ts'

interface Given {
  readonly config: Config
  readonly env: Readonly<Record<string, string | undefined>>
  /** The program of a worker. */
  readonly exec: string
  readonly log: Log
  readonly flush: () => Promise<void>
}

/** Workers have that much time before their primary ends them, after they should have ended by themselves. */
const GRACE = 1_000

/** The port that all workers listen on, which stays the same when they are replaced. @throws {StartupError} */
const portOf = async ({ HOST, PORT }: Config): Promise<number> => {
  if (PORT !== 0) return PORT
  const server = createServer()
  const port = await bind(server, HOST, 0)
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The primary has the port of the metrics. @throws {StartupError} */
const serveGathered = async ({ METRICS_HOST: host, METRICS_PORT, METRICS_TOKEN: token }: Config, { text }: GatheredMetrics, log: Log) => {
  if (METRICS_PORT === undefined) return
  const { port } = await serveMetrics({ host, port: METRICS_PORT, token, text, log })
  log.info({ host, port }, 'metrics are served')
}

/** Resolves when all workers serve. @throws {WorkerRefusal | StartupError} if they do not */
export async function leadWorkers({ config, env, exec, log, flush }: Given): Promise<void> {
  const begun = performance.now()
  const numbers = Array.from({ length: config.WORKERS }, (_, index) => index + 1)
  const backOffs = numbers.map(createBackOff)
  let phase: 'starting' | 'serving' | 'stopping' = 'starting'

  const replace = (end: WorkerEnd): void => {
    const { number, pid, code, signal, reason, served } = end
    const wait = backOffs[number - 1]?.next(served) ?? 0
    const facts = { worker: number, pid, code, signal, ...(reason === undefined ? {} : { reason: reason.trim() }), seconds: wait / 1000 }
    log[code === 0 ? 'warn' : 'error'](facts, 'a worker ended, and will be replaced')
    // Without workers, nothing else keeps the primary alive.
    setTimeout(() => {
      if (phase !== 'serving') return
      crew.start({ number, isFirst: false }).then(
        () => log.info({ worker: number }, 'a worker was replaced'),
        () => undefined,
      )
    }, wait)
  }

  const metrics = gatherMetrics()

  const crew = createCrew({
    exec,
    env: { ...settingsIn(env), PORT: String(await portOf(config)) },
    onMetrics: metrics.take,
    onEnd(end) {
      void metrics.ended(end.number)
      const { number, pid, code, signal, isWell } = end
      if (phase === 'serving') replace(end)
      else if (phase === 'stopping' && !isWell) log.error({ worker: number, pid, code, signal }, 'a worker did not end well')
    },
  })

  endOnSignals({
    stop: async (signal) => {
      phase = 'stopping'
      return await crew.stop(signal)
    },
    cut: crew.kill,
    patience: config.SHUTDOWN_DRAIN + LAST_RESORT_MS + GRACE,
    log,
    flush,
  })

  const startAll = async (): Promise<Ready> => {
    const first = await crew.start({ number: 1, isFirst: true })
    if (phase === 'starting') await Promise.all(numbers.slice(1).map((number) => crew.start({ number, isFirst: false })))
    return first
  }

  try {
    const ready = await startAll()
    if (phase !== 'starting') return
    phase = 'serving'
    await serveGathered(config, metrics, log)
    announce(ready, begun, log)
  } catch (error) {
    if (phase !== 'starting') return
    phase = 'stopping'
    await crew.stop('SIGINT')
    await flush()
    throw error
  }
}
