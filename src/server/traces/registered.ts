/** Traces of the SDK that the operator has registered with OpenTelemetry's API; its end is the operator's. */
import { type ProxyTracerProvider, trace } from '@opentelemetry/api'
import { tracerOn } from './openTelemetryTracer.ts'
import type { Traces } from './traces.ts'

/** Undefined where there is no tracer among what is registered. */
export const registeredTraces = (): Traces | undefined => {
  const provider = trace.getTracerProvider() as Partial<Pick<ProxyTracerProvider, 'getDelegateTracer'>>
  const tracer = provider.getDelegateTracer?.('vestibule')
  return tracer === undefined ? undefined : { tracer: tracerOn(tracer), close: async () => undefined }
}
