/** A handler of the HTTP server that is written with the Request and Response of Fetch. */
import { HeaderFields } from '../../src/http/headers.ts'
import type { Handler, HttpRequest } from '../../src/http/message.ts'

type Handle = (request: Request, from: Pick<HttpRequest, 'remoteAddress'>) => Response | Promise<Response>

export const fetchHandler =
  (handle: Handle): Handler =>
  async ({ method, url, headers, body, remoteAddress }) => {
    const hasBody = body !== null && method !== 'GET' && method !== 'HEAD'
    const stream = hasBody ? { body: body as unknown as BodyInit, duplex: 'half' as const } : {}
    const response = await handle(new Request(url, { method, headers: [...headers] as [string, string][], ...stream }), { remoteAddress })
    const { status, headers: sent, body: answered } = response
    const isText = sent.has('content-type')
    return {
      status,
      headers: new HeaderFields(sent),
      body: isText ? await response.text() : (answered as AsyncIterable<Uint8Array> | null),
    }
  }
