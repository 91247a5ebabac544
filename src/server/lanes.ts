/**
 * Pipelined requests (RFC 9112, 9.3.2), a few at a time: of each connection at most MOST requests run at once. Node passes on all requests
 * that have arrived on a connection; here the others wait, and meanwhile the socket is not read. Requests that still wait when the
 * connection closes are dropped.
 *
 * Node parses all that it has read, up to 64 KiB: 2,600 requests, which take 5 MB. A connection with more than WAITING of them is closed, as a
 * server may do (RFC 9112, 9.3.2), so that they are garbage at once.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

type Begin = () => void

const MOST = 2
/** Requests of a connection that may wait. */
const WAITING = 500

interface Lane {
  underWay: number
  readonly waiting: Begin[]
}

/** Calls `listener` for the requests of a server, at most MOST at once for each connection. */
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
    if (socket.destroyed) return
    if (lane.underWay < MOST) return begin()
    if (lane.waiting.length >= WAITING) return void socket.destroy()
    lane.waiting.push(begin)
    socket.pause()
  })
}
