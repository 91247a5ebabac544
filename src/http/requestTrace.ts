/**
 * The root span of a request, by OpenTelemetry's conventions for HTTP servers. It has the path of the table of routes, never that of the
 * request, which may hold secrets.
 */
import { beginTrace, type Trace, type Tracer } from '../tracing/spans.ts'
import type { Facts } from './facts.ts'
import type { Answered } from './observer.ts'

/** Begins the trace of a request, or goes on with that of a trusted proxy. */
export const beginRequest = (tracer: Tracer, method: string, { requestId, traceParent }: Facts): Trace => {
  const attributes = { 'http.request.method': method, 'vestibule.request_id': requestId }
  return beginTrace(tracer, { name: method, kind: 'server', attributes }, traceParent)
}

/** Runs a part of a request in its trace, if it has one. */
export const traced = <T>(trace: Trace | undefined, work: () => T): T => (trace === undefined ? work() : trace.run(work))

/** Describes the answer, and ends the trace. */
export const endRequest = (trace: Trace, { method = '', status, outcome, about: { surface, route, operation } }: Answered): void => {
  const { root } = trace
  if (route !== undefined) root.rename(`${method} ${route}`)
  root.set({
    'http.route': route,
    'http.response.status_code': status,
    'vestibule.surface': surface,
    'vestibule.operation': operation,
    'vestibule.outcome': outcome,
  })
  if (status >= 500) root.fail(outcome)
  trace.end()
}
