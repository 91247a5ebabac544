/**
 * Serves the metrics to Prometheus, on a port of their own. METRICS_TOKEN, if set, must come as a bearer token. Of scrapes at once, all get
 * the same answer. Connections on which nobody was allowed anything give way to newer ones, so that they never keep Prometheus out.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Registry } from 'prom-client'
import type { Log } from '../../domain/base/ports.ts'
import { commonHeaders } from '../../http/responseHeaders.ts'
import { bind } from '../bind.ts'

interface Options {
  readonly host: string
  readonly port: number
  readonly token: string | undefined
  readonly text: () => Promise<string>
  readonly log: Log
}

export interface MetricsServer {
  readonly port: number
  close(): Promise<void>
}

const CONNECTIONS = 40
const STRANGERS = 20
const TIMEOUTS = { headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 65_000 }

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const answerPlain = (answer: ServerResponse, status: number, text: string, headers: Readonly<Record<string, string>> = {}): void => {
  answer.writeHead(status, { ...commonHeaders('http:'), 'content-type': 'text/plain; charset=utf-8', ...headers }).end(text)
}

/** Beyond STRANGERS, the oldest connection is closed that was not yet admitted. */
const admitting = (server: Server): ((socket: Socket) => void) => {
  const strangers = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    strangers.add(socket)
    socket.once('close', () => strangers.delete(socket))
    const [oldest] = strangers
    if (strangers.size > STRANGERS) oldest?.destroy()
  })
  return (socket) => strangers.delete(socket)
}

/** @throws {StartupError} when the address cannot be had */
export async function serveMetrics({ host, port, token, text, log }: Options): Promise<MetricsServer> {
  const wanted = token === undefined ? undefined : digest(`Bearer ${token}`)
  const isAllowed = ({ headers: { authorization = '' } }: IncomingMessage) =>
    wanted === undefined || timingSafeEqual(digest(authorization), wanted)
  let reading: Promise<string> | undefined
  const read = (): Promise<string> => {
    reading ??= text().finally(() => {
      reading = undefined
    })
    return reading
  }
  const server = createServer(TIMEOUTS, async (request, answer) => {
    request.resume()
    if (request.url?.split('?')[0] !== '/metrics') return answerPlain(answer, 404, 'Not found\n')
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answerPlain(answer, 405, 'Method not allowed\n', { allow: 'GET, HEAD' })
    if (!isAllowed(request)) return answerPlain(answer, 401, 'Unauthorized\n', { 'www-authenticate': 'Bearer' })
    admit(request.socket)
    try {
      answerPlain(answer, 200, await read(), { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE })
    } catch (error) {
      log.error({ err: error }, 'the metrics could not be read')
      answerPlain(answer, 500, 'Internal server error\n')
    }
  })
  const admit = admitting(server)
  server.maxConnections = CONNECTIONS
  const actual = await bind(server, host, port, { port: 'METRICS_PORT', host: 'METRICS_HOST' })
  server.on('error', (error) => log.error({ err: error }, 'a connection could not be accepted'))
  return {
    port: actual,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
