/**
 * Spans: which parts of the work of a request took how long, and how they ended. A trace follows its work through every await; each span is
 * a child of the one around it. Outside a trace nothing is made: `inSpan` then costs a look at an AsyncLocalStorage that was never used.
 *
 * Names and attributes are words of closed sets, numbers, and SQL as it is written, with placeholders: nothing that a client sent, no value of
 * a row, and no message of an error. docs/monitoring.md lists them.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

/** As OpenTelemetry has them: of a request that came in, one that went out, and what is done in between. */
export type SpanKind = 'server' | 'client' | 'internal'

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** How a span begins. */
export interface Beginning {
  readonly name: string
  /** By default `internal`. */
  readonly kind?: SpanKind
  readonly attributes?: Attributes
}

export interface Span {
  readonly traceId: string
  /** Whether anybody will see it: traces may be sampled. */
  readonly isRecorded: boolean
  rename(name: string): void
  set(attributes: Attributes): void
  /** Marks it as failed, by the error that it failed with, or a word for it. */
  fail(error: unknown): void
  end(): void
}

export interface Tracer {
  /** @param parent the span around it, or the W3C `traceparent` that a trusted peer sent; without a valid one, a trace begins */
  begin(beginning: Beginning, parent?: Span | string | null): Span
}

/** A trace that is under way. */
export interface Trace {
  readonly root: Span
  /** Runs a part of its work. */
  run<T>(work: () => T): T
  end(): void
}

interface Scope {
  readonly tracer: Tracer
  readonly span: Span
  /** Shared by all spans of a trace. */
  readonly count: { left: number; omitted: number; isOver: boolean }
}

/** Spans of a trace beside its root: a streamed list has a statement for each page. */
export const MOST_SPANS = 200

const scopes = new AsyncLocalStorage<Scope>()

/** Begins a trace. One that is not recorded has no spans but its root. */
export const beginTrace = (tracer: Tracer, beginning: Beginning, parent: string | null): Trace => {
  const root = tracer.begin(beginning, parent)
  const scope: Scope = { tracer, span: root, count: { left: MOST_SPANS, omitted: 0, isOver: false } }
  return {
    root,
    run: (work) => (root.isRecorded ? scopes.run(scope, work) : work()),
    end() {
      const { omitted } = scope.count
      scope.count.isOver = true
      if (omitted > 0) root.set({ 'vestibule.spans.omitted': omitted })
      root.end()
    },
  }
}

/** Whether the present work belongs to a trace. */
export const isTraced = (): boolean => scopes.getStore() !== undefined

const childOf = ({ tracer, span, count }: Scope, beginning: Beginning): Span | undefined => {
  // What a request leaves running, such as a connection that is being opened for others.
  if (count.isOver) return undefined
  if (count.left === 0) {
    count.omitted += 1
    return undefined
  }
  count.left -= 1
  return tracer.begin(beginning, span)
}

/** A span without spans inside, which the caller must end; undefined outside a trace, and where the trace has enough. */
export const beginSpan = (beginning: () => Beginning): Span | undefined => {
  const scope = scopes.getStore()
  return scope === undefined ? undefined : childOf(scope, beginning())
}

const runInside = async <T>(scope: Scope, beginning: Beginning, work: () => Promise<T>): Promise<T> => {
  const span = childOf(scope, beginning)
  if (span === undefined) return await work()
  try {
    return await scopes.run({ ...scope, span }, work)
  } catch (error) {
    span.fail(error)
    throw error
  } finally {
    span.end()
  }
}

/** Runs `work` in a span, if the present work belongs to a trace. */
export const inSpan = <T>(beginning: string | Beginning, work: () => Promise<T>): Promise<T> => {
  const scope = scopes.getStore()
  return scope === undefined ? work() : runInside(scope, typeof beginning === 'string' ? { name: beginning } : beginning, work)
}
