/**
 * Between those who put something into the outbox and the worker that empties it: whoever queues says so, and does not know
 * the worker. Nothing is lost when nobody listens, as the entry is in the table.
 */
export interface Waker {
  /** Says that there is something to do. */
  readonly wake: () => void
  /** Who is told; the last one counts. */
  onWake(listener: () => void): void
}

export const createWaker = (): Waker => {
  let tell = (): void => undefined
  return {
    wake: () => tell(),
    onWake(listener) {
      tell = listener
    },
  }
}
