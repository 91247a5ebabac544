/** Who is shown each request after its answer, such as the access log. It takes no time to speak of, and never throws. */
import type { Subject } from './message.ts'
import { outcomeOf } from './outcomes.ts'

/** A request that was answered. */
export interface Answered {
  readonly requestId: string
  /** Undefined where there is no trace. */
  readonly traceId?: string | undefined
  /** Undefined where the request could not be read. */
  readonly method: string | undefined
  readonly about: Subject
  readonly outcome: string
  readonly status: number
  /** From its arrival until its answer is made; of a stream, until its end. */
  readonly seconds: number
  readonly clientAddress: string
  /** Whether `arrived` was called for it. */
  readonly hasArrived: boolean
}

export interface Observer {
  /** A request has come to the app; `answered` follows. */
  arrived(): void
  answered(request: Answered): void
}

interface Refused {
  readonly requestId: string
  readonly status: number
  readonly method?: string | undefined
  /** That of the peer. */
  readonly address: string | undefined
}

/** Sees nothing. */
export const nobody: Observer = { arrived: () => undefined, answered: () => undefined }

/** A request that never reached a surface. */
export const refused = ({ requestId, status, method, address = 'unknown' }: Refused): Answered => ({
  requestId,
  method,
  about: { surface: 'server' },
  outcome: outcomeOf(status),
  status,
  seconds: 0,
  hasArrived: false,
  clientAddress: address.replace(/^::ffff:(?=\d+\.)/, ''),
})

/** Shows each request to several. */
export const observers = (...all: readonly Observer[]): Observer => ({
  arrived() {
    for (const one of all) one.arrived()
  },
  answered(request) {
    for (const one of all) one.answered(request)
  },
})
