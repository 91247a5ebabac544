/**
 * When the worker looks at the table, how much it takes, and when it rests. It looks when it was told to, when the earliest
 * back-off is over, and three times a minute for what another process has left behind. While no mail can be sent it rests, longer
 * each time, and then tries one alone; that is logged once, and its end once.
 */
import type { Domain } from '../domain/frame/domain.ts'
import { backOff, longest } from '../domain/outbox/backOff.ts'
import type { Attempt } from './outboxAttempt.ts'

const PARALLEL = 4
const POLL = 20_000

export interface Pace {
  /** Something may be due. */
  look(): void
  /** Whether to look now. */
  isReady(): boolean
  /** A look begins. */
  looked(): void
  /** How many entries may be taken while so many are under way. */
  room(underWay: number): number
  /** Milliseconds until the next look. */
  pause(): number
  /** What a try came to. */
  note(attempt: Attempt): void
}

export function createPace({ clock, log, randomBytes }: Domain): Pace {
  const now = () => clock.now().getTime()
  let asked = true
  let nextLook = 0
  let failures = 0
  let restUntil = 0
  /** Nothing is ever planned further ahead than `most`: a time beyond was set before the clock was put back. */
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
    room: (underWay) => (failures > 0 ? 1 : PARALLEL) - underWay,
    pause: () => Math.min(Math.max(1, (asked ? 0 : nextLook) - now(), restUntil - now()), longest.unavailable),
    note({ delivery, until }) {
      if (until !== undefined) nextLook = Math.min(nextLook, until.getTime())
      if (delivery?.outcome === 'delivered') goOn()
      if (delivery?.outcome === 'unavailable' && !rests()) rest(delivery.reason)
    },
  }
}
