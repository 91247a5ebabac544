/**
 * Metrics of requests, from what the observer is shown. Every label is of a closed set: surfaces, names of operations, outcomes.
 *
 * Cost: a few microseconds a request.
 */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Answered, Observer } from '../../http/observer.ts'

/** In seconds; the SLO of docs/monitoring.md is one of them. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const SIGN_INS = new Set(['signIn', 'verifyTwoFactor'])

/** What a label says of a request that ran no operation, and of one that ran several. */
const operationOf = ({ about: { operation } }: Answered): string =>
  operation === undefined ? 'none' : operation.includes(',') ? 'several' : operation

export function createRequestMetrics(registry: Registry): Observer {
  const registers = [registry]
  const requests = new Counter({
    name: 'vestibule_requests_total',
    help: 'Requests that were answered, by surface, operation and outcome (OK, or the code of the failure).',
    labelNames: ['surface', 'operation', 'outcome'] as const,
    registers,
  })
  const durations = new Histogram({
    name: 'vestibule_request_duration_seconds',
    help: 'From the arrival of a request until its answer is made; of a streamed list, until its end.',
    labelNames: ['surface', 'operation'] as const,
    buckets: BUCKETS,
    registers,
  })
  const signIns = new Counter({
    name: 'vestibule_sign_ins_total',
    help: 'Sign-ins and second steps of sign-ins, by surface and outcome.',
    labelNames: ['surface', 'outcome'] as const,
    registers,
  })
  let underWay = 0
  new Gauge({
    name: 'vestibule_requests_in_progress',
    help: 'Requests that have arrived and are not yet answered; of streamed lists, not yet sent.',
    registers,
    collect() {
      this.set(underWay)
    },
  })
  return {
    arrived() {
      underWay += 1
    },
    answered(request) {
      if (request.hasArrived) underWay -= 1
      const { about, outcome, seconds } = request
      const operation = operationOf(request)
      requests.inc({ surface: about.surface, operation, outcome })
      durations.observe({ surface: about.surface, operation }, seconds)
      for (const name of operation === 'several' ? (about.operation ?? '').split(',') : [operation])
        if (SIGN_INS.has(name)) signIns.inc({ surface: about.surface, outcome })
    },
  }
}
