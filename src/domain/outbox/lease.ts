/**
 * Holds an entry during its attempt: renews the lease until the attempt ends, the process stops, or the attempt takes longer than
 * it may (DELIVERY_LIMIT of src/mail/smtp.ts).
 */
import type { Domain } from '../frame/domain.ts'
import { type Claimed, RENEWAL, renew } from './entries.ts'

const LONGEST_TRY = 90_000

/** Resolves with the result of `work`, once no renewal is running. */
export async function holding<T>(domain: Domain, entry: Claimed, stopping: AbortSignal, work: () => Promise<T>): Promise<T> {
  const end = performance.now() + LONGEST_TRY
  let renewal: Promise<void> | undefined
  const timer = setInterval(() => {
    if (stopping.aborted || performance.now() > end) return clearInterval(timer)
    renewal ??= renew(domain, entry)
      .catch((error: unknown) => domain.log.warn({ err: error, entry: entry.id }, 'the lease of a mail could not be renewed'))
      .finally(() => {
        renewal = undefined
      })
  }, RENEWAL)
  timer.unref()
  try {
    return await work()
  } finally {
    clearInterval(timer)
    await renewal
  }
}
