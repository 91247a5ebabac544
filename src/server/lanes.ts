/**
 * Pipelined requests (RFC 9112, 9.3.2), a few at a time: each connection has a lane in which at most MOST requests are under way. Node
 * hands over whatever a connection has sent, as long as nothing was answered; here the others wait, the socket is not read
 * meanwhile, and what still waits when the connection is gone is never begun.
 *
 * Memory: what waits is what stood in the last bytes that were read, 64 KiB.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

type Begin = () => void

const MOST = 2

interface Lane {
  underWay: number
  readonly waiting: Begin[]
}

/** Has `listener` answer the requests of a server, lane by lane. */
export function inLanes(server: Server, listener: (incoming: IncomingMessage, answer: ServerResponse) => void): void {
  const lanes = new WeakMap<Socket, Lane>()

  const open = (socket: Socket): Lane => {
    const lane: Lane = { underWay: 0, waiting: [] }
    lanes.set(socket, lane)
    // Reading the body of a request that is under way resumes the socket: it would go on with the next requests.
    socket.on('resume', () => {
      if (lane.waiting.length > 0) socket.pause()
    })
    socket.once('close', () => {
      lane.waiting.length = 0
    })
    return lane
  }

  server.on('request', (incoming: IncomingMessage, answer: ServerResponse) => {
    const { socket } = incoming
    const lane = lanes.get(socket) ?? open(socket)
    const begin = (): void => {
      lane.underWay += 1
      answer.once('close', () => {
        lane.underWay -= 1
        if (!socket.destroyed) lane.waiting.shift()?.()
        if (lane.waiting.length === 0 && socket.isPaused()) socket.resume()
      })
      listener(incoming, answer)
    }
    if (lane.underWay < MOST) return begin()
    lane.waiting.push(begin)
    socket.pause()
  })
}
