/**
 * Decides when the worker reads the table, how many entries it takes, and when it pauses. It reads when it is woken, when the
 * earliest wait ends, and three times a minute for entries that another process left. While no mail can be sent it pauses, longer
 * each time, and then tries a single entry; the log has one line when this begins and one when it ends.
 */
import type { Domain } from '../domain/frame/domain.ts'
import { backOff, longest } from '../domain/outbox/backOff.ts'
import type { Attempt } from './outboxAttempt.ts'

/** Divided among workers, at least one for each. */
const PARALLEL = 4
const POLL = 20_000

export interface Pace {
  /** Notes that an entry may be due. */
  look(): void
  /** Whether to read the table now. */
  isReady(): boolean
  /** Notes that a read begins. */
  looked(): void
  /** How many entries may be taken while this many are running. */
  room(underWay: number): number
  /** Milliseconds until the next read. */
  pause(): number
  /** Notes the outcome of an attempt. */
  note(attempt: Attempt): void
}

export function createPace({ clock, config, log, randomBytes }: Domain): Pace {
  const parallel = Math.max(1, Math.floor(PARALLEL / config.WORKERS))
  const now = () => clock.now().getTime()
  let asked = true
  let nextLook = 0
  let failures = 0
  let restUntil = 0
  /** A time further in the future than `most` was set before the clock was set back. */
  const isOver = (time: number, most: number) => time <= now() || time > now() + most
  const rests = () => !isOver(restUntil, longest.unavailable)
  const rest = (reason: string) => {
    if (failures === 0) log.error({ reason }, 'no mail can be sent; mails wait in the outbox')
    failures += 1
    restUntil = now() + backOff(randomBytes, failures, longest.unavailable)
    asked = true
  }
  const goOn = () => {
    if (failures > 0) log.info({}, 'mail can be sent again')
    failures = 0
  }
  return {
    look() {
      asked = true
    },
    isReady: () => (asked || isOver(nextLook, POLL)) && !rests(),
    looked() {
      asked = false
      nextLook = now() + POLL
    },
    room: (underWay) => (failures > 0 ? 1 : parallel) - underWay,
    pause: () => Math.min(Math.max(1, (asked ? 0 : nextLook) - now(), restUntil - now()), longest.unavailable),
    note({ delivery, until }) {
      if (until !== undefined) nextLook = Math.min(nextLook, until.getTime())
      if (delivery?.outcome === 'delivered') goOn()
      if (delivery?.outcome === 'unavailable' && !rests()) rest(delivery.reason)
    },
  }
}
