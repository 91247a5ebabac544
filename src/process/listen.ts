/**
 * The HTTP server. It listens before there is an app and answers 503 until `serve` hands one in.
 *
 * What never becomes a request ends here and reaches no app: broken framing (400, by Node), headers or bodies that take
 * too long (408, by Node), a bad Host or target (400), and TRACE and CONNECT (501). Closing lets open requests finish for
 * up to 10 s.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Log } from '../domain/ports.ts'
import { bind } from './bind.ts'
import { trackConnections } from './connections.ts'
import { refusal, whileStarting } from './refusals.ts'

export type Handler = (request: Request, env: { remoteAddress?: string }) => Response | Promise<Response>

export interface Listening {
  readonly port: number
  serve(handler: Handler): void
  close(): Promise<void>
}

const PATIENCE_MS = 10_000
const TIMEOUTS = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 5_000 }

const refuseTunnels = (server: Server): void => {
  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy())
    socket.end('HTTP/1.1 501 Not Implemented\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  })
}

const remote = ({ socket: { remoteAddress } }: IncomingMessage): { remoteAddress?: string } =>
  remoteAddress === undefined ? {} : { remoteAddress }

/** Nobody is there any more to read an answer. */
const isGone = (incoming: IncomingMessage): boolean => incoming.errored !== null || incoming.socket.destroyed

/** @throws {StartupError} when the address can not be had. */
export async function listen({ host, port, log }: { host: string; port: number; log: Log }): Promise<Listening> {
  let handler: Handler = whileStarting
  const answer = async (request: Request, incoming: IncomingMessage): Promise<Response> => {
    try {
      return request.method === 'TRACE' ? refusal(501, 'Not implemented') : await handler(request, remote(incoming))
    } catch (error) {
      if (isGone(incoming)) return refusal(400, 'The request was broken off')
      log.error({ err: error }, 'a request ended in a fault')
      return refusal(500, 'Internal server error')
    }
  }
  const listener = getRequestListener((request, { incoming }) => answer(request, incoming as IncomingMessage), {
    hostname: 'localhost',
    errorHandler: () => refusal(400, 'Bad request'),
  })
  const server = createServer(TIMEOUTS, listener)
  const connections = trackConnections(server)
  refuseTunnels(server)
  const actual = await bind(server, host, port)
  server.on('error', (error) => log.error({ err: error }, 'a connection could not be accepted'))
  return {
    port: actual,
    serve: (given) => {
      handler = given
    },
    async close() {
      const cut = await connections.end(PATIENCE_MS)
      if (cut > 0) log.warn({ connections: cut }, 'cut the requests that did not finish in time')
    },
  }
}
