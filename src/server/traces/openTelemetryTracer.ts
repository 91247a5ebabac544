/**
 * Our spans as OpenTelemetry's, on any tracer of its API. The times of a trace are those of its root plus what a monotonic clock says, in
 * microseconds, so that spans lie within each other.
 */
import {
  type Context,
  type HrTime,
  type Attributes as OtelAttributes,
  type Span as OtelSpan,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import { Failure } from '../../domain/base/errors.ts'
import type { Attributes, Span, Tracer } from '../../tracing/spans.ts'

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const

/** An SQLSTATE. */
const SQL_STATE = /^[0-9A-Z]{5}$/
/** The name of a class, or a code of Node such as `ECONNREFUSED`; any other text could have words of a client. */
const WORD = /^\w{1,60}$/

const codeOf = (error: unknown): string | undefined => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && WORD.test(code) ? code : undefined
}

const nameOf = (error: unknown): string => {
  const name = error instanceof Error ? error.name : String(error)
  return WORD.test(name) ? name : 'Error'
}

/** A failure of the domain is an answer like any other; everything else is an error. Of both, messages may have words of clients. */
const fail = (span: OtelSpan, error: unknown): void => {
  if (error instanceof Failure) {
    span.setAttribute('vestibule.outcome', error.code)
    return
  }
  const code = codeOf(error)
  if (code !== undefined && SQL_STATE.test(code)) span.setAttribute('db.response.status_code', code)
  span.setAttribute('error.type', code ?? nameOf(error))
  span.setStatus({ code: SpanStatusCode.ERROR })
}

/** The time of a trace whose clock is `ahead` ms of the monotonic one. */
const timeOf = (ahead: number): HrTime => {
  const ms = ahead + performance.now()
  return [Math.trunc(ms / 1_000), Math.trunc((ms % 1_000) * 1e6)]
}

class TracedSpan implements Span {
  readonly span: OtelSpan
  readonly ahead: number
  constructor(span: OtelSpan, ahead: number) {
    this.span = span
    this.ahead = ahead
  }
  get traceId(): string {
    return this.span.spanContext().traceId
  }
  get isRecorded(): boolean {
    return this.span.isRecording()
  }
  rename(name: string): void {
    this.span.updateName(name)
  }
  set(attributes: Attributes): void {
    this.span.setAttributes(attributes as OtelAttributes)
  }
  fail(error: unknown): void {
    fail(this.span, error)
  }
  end(): void {
    this.span.end(timeOf(this.ahead))
  }
}

const contextOf = (parent: Span | string | null): Context => {
  if (parent instanceof TracedSpan) return trace.setSpan(ROOT_CONTEXT, parent.span)
  const remote = typeof parent === 'string' ? parseTraceParent(parent) : null
  return remote === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true })
}

export const tracerOn = (tracer: OtelTracer): Tracer => ({
  begin: ({ name, kind = 'internal', attributes = {} }, parent = null) => {
    const ahead = parent instanceof TracedSpan ? parent.ahead : Date.now() - performance.now()
    const options = { kind: kinds[kind], attributes: attributes as OtelAttributes, startTime: timeOf(ahead) }
    return new TracedSpan(tracer.startSpan(name, options, contextOf(parent)), ahead)
  },
})
