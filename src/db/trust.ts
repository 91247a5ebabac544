/**
 * Since when connections are trusted. After a failover that closed no connection, one wait is enough to notice it: connections that were silent
 * since another one failed are not used again. All that lead to the same server share it.
 */
export interface Trust {
  /** In ms, as `performance.now()` counts. */
  readonly since: number
  /** Present connections are not used again. */
  distrust(): void
}

export const createTrust = (): Trust => {
  let since = 0
  return {
    get since() {
      return since
    },
    distrust() {
      since = performance.now()
    },
  }
}
