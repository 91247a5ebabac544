/**
 * Logs each outage of the database once when it begins, with its reason, and once when it ends, with its duration and the number of
 * failed requests. It ends with the first answer of the database after REST ms without a failure, so that an intermittent outage
 * does not fill the log. Code that fails because of the database asks here whether to log the error.
 */
import type { Log } from '../domain/base/ports.ts'
import { type PassingFault, type PassingKind, passingFault } from './passing.ts'
import { workAtHand } from './patience.ts'

const REST = 2_000

export interface Outage {
  /** Whether an error is temporary and not to be logged, because its outage is. */
  isPassing(error: unknown): boolean
  /** The same, and the present request fails with it: each request is counted once. */
  costsRequest(error: unknown): boolean
  /** Whether there is an outage now. */
  isNow(): boolean
  /** The database has answered. */
  answered(): void
  /** `listener` is called when an outage ends. */
  onEnd(listener: () => void): void
}

type OutageKind = Exclude<PassingKind, 'busy'>

interface OutageFault extends PassingFault {
  readonly kind: OutageKind
}

interface State {
  readonly since: number
  kind: OutageKind
  lastFailure: number
  requests: number
  lastRequest: object | undefined
}

const isOutage = (fault: PassingFault): fault is OutageFault => fault.kind !== 'busy'

const words: Readonly<Record<OutageKind, string>> = { away: 'the database is away', slow: 'the database is too slow' }

export function createOutage(log: Log): Outage {
  const listeners: (() => void)[] = []
  let state: State | undefined
  const now = () => performance.now()
  const report = ({ kind, reason }: OutageFault): void => log.error({ reason }, words[kind])
  const note = (fault: OutageFault): State => {
    const known = state ?? { since: now(), kind: fault.kind, lastFailure: 0, requests: 0, lastRequest: undefined }
    if (known !== state) report(fault)
    else if (known.kind === 'slow' && fault.kind === 'away') {
      known.kind = 'away'
      report(fault)
    }
    known.lastFailure = now()
    state = known
    return known
  }
  const noted = (error: unknown): State | undefined => {
    const fault = passingFault(error)
    return fault === undefined || !isOutage(fault) ? undefined : note(fault)
  }
  return {
    isPassing: (error) => noted(error) !== undefined || passingFault(error) !== undefined,
    costsRequest(error) {
      const known = noted(error)
      if (known === undefined) return false
      const request = workAtHand()
      if (request === undefined || known.lastRequest !== request) known.requests += 1
      known.lastRequest = request
      return true
    },
    isNow: () => state !== undefined,
    answered() {
      if (state === undefined || now() - state.lastFailure < REST) return
      log.info({ seconds: Math.round((now() - state.since) / 100) / 10, requests: state.requests }, 'the database is back')
      state = undefined
      for (const listener of listeners) listener()
    },
    onEnd: (listener) => void listeners.push(listener),
  }
}
