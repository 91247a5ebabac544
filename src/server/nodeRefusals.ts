/**
 * The answers to what Node refuses before it is a request, in the form of all other answers outside the mounts: with a type, a body and an
 * id. The connection is then closed, because it is unknown where its next request would begin.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Observer, refused } from '../http/observer.ts'
import type { Connections } from './connections.ts'
import type { Refusals } from './refusals.ts'

type Refused = readonly [status: number, phrase: string, message: string]

const reasons: Readonly<Record<string, Refused>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'Request header fields too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Payload Too Large', 'Payload too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'Request timeout'],
}
const BROKEN: Refused = [400, 'Bad Request', 'Bad request']

type Written = ReturnType<Refusals['plainRefusal']>

const write = (socket: Duplex, [status, phrase]: Refused, { headers, body }: Written): void => {
  const lines = Object.entries({ ...headers, date: new Date().toUTCString(), connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  socket.end(`HTTP/1.1 ${status} ${phrase}\r\n${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

/**
 * Answers in place of Node. If an answer on the connection has begun, or earlier ones are waiting, the connection is closed without one.
 */
export function refuseBroken(
  server: Server,
  { mayAnswer }: Pick<Connections, 'mayAnswer'>,
  { plainRefusal }: Refusals,
  observer: Observer,
): void {
  const observe = (status: number, { requestId }: Written, socket: Duplex): void =>
    observer.answered(refused({ requestId, status, address: (socket as Partial<Socket>).remoteAddress }))
  const refuse = (socket: Duplex, reason: Refused): void => {
    const written = plainRefusal(reason[2])
    write(socket, reason, written)
    observe(reason[0], written, socket)
  }
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (socket.writable && error.code !== 'ECONNRESET' && mayAnswer(socket)) refuse(socket, reasons[error.code ?? ''] ?? BROKEN)
    else socket.destroy()
  })
  server.on('checkExpectation', ({ socket }, answer) => {
    const written = plainRefusal('Expectation failed')
    answer.writeHead(417, written.headers).end(written.body)
    observe(417, written, socket)
  })
  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy())
    refuse(socket, [501, 'Not Implemented', 'Not implemented'])
  })
}
