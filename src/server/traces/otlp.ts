/**
 * Traces by OTLP over HTTP, in protobuf. Loaded only where traces are on.
 *
 * A collector that is slow or away costs nothing but its spans: at most QUEUE of them wait, each batch is sent for at most PATIENCE_MS, and
 * what does not fit is dropped. The log has one line when spans begin to be lost, and one when they are taken again.
 */
import { randomUUID } from 'node:crypto'
import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Config } from '../../config.ts'
import type { Log } from '../../domain/base/ports.ts'
import { tracerOn } from './openTelemetryTracer.ts'
import type { Traces } from './traces.ts'

/** Spans that wait, and those of a batch. */
const QUEUE = 2_048
const BATCH = 512
/** How long spans wait for a batch to become full, and how long a batch may take, with its repetitions. */
const DELAY_MS = 1_000
const PATIENCE_MS = 10_000
/** How long the end of the process waits for the last batches. */
const LAST_CALL_MS = 2_000
/** Longer values of attributes are cut. */
const LONGEST_VALUE = 4_000

type Failed = Error & { readonly code?: string | number }

/** Without words of the collector. */
const reasonOf = (error: Failed | undefined): string => {
  if (typeof error?.code === 'number') return `the collector answers ${error.code}`
  return error?.code ?? error?.name ?? 'no answer'
}

/** The same exporter, whose failures are logged, the first and the last of them; nobody else hears of them. */
const reporting = (exporter: SpanExporter, log: Log): SpanExporter => {
  let lost = 0
  const heard = (spans: number, { code, error }: ExportResult): void => {
    if (code === ExportResultCode.SUCCESS) {
      if (lost > 0) log.info({ lost }, 'spans are taken again')
      lost = 0
      return
    }
    if (lost === 0) log.warn({ reason: reasonOf(error as Failed | undefined) }, 'spans are lost: the collector does not take them')
    lost += spans
  }
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        heard(spans.length, result)
        done({ code: ExportResultCode.SUCCESS })
      }),
    shutdown: async () => await exporter.shutdown(),
    forceFlush: async () => await exporter.forceFlush?.(),
  }
}

const within = async (work: Promise<unknown>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work.catch(() => undefined), late]).finally(() => clearTimeout(timer))
}

export function openOtlp(url: string, config: Config, log: Log): Traces {
  const exporter = new OTLPTraceExporter({
    url: `${url}/v1/traces`,
    headers: { ...config.OTEL_EXPORTER_OTLP_HEADERS },
    timeoutMillis: PATIENCE_MS,
  })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': config.OTEL_SERVICE_NAME,
      'service.instance.id': randomUUID(),
      'process.pid': process.pid,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.OTEL_TRACES_SAMPLER_ARG) }),
    spanLimits: { attributeValueLengthLimit: LONGEST_VALUE, attributeCountLimit: 32, eventCountLimit: 0, linkCountLimit: 0 },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: reporting(exporter, log),
        maxQueueSize: QUEUE,
        maxExportBatchSize: BATCH,
        scheduledDelayMillis: DELAY_MS,
        exportTimeoutMillis: PATIENCE_MS + 1_000,
      }),
    ],
  })
  return { tracer: tracerOn(provider.getTracer('vestibule')), close: async () => await within(provider.shutdown(), LAST_CALL_MS) }
}
