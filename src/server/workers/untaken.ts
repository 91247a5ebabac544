/**
 * A connection that was given to a worker which died before it took it: nobody would ever answer or close it, so it is closed here, and
 * the client sees at once that it has to try again.
 *
 * `node:cluster` keeps such connections in the primary (Node.js 20). What it sends to a worker is seen at the channel: a message
 * `newconn` with the connection, which the worker acknowledges by its number. test/process/workers.test.ts shows that this holds.
 */
import type { ChildProcess } from 'node:child_process'

interface Message {
  readonly act?: string
  readonly seq?: number
  readonly ack?: number
}

interface Handle {
  close(): void
}

type Send = (message: Message, handle?: Handle, ...others: unknown[]) => boolean

/** Call it before a worker has got anything. */
export function closeUntaken(worker: ChildProcess): void {
  const given = new Map<number, Handle>()
  let isGone = false
  const closeAll = (): void => {
    isGone = true
    for (const handle of given.values()) handle.close()
    given.clear()
  }
  const send = worker.send.bind(worker) as Send
  const noting: Send = (message, handle, ...others) => {
    if (message.act === 'newconn' && message.seq !== undefined && handle !== undefined) given.set(message.seq, handle)
    const sent = send(message, handle, ...others)
    if (isGone) closeAll()
    return sent
  }
  Object.assign(worker, { send: noting })
  worker.on('internalMessage', ({ ack }: Message) => {
    if (ack !== undefined) given.delete(ack)
  })
  worker.once('exit', closeAll).once('disconnect', closeAll)
}
