/**
 * Which connections are trusted; all that lead to the same servers share it. After a failover that closed no connection, one wait is enough to
 * notice it: connections that were silent since another one failed are not used again. After a server became read-only, none is that was
 * opened before, since it may go on answering reads.
 */
export interface Trust {
  /** A connection was silent too long. */
  silent(): void
  /** A server no longer accepts writes. */
  demoted(): void
  /** Whether a connection may be used; times are in ms, as `performance.now()` counts. */
  trusts(connection: { readonly openedAt: number; readonly heardAt: number }): boolean
}

export const createTrust = (): Trust => {
  let silentSince = 0
  let demotedAt = 0
  return {
    silent() {
      silentSince = performance.now()
    },
    demoted() {
      demotedAt = performance.now()
    },
    trusts: ({ openedAt, heardAt }) => heardAt >= silentSince && openedAt >= demotedAt,
  }
}
