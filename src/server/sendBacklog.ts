/**
 * Answers that clients have not taken yet, in bytes: at most `most`. Beyond that, of the client address that holds the most, the connection
 * that has waited longest is closed. Small answers are not counted: a connection has at most two.
 *
 * Cost: nothing for small answers; one look at the addresses that hold answers when there is no room.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Bytes up to which an answer is small. */
const SMALL = 16 * 1024

interface Waiting {
  readonly bytes: number
  readonly cut: () => void
}

interface Client {
  bytes: number
  /** The oldest first. */
  readonly answers: Set<Waiting>
}

export interface SendBacklog {
  /** Counts an answer of so many bytes until it is taken or its connection closes. */
  add(bytes: number, incoming: IncomingMessage, outgoing: ServerResponse): void
}

export function createSendBacklog(most: number): SendBacklog {
  const clients = new Map<string, Client>()
  let total = 0

  const remove = (address: string, waiting: Waiting): void => {
    const client = clients.get(address)
    if (client?.answers.delete(waiting) !== true) return
    client.bytes -= waiting.bytes
    total -= waiting.bytes
    if (client.answers.size === 0) clients.delete(address)
  }

  const cutOne = (): void => {
    const [address, { answers }] = [...clients].reduce((one, other) => (other[1].bytes > one[1].bytes ? other : one))
    const [oldest] = answers
    if (oldest === undefined) return
    remove(address, oldest)
    oldest.cut()
  }

  return {
    add(bytes, { socket }, outgoing) {
      if (bytes <= SMALL) return
      const address = socket.remoteAddress ?? ''
      const waiting = { bytes, cut: () => void socket.destroy() }
      const client = clients.get(address) ?? { bytes: 0, answers: new Set() }
      clients.set(address, client)
      client.answers.add(waiting)
      client.bytes += bytes
      total += bytes
      outgoing.once('close', () => remove(address, waiting))
      while (total > most) cutOne()
    },
  }
}
