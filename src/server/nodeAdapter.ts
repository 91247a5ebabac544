/**
 * Requests and answers of `node:http`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RequestHeaders } from '../http/headers.ts'
import type { HttpAnswer, HttpRequest } from '../http/message.ts'
import { isStream } from '../http/streams.ts'
import type { SendBacklog } from './sendBacklog.ts'

/** How long the rest of a body that nobody read may take to come, in ms. */
const REST_MS = 500

export const isGone = (incoming: IncomingMessage): boolean => incoming.errored !== null || incoming.socket.destroyed

/** Hosts that the URL parser can only rewrite by completing an IPv4 address (`127.1`). */
const PLAIN_HOST = /^[\w.-]+(?::\d+)?$/

/**
 * The URL of a request: its target is a path or a whole URL without a user, whose scheme has no case (RFC 3986, 3.1). Its Host must be
 * the name of a host and nothing else, and be there once (RFC 9112, 3.2). @throws {TypeError} if they are not
 */
const urlOf = ({ url: target = '', headers }: IncomingMessage): URL => {
  const host = headers.host || 'localhost'
  if (/[\s,]/.test(host)) throw new TypeError('more than one Host')
  if (/^[^?]*\\/.test(target)) throw new TypeError('a backslash in the path')
  if (/^https?:\/\//i.test(target)) {
    const url = new URL(target)
    if (url.username !== '' || url.password !== '') throw new TypeError('a user in the target')
    return url
  }
  if (!target.startsWith('/')) throw new TypeError('the target is not a path')
  const url = new URL(`http://${host}${target}`)
  if (!PLAIN_HOST.test(host) && url.hostname !== host.replace(/:\d+$/, '').toLowerCase()) throw new TypeError('the Host is not a host')
  return url
}

/** The server's `joinDuplicateHeaders` makes a header that is repeated one with all its values (RFC 9110, 5.3). */
class IncomingHeaders implements RequestHeaders {
  private readonly fields: IncomingMessage['headers']

  constructor({ headers }: IncomingMessage) {
    this.fields = headers
  }

  get(name: string): string | null {
    const value = this.fields[name]
    return typeof value === 'string' ? value : (value?.join(', ') ?? null)
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined
  }

  *[Symbol.iterator](): Iterator<readonly [string, string]> {
    for (const name of Object.keys(this.fields)) yield [name, this.get(name) ?? '']
  }
}

/** @throws {TypeError} for a bad target or Host */
export const requestOf = (incoming: IncomingMessage): HttpRequest => ({
  method: incoming.method ?? 'GET',
  url: urlOf(incoming),
  headers: new IncomingHeaders(incoming),
  // Whoever stops reading has the connection still to answer on.
  body: incoming.iterator({ destroyOnReturn: false }),
  remoteAddress: incoming.socket.remoteAddress,
  isGone: () => isGone(incoming),
})

/** Closes a connection if the rest of a body keeps arriving that nobody reads. */
const endWithoutRest = (incoming: IncomingMessage): void => {
  if (incoming.complete || incoming.destroyed) return
  incoming.resume()
  setTimeout(() => {
    if (!incoming.complete) incoming.socket.destroySoon()
  }, REST_MS).unref()
}

/** The parts of a stream. Errors are reported, also those that Node throws when the reader is gone. */
async function* watched<Part>(parts: AsyncIterable<Part>, report: (fault: unknown) => void): AsyncGenerator<Part> {
  try {
    yield* parts
  } catch (fault) {
    report(fault)
    throw fault
  }
}

/**
 * Sends a stream. It ends when its connection closes, even while it waits for the answer to an earlier request. @throws the error of the
 * stream
 */
const sendStream = async (
  parts: AsyncIterable<string | Uint8Array>,
  { socket }: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> => {
  let fault: unknown
  const iterator = parts[Symbol.asyncIterator]()
  const reported = watched({ [Symbol.asyncIterator]: () => iterator }, (error) => {
    if (!outgoing.destroyed) fault = error
  })
  const source = Readable.from(reported, { objectMode: false })
  const end = () => source.destroy()
  if (socket.destroyed) end()
  socket.once('close', end)
  await pipeline(source, outgoing).catch(() => outgoing.destroy())
  // Where the reader left before the first part, nothing else ends it.
  await iterator.return?.()
  socket.off('close', end)
  if (fault !== undefined) throw fault
}

export interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly backlog: SendBacklog
}

/** Sends an answer. A client that leaves is not an error. @throws if the answer cannot be sent, or its stream fails */
export async function send({ status, headers, body }: HttpAnswer, { incoming, outgoing, backlog }: Exchange): Promise<void> {
  outgoing.once('finish', () => endWithoutRest(incoming))
  if (isStream(body)) {
    outgoing.writeHead(status, headers.toList())
    return await sendStream(body, incoming, outgoing)
  }
  const bytes = body === null ? 0 : Buffer.byteLength(body)
  if (body !== null) headers.set('content-length', String(bytes))
  outgoing.writeHead(status, headers.toList())
  outgoing.end(body ?? undefined)
  backlog.add(bytes, incoming, outgoing)
}
