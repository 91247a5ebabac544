/**
 * A proxy in front of a server, to be a bad network: connections that exist fall silent without an end or are cut, new ones are swallowed
 * or cut, or everything that the server says comes late.
 */
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface TcpProxy {
  readonly port: number
  /** Nothing gets through any more on the connections that there are; new ones work. */
  silence(): void
  /** Milliseconds by which each piece of what the server says is late, at least; none overtakes another, as on a real connection. */
  delay(milliseconds: number): void
  /** Cuts all connections and, until it is called with false, new ones at once. */
  cut(isCut: boolean): void
  /** Where new connections lead. */
  target(port: number): void
  close(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  silent: boolean
}

export async function startProxy(first: number): Promise<TcpProxy> {
  let port = first
  let late = 0
  let isCut = false
  const pairs = new Set<Pair>()
  const listener = createServer((client) => {
    if (isCut) return void client.on('error', () => {}).resetAndDestroy()
    const pair: Pair = { client, server: connect(port, '127.0.0.1'), silent: false }
    const { server } = pair
    pairs.add(pair)
    client.on('data', (bytes) => void (pair.silent || server.write(bytes)))
    let before = Promise.resolve()
    server.on('data', (bytes) => {
      const isDue = sleep(late)
      before = before.then(async () => {
        await isDue
        if (!pair.silent) client.write(bytes)
      })
    })
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => {})
      socket.on('close', () => {
        if (!pair.silent || socket === client) other.destroy()
      })
    }
    client.on('close', () => pairs.delete(pair))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => listener.once('listening', resolve))
  return {
    port: (listener.address() as { port: number }).port,
    silence() {
      for (const pair of pairs) pair.silent = true
    },
    delay(milliseconds) {
      late = milliseconds
    },
    cut(cuts) {
      isCut = cuts
      if (cuts) for (const { client, server } of pairs) for (const socket of [client, server]) socket.destroy()
    },
    target(next) {
      port = next
    },
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve())
        for (const { client, server } of pairs) for (const socket of [client, server]) socket.destroy()
      }),
  }
}
