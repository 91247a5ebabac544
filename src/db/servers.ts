/**
 * The servers that a URL names, and the one that is tried next: the last that worked, until it fails. With several, whichever
 * takes writes is found by trying them in turn (libpq's `target_session_attrs=read-write`).
 */
export interface Server {
  /** A host name, an address, or the directory of a socket; absent: the driver's default. */
  readonly host?: string
  readonly port?: number
}

export interface Servers {
  readonly count: number
  current(): Server
  /** `server` could not be used: the next one has its turn, unless it has already. */
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
