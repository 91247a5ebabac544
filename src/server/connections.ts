/**
 * The open connections of a server, and how they are closed. When closing begins, each answer is the last of its connection and says so
 * (`Connection: close`, RFC 9112, 9.6). A client may be sending a request on a silent connection just then; silent connections are closed
 * after `lastCall` ms, and so are those whose last answer was begun before closing and promised to keep them. After `patience` ms all
 * others are cut.
 *
 * Node's own `closeIdleConnections` ignores connections that never sent a byte (browsers open such), and an answer that was begun before
 * closing keeps its connection alive; so connections are tracked here.
 */
import type { Server, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as delay, setImmediate as nextPoll } from 'node:timers/promises'

export interface Connections {
  /** Whether an answer may be written to a connection without being taken for the answer to another request. */
  mayAnswer(socket: Duplex): boolean
  /** Resolves when all are closed, with the number of those that were cut; both times in ms. */
  end(patience: number, lastCallTime: number): Promise<number>
}

const lastAnswer = (answer: ServerResponse): void => {
  if (!answer.headersSent) answer.shouldKeepAlive = false
}

export function trackConnections(server: Server): Connections {
  const open = new Map<Duplex, Set<ServerResponse>>()
  let ending = false
  let lastCall = 0

  server.on('connection', (socket: Socket) => {
    open.set(socket, new Set())
    socket.once('close', () => open.delete(socket))
  })
  server.on('request', ({ socket }, answer) => {
    const answers = open.get(socket)
    answers?.add(answer)
    if (ending) lastAnswer(answer)
    answer.once('close', () => {
      answers?.delete(answer)
      if (!ending || answers?.size !== 0) return
      if (answer.shouldKeepAlive) void closeIfSilent([socket])
      else socket.destroySoon()
    })
  })

  /** After the last call, and after what arrived within it is read. */
  const closeIfSilent = async (sockets: Iterable<Duplex>): Promise<void> => {
    await delay(lastCall)
    await nextPoll()
    for (const socket of sockets) if (open.get(socket)?.size === 0) socket.destroy()
  }

  return {
    mayAnswer(socket) {
      const [first, ...others] = open.get(socket) ?? []
      return others.length === 0 && first?.headersSent !== true
    },
    async end(patience, lastCallTime) {
      ending = true
      lastCall = lastCallTime
      let cut = 0
      // What has arrived counts as accepted, also on a machine that is too busy to have looked at it yet.
      await nextPoll()
      // That of `net`: the one of `http` would close what is silent at once.
      const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
      for (const answers of open.values()) answers.forEach(lastAnswer)
      const timer = setTimeout(() => {
        cut = open.size
        for (const socket of open.keys()) socket.destroy()
      }, patience)
      await Promise.race([closed, closeIfSilent(open.keys())])
      await closed
      clearTimeout(timer)
      return cut
    },
  }
}
