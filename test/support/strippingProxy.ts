/** A reverse proxy that serves what is behind it below a path of its own, and takes the path away before it hands a request on. */
import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StrippingProxy {
  /** Without a slash at its end. */
  readonly url: string
  /** Where requests go from now on. */
  forwardTo(url: string): void
  close(): Promise<void>
}

export async function openStrippingProxy(path: string): Promise<StrippingProxy> {
  let behind: URL | undefined
  const server = createServer((incoming, answer) => {
    const { method = 'GET', url = '/', headers } = incoming
    if (behind === undefined || !url.startsWith(`${path}/`))
      return void answer.writeHead(404, { 'content-type': 'text/plain' }).end('proxy')
    const { hostname, port } = behind
    const outgoing = httpRequest({ hostname, port, method, path: url.slice(path.length), headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.rawHeaders)
      response.pipe(answer)
    })
    outgoing.on('error', () => answer.destroy())
    incoming.pipe(outgoing)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
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
