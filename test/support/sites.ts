/**
 * Web sites for the browser tests: an empty page on a port of its own, and on request a proxy that makes one origin of that
 * page and a server behind it, and remembers what passed.
 */
import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Passed {
  readonly method: string
  readonly path: string
  readonly cookie: string | undefined
  readonly status: number
}

export interface Site {
  readonly port: number
  /** What went to the server behind, in its order. */
  readonly passed: Passed[]
  /** Everything but `/` goes to this server from now on. */
  forwardTo(url: string): void
  close(): Promise<void>
}

const PAGE = '<!doctype html><html lang="en"><title>A page</title><link rel="icon" href="data:,"></html>'

export async function openSite(): Promise<Site> {
  const passed: Passed[] = []
  let behind: URL | undefined
  const forward = (incoming: IncomingMessage, answer: ServerResponse, { hostname, port }: URL) => {
    const { method = 'GET', url: path = '/', headers } = incoming
    const outgoing = httpRequest({ hostname, port, method, path, headers }, (response) => {
      passed.push({ method, path, cookie: headers.cookie, status: response.statusCode ?? 0 })
      answer.writeHead(response.statusCode ?? 502, response.rawHeaders)
      response.pipe(answer)
    })
    outgoing.on('error', () => answer.destroy())
    incoming.pipe(outgoing)
  }
  const server = createServer((incoming, answer) => {
    if (behind !== undefined && incoming.url !== '/') return forward(incoming, answer, behind)
    answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    passed,
    forwardTo: (url) => {
      behind = new URL(url)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
