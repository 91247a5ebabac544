/**
 * Holds an entry while its try is under way: its lease is renewed again and again, until the try ends, the process stops, or the
 * try has taken longer than any may (DELIVERY_LIMIT of src/mail/smtp.ts).
 */
import type { Domain } from '../frame/domain.ts'
import { type Claimed, RENEWAL, renew } from './entries.ts'

const LONGEST_TRY = 90_000

/** Resolves with what `work` does, once no renewal is under way any more. */
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
