/**
 * The HTTP server. It listens before there is an app and answers 503 until `serve` hands one in.
 *
 * What never becomes a request ends here and reaches no app: broken framing (400), headers or bodies that take too long (408), too
 * many headers (431), an expectation that nobody meets (417), a bad Host or target (400), `OPTIONS *`, and TRACE and CONNECT (501).
 * Closing lets open requests finish for up to 10 s.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { Log } from '../domain/base/ports.ts'
import type { Handler, HttpAnswer, HttpRequest } from '../http/message.ts'
import { nobody, type Observer, refused } from '../http/observer.ts'
import { bind } from './bind.ts'
import { trackConnections } from './connections.ts'
import { inLanes } from './lanes.ts'
import { isGone, requestOf, send } from './nodeAdapter.ts'
import { refuseBroken } from './nodeRefusals.ts'
import { createRefusals } from './refusals.ts'
import { createSendBacklog } from './sendBacklog.ts'

export interface Listening {
  readonly port: number
  serve(handler: Handler): void
  close(): Promise<void>
}

const PATIENCE_MS = 10_000
const LAST_CALL_MS = 1_000
const SEND_BACKLOG = 64 * 1024 * 1024
/** In ms. `headersTimeout` counts from the start of the connection too, `timeout` from the last byte that was read or taken. */
export const TIMEOUTS = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 65_000, timeout: 60_000 }
/** How often expired requests are looked for, in ms. */
const CHECKING_MS = 5_000

/** The methods that the server as a whole knows. */
const SERVER_ALLOWS = 'GET, HEAD, POST, PUT, DELETE, OPTIONS'

/** Undefined for a bad target or Host. */
const readRequest = (incoming: IncomingMessage): HttpRequest | undefined => {
  try {
    return requestOf(incoming)
  } catch {
    return undefined
  }
}

interface ListenOptions {
  readonly host: string
  readonly port: number
  readonly log: Log
  /** Is shown what the app never gets. */
  readonly observer?: Observer
  /** PUBLIC_URL, where clients reach the server. */
  readonly publicUrl: string
  /** How long a silent connection is left open after the end, in ms. */
  readonly lastCall?: number
  readonly timeouts?: typeof TIMEOUTS
  /** Bytes of answers that may wait for their clients to take them. */
  readonly sendBacklog?: number
}

/** @throws {StartupError} when the address cannot be had. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const {
    host,
    port,
    log,
    publicUrl,
    observer = nobody,
    lastCall = LAST_CALL_MS,
    timeouts = TIMEOUTS,
    sendBacklog = SEND_BACKLOG,
  } = options
  const refusals = createRefusals(publicUrl)
  const { refusal } = refusals
  let handler: Handler | undefined
  /** What the app does not answer has its id in a header. */
  const refuse = ({ method, socket }: IncomingMessage, answered: HttpAnswer): HttpAnswer => {
    const { status, headers } = answered
    observer.answered(refused({ requestId: headers.get('x-request-id') ?? '', method, status, address: socket.remoteAddress }))
    return answered
  }
  const answer = async (incoming: IncomingMessage): Promise<HttpAnswer> => {
    if (incoming.method === 'OPTIONS' && incoming.url === '*') return refuse(incoming, refusals.serverOptions(SERVER_ALLOWS))
    if (incoming.method === 'TRACE') return refuse(incoming, refusal(501, 'Not implemented'))
    const request = readRequest(incoming)
    if (request === undefined) return refuse(incoming, refusal(400, 'Bad request'))
    if (handler === undefined) return refuse(incoming, refusals.whileStarting(request))
    try {
      return await handler(request)
    } catch (error) {
      if (isGone(incoming)) return refuse(incoming, refusal(400, 'The request was broken off'))
      log.error({ err: error }, 'a request ended in a fault')
      return refuse(incoming, refusal(500, 'Internal server error'))
    }
  }
  const { timeout, ...ofRequests } = timeouts
  const checking = Math.min(CHECKING_MS, timeouts.headersTimeout)
  const server = createServer({ ...ofRequests, connectionsCheckingInterval: checking, joinDuplicateHeaders: true })
  server.timeout = timeout
  const backlog = createSendBacklog(sendBacklog)
  const connections = trackConnections(server)
  inLanes(server, async (incoming, outgoing) => {
    try {
      await send(await answer(incoming), { incoming, outgoing, backlog })
    } catch (error) {
      log.error({ err: error }, 'an answer broke off')
      outgoing.destroy()
    }
  })
  refuseBroken(server, connections, refusals, observer)
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
