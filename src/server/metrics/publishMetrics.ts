/**
 * Makes the metrics of a process readable: on METRICS_PORT; or, of a worker, by sending them to its primary once a second and before it ends.
 */
import type { Config } from '../../config.ts'
import type { Log } from '../../domain/base/ports.ts'
import type { Metrics, Snapshot } from './metrics.ts'
import { serveMetrics } from './metricsServer.ts'

interface Options {
  readonly metrics: Metrics
  readonly config: Pick<Config, 'METRICS_HOST' | 'METRICS_PORT' | 'METRICS_TOKEN'>
  readonly log: Log
  /** Takes the metrics in place of a port. */
  readonly tell: ((snapshot: Snapshot) => void) | undefined
}

const INTERVAL_MS = 1_000

/** @throws {StartupError} when the address cannot be had */
export async function publishMetrics({ metrics, config, log, tell }: Options): Promise<{ close(): Promise<void> }> {
  if (tell === undefined) {
    const { METRICS_HOST: host, METRICS_PORT: port = 0, METRICS_TOKEN: token } = config
    const server = await serveMetrics({ host, port, token, text: metrics.text, log })
    log.info({ host, port: server.port }, 'metrics are served')
    return server
  }
  const send = async (): Promise<void> => tell(await metrics.snapshot())
  const timer = setInterval(() => void send(), INTERVAL_MS)
  timer.unref()
  await send()
  return {
    async close() {
      clearInterval(timer)
      await send()
    },
  }
}
