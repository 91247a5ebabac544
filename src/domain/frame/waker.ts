/**
 * Wakes the worker of a queue when there is work for it, without the domain knowing the worker. If nobody listens nothing is lost,
 * because the work is in a table.
 */
export interface Waker {
  /** Wakes the listener. */
  readonly wake: () => void
  /** Sets the listener; the last one set is used. */
  onWake(listener: () => void): void
}

export const createWaker = (): Waker => {
  let notify = (): void => undefined
  return {
    wake: () => notify(),
    onWake(listener) {
      notify = listener
    },
  }
}
