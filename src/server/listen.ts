/**
 * The HTTP server. It listens before there is an app and answers 503 until `serve` hands one in.
 *
 * What never becomes a request ends here and reaches no app: broken framing (400), headers or bodies that take too long (408), too
 * many headers (431), an expectation that nobody meets (417), a bad Host or target (400), `OPTIONS *`, and TRACE and CONNECT (501).
 * Closing lets open requests finish for up to 10 s.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Log } from '../domain/base/ports.ts'
import { bind } from './bind.ts'
import { trackConnections } from './connections.ts'
import { inLanes } from './lanes.ts'
import { refuseBroken } from './nodeRefusals.ts'
import { refusal, whileStarting } from './refusals.ts'

/** What an app is told of a request beside itself. */
export interface Arrival {
  readonly remoteAddress?: string
  /** Whether nobody is there any more to read an answer. */
  readonly isGone: () => boolean
}

export type Handler = (request: Request, arrival: Arrival) => Response | Promise<Response>

export interface Listening {
  readonly port: number
  serve(handler: Handler): void
  close(): Promise<void>
}

const PATIENCE_MS = 10_000
const LAST_CALL_MS = 500
const TIMEOUTS = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 5_000 }

const isGone = (incoming: IncomingMessage): boolean => incoming.errored !== null || incoming.socket.destroyed

const arrivalOf = (incoming: IncomingMessage): Arrival => {
  const { remoteAddress } = incoming.socket
  return { ...(remoteAddress === undefined ? {} : { remoteAddress }), isGone: () => isGone(incoming) }
}

/** What the server as a whole knows (RFC 9110, 9.3.7). */
const SERVER_ALLOWS = 'GET, HEAD, POST, PUT, DELETE, OPTIONS'

/** Answers `OPTIONS *`; writes the scheme of a whole URL in small letters, which Hono reads (RFC 3986, 3.1: it has no case). */
const prepared =
  (listener: (incoming: IncomingMessage, answer: ServerResponse) => void) =>
  (incoming: IncomingMessage, answer: ServerResponse): void => {
    if (incoming.method === 'OPTIONS' && incoming.url === '*') {
      answer.writeHead(204, { allow: SERVER_ALLOWS, 'cache-control': 'no-store' }).end()
      return
    }
    incoming.url = incoming.url?.replace(/^https?:\/\//i, (scheme) => scheme.toLowerCase())
    listener(incoming, answer)
  }

interface ListenOptions {
  readonly host: string
  readonly port: number
  readonly log: Log
  /** How long a silent connection is left open after the end, in ms. */
  readonly lastCall?: number
}

/** @throws {StartupError} when the address cannot be had. */
export async function listen({ host, port, log, lastCall = LAST_CALL_MS }: ListenOptions): Promise<Listening> {
  let handler: Handler = whileStarting
  const answer = async (request: Request, incoming: IncomingMessage): Promise<Response> => {
    try {
      return request.method === 'TRACE' ? refusal(501, 'Not implemented') : await handler(request, arrivalOf(incoming))
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
  const server = createServer(TIMEOUTS)
  const connections = trackConnections(server)
  inLanes(server, prepared(listener))
  refuseBroken(server, connections)
  const actual = await bind(server, host, port)
  server.on('error', (error) => log.error({ err: error }, 'a connection could not be accepted'))
  return {
    port: actual,
    serve: (given) => {
      handler = given
    },
    async close() {
      const cut = await connections.end(PATIENCE_MS, lastCall)
      if (cut > 0) log.warn({ connections: cut }, 'cut the requests that did not finish in time')
    },
  }
}
