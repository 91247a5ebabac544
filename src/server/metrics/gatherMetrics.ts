/**
 * The metrics of several workers as those of one program. Each worker sends its own once a second. What a worker counted stays counted when
 * it ends, however it ends: at most what it counted since its last message is lost. Gauges are of workers that live.
 */
import { AggregatorRegistry } from 'prom-client'
import type { Snapshot } from './metrics.ts'

export interface GatheredMetrics {
  /** Replaces what is known of a worker. */
  take(worker: number, snapshot: Snapshot): void
  /** A worker has ended; its successor counts from 0. */
  ended(worker: number): Promise<void>
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>
}

const isCounted = ({ type }: Snapshot[number]): boolean => {
  const name = String(type)
  return name === 'counter' || name === 'histogram'
}

const sumOf = (snapshots: readonly Snapshot[]) => AggregatorRegistry.aggregate(snapshots as unknown as object[])

export function gatherMetrics(): GatheredMetrics {
  const living = new Map<number, Snapshot>()
  /** What those counted that have ended. */
  let past: Snapshot = []
  return {
    take: (worker, snapshot) => void living.set(worker, snapshot),
    async ended(worker) {
      const last = living.get(worker)?.filter(isCounted)
      living.delete(worker)
      if (last !== undefined) past = await sumOf([past, last]).getMetricsAsJSON()
    },
    text: async () => await sumOf([past, ...living.values()]).metrics(),
  }
}
