/** What a process needs of traces. */
import type { Tracer } from '../../tracing/spans.ts'

export interface Traces {
  readonly tracer: Tracer
  /** Sends what waits, for a short time. */
  close(): Promise<void>
}
