/**
 * Periodic work outside requests: rotates signing keys that are due, deletes expired rows, writes the last uses of sessions and the
 * counts of dialect uses, reads which foreign hashes accounts have and forgets those that none has any more, and after a change of SECRET_KEY encrypts secrets again (this also at start). A failure is logged and
 * retried at the next interval. One of several workers deletes and encrypts; the rest is work of each process.
 */
import type { Domain } from '../domain/frame/domain.ts'
import { EXPECTATIONS_INTERVAL, forgetHashes, readExpectedHashes } from '../domain/moving/expectedHashes.ts'
import { USAGE_INTERVAL } from '../domain/usage/gatherUses.ts'
import { LAST_SEEN_INTERVAL } from '../domain/usage/lastSeen.ts'
import { deleteExpired } from './deleteExpired.ts'
import { createResealer } from './reseal.ts'

const PAUSE = 10 * 60_000

export interface House {
  /** Resolves when running work has ended and everything is written. */
  stop(): Promise<void>
}

/** Runs `work` at intervals, never twice at a time; an interval that comes due meanwhile is skipped. */
const every = (pause: number, work: () => Promise<void>): House => {
  let underWay: Promise<void> | undefined
  const timer = setInterval(() => {
    underWay ??= work().finally(() => {
      underWay = undefined
    })
  }, pause)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await underWay
    },
  }
}

export function keepHouse(domain: Domain, { cleansUp }: { readonly cleansUp: boolean }): House {
  const stopping = new AbortController()
  const reseal = createResealer(domain)
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!domain.outage.isPassing(error)) domain.log.error({ err: error }, 'housekeeping failed')
    }
  }
  const resealing = cleansUp ? attempt(() => reseal(stopping.signal)) : Promise.resolve()
  const cleaning = every(PAUSE, async () => {
    await attempt(domain.signingKeys.maintain)
    if (!cleansUp) return
    await attempt(() => deleteExpired(domain))
    await attempt(() => forgetHashes(domain))
    await resealing
    if (domain.secretBox.hasOlderKeys) await attempt(() => reseal(stopping.signal))
  })
  const flushing = every(LAST_SEEN_INTERVAL, domain.lastSeen.flush)
  const expecting = every(EXPECTATIONS_INTERVAL, () => attempt(() => readExpectedHashes(domain)))
  const counting = every(USAGE_INTERVAL, domain.usage.flush)
  return {
    async stop() {
      stopping.abort()
      await Promise.all([cleaning.stop(), flushing.stop(), expecting.stop(), counting.stop(), resealing])
      await domain.lastSeen.flush()
      await domain.usage.flush()
    },
  }
}
