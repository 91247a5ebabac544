/**
 * The metrics of a process, in a registry of its own: requests, what they wait for, and those of Node.js and the process by prom-client (CPU,
 * memory, event loop, garbage collection).
 */
import { collectDefaultMetrics, type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client'
import type { Database } from '../../db/database.ts'
import type { Domain } from '../../domain/frame/domain.ts'
import type { Observer } from '../../http/observer.ts'
import { addDomainMetrics } from './domainMetrics.ts'
import { createRequestMetrics } from './requestMetrics.ts'

/** The metrics of a process as data, which a worker sends to its primary. */
export type Snapshot = readonly MetricObjectWithValues<MetricValue<string>>[]

export interface Metrics {
  readonly observer: Observer
  /** Adds what is known only once there is a domain. */
  add(domain: Domain, database: Pick<Database, 'pool'>): void
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>
  snapshot(): Promise<Snapshot>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const observer = createRequestMetrics(registry)
  return {
    observer,
    add: (domain, database) => addDomainMetrics(registry, domain, database),
    text: async () => await registry.metrics(),
    snapshot: async () => await registry.getMetricsAsJSON(),
  }
}
