/**
 * What is done now and then, outside every request: keys are rotated when their time has come, and rows that have ended
 * are deleted, so many at a time. A failure is logged and tried again the next time.
 */
import type { Domain } from './domain/domain.ts'
import { deleteExpired } from './domain/expired.ts'

const PAUSE = 10 * 60_000

export interface House {
  /** Resolves when what is under way has ended. */
  stop(): Promise<void>
}

export function keepHouse(domain: Domain): House {
  let underWay: Promise<void> = Promise.resolve()
  const once = async () => {
    try {
      await domain.signingKeys.maintain()
      await deleteExpired(domain)
    } catch (error) {
      domain.log.error({ err: error }, 'housekeeping failed')
    }
  }
  const timer = setInterval(() => {
    underWay = underWay.then(once)
  }, PAUSE)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await underWay
    },
  }
}
