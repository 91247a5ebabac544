/**
 * The open connections of a server, and how they end well: those without a request at once, the others when their answers
 * are out, what hangs after `patience` ms by force.
 *
 * Node's own `closeIdleConnections` leaves alone a connection that never sent a byte (browsers open such), and an answer
 * that was begun before the end keeps its connection alive; hence the bookkeeping.
 */
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  /** Resolves when none is left, with the number of those that were cut. */
  end(patience: number): Promise<number>
}

const lastAnswer = (answer: ServerResponse): void => {
  if (!answer.headersSent) answer.shouldKeepAlive = false
}

export function trackConnections(server: Server): Connections {
  const open = new Map<Socket, Set<ServerResponse>>()
  let ending = false

  server.on('connection', (socket: Socket) => {
    open.set(socket, new Set())
    socket.once('close', () => open.delete(socket))
  })
  server.prependListener('request', ({ socket }, answer) => {
    const answers = open.get(socket)
    answers?.add(answer)
    if (ending) lastAnswer(answer)
    answer.once('close', () => {
      answers?.delete(answer)
      if (ending && answers?.size === 0) socket.destroySoon()
    })
  })

  return {
    async end(patience) {
      ending = true
      let cut = 0
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const [socket, answers] of open) {
        if (answers.size === 0) socket.destroy()
        else answers.forEach(lastAnswer)
      }
      const timer = setTimeout(() => {
        cut = open.size
        for (const socket of open.keys()) socket.destroy()
      }, patience)
      await closed
      clearTimeout(timer)
      return cut
    },
  }
}
