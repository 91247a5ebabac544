/**
 * Requests that `fetch` does not make: any bytes over a socket, read only when all of them are written, and any method
 * with any body.
 */
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Answer, World } from '../support/world.ts'

const CRLF = '\r\n'

export interface RawAnswer {
  readonly status: number
  readonly head: string
  readonly body: string
}

export const parseAnswer = (bytes: string): RawAnswer => {
  const end = bytes.indexOf(CRLF + CRLF)
  const head = end < 0 ? bytes : bytes.slice(0, end)
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]), head, body: end < 0 ? '' : bytes.slice(end + 4) }
}

/** Writes all `parts`, and only then begins to read, until the server closes. */
export const say = async (world: World, ...parts: readonly (string | Uint8Array)[]): Promise<string> => {
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
  socket.pause()
  socket.on('error', () => undefined)
  for (const part of parts) {
    await new Promise<void>((resolve) => {
      socket.write(part, () => resolve())
    })
  }
  return await text(socket)
}

/** The head of a request that closes its connection. */
export const head = (line: string, ...headers: readonly string[]): string =>
  [`${line} HTTP/1.1`, 'Host: vestibule.test', 'Connection: close', ...headers, '', ''].join(CRLF)

/** One request through Node's own client, which sends a body with any method. */
export const send = async (
  world: World,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Readonly<Record<string, string>>; body?: string | Uint8Array } = {},
): Promise<Answer> => {
  const answer = await new Promise<Answer>((resolve, reject) => {
    const { hostname, port } = new URL(world.url)
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const outgoing = httpRequest({ hostname, port, method, path, headers: { ...length, ...headers }, agent: false }, (incoming) => {
      text(incoming).then((all) => {
        const answered = new Headers(Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]))
        const isJson = answered.get('content-type')?.includes('json') === true && all !== ''
        resolve({ status: incoming.statusCode ?? 0, headers: answered, text: all, body: isJson ? JSON.parse(all) : undefined })
      }, reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
  await world.app.outbox.idle()
  world.conforms(method, path, answer)
  return answer
}
