/**
 * Traces, if they are on: sent to OTEL_EXPORTER_OTLP_ENDPOINT; or, without that, given to the SDK of OpenTelemetry that the operator has loaded
 * before the server (`node --import`). Without both nothing of OpenTelemetry is loaded.
 */
import type { Config } from '../../config.ts'
import type { Log } from '../../domain/base/ports.ts'
import type { Traces } from './traces.ts'

/** Where OpenTelemetry's API, of whatever copy, keeps what was registered. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1')

export async function openTraces(config: Config, log: Log): Promise<Traces | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: url } = config
  if (url !== undefined) return (await import('./otlp.ts')).openOtlp(url, config, log)
  return REGISTERED in globalThis ? (await import('./registered.ts')).registeredTraces() : undefined
}
