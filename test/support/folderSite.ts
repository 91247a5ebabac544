/** A folder of static files as a web site, on a port of its own. A path that ends with a slash is its index.html. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' }

export interface FolderSite {
  readonly url: string
  close(): Promise<void>
}

export async function openFolderSite(folder: string): Promise<FolderSite> {
  const server = createServer(async ({ url = '/' }, answer) => {
    const { pathname } = new URL(url, 'http://localhost')
    const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname
    const content = await readFile(join(folder, path)).catch(() => undefined)
    const type = TYPES[extname(path)] ?? 'application/octet-stream'
    answer.writeHead(content === undefined ? 404 : 200, { 'content-type': type, 'cache-control': 'max-age=600' })
    answer.end(content)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
