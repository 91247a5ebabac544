/**
 * The servers of a URL, and which to try next: the last one that worked, until it fails. Of several, one that accepts writes is
 * found by trying them in turn (libpq's `target_session_attrs=read-write`).
 */
export interface Server {
  /** A host name, an address, or a socket directory; absent: the driver's default. */
  readonly host?: string
  readonly port?: number
}

export interface Servers {
  readonly count: number
  current(): Server
  /** `server` could not be used: moves on to the next one, unless that has happened already. */
  failed(server: Server): void
}

export function takeTurns(servers: readonly [Server, ...Server[]]): Servers {
  let turn = 0
  const current = () => servers[turn] ?? servers[0]
  return {
    count: servers.length,
    current,
    failed(server) {
      if (server === current()) turn = (turn + 1) % servers.length
    },
  }
}
