/** A receiver of webhooks that a test writes byte by byte, so that it can misbehave. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface RawReceiver {
  readonly port: number
  /** What each connection has sent so far. */
  readonly received: string[]
  /** How many connections are open. */
  readonly open: () => number
  close(): Promise<void>
}

/** @param answer called once a request has begun */
export async function startRawReceiver(answer: (socket: Socket) => void): Promise<RawReceiver> {
  const sockets = new Set<Socket>()
  const received: string[] = []
  const server = createServer((socket) => {
    const index = received.push('') - 1
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined)
    socket.on('data', (part) => {
      const isFirst = received[index] === ''
      received[index] += part.toString('latin1')
      if (isFirst) answer(socket)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    received,
    open: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
