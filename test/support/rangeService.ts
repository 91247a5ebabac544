/**
 * A service of Have I Been Pwned's form on a real socket, which says what a test tells it to and keeps what it was asked.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { afterAll } from 'vitest'

export interface RangeQuestion {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex').toUpperCase()

/** A sound range in which nothing that a test uses stands. */
export const someRange = (lines: readonly string[] = []): string =>
  [`${'0123456789'.repeat(3)}ABCDE:7`, ...lines, `${'F'.repeat(35)}:0`].join('\r\n')

/** The line that names a password, as often seen as `count` says. */
export const lineOf = (password: string, count: number): string => `${sha1(password).slice(5)}:${count}`

export interface RangeService {
  readonly url: string
  readonly questions: RangeQuestion[]
  /** From now on. */
  answer: RequestListener
}

/** A URL at which nobody listens any more. */
export async function deadUrl(): Promise<string> {
  const server = createSocketServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

/** Starts a service; it ends with the file. */
export async function startRangeService(): Promise<RangeService> {
  const questions: RangeQuestion[] = []
  const service: RangeService = { url: '', questions, answer: (_request, response) => response.end(someRange()) }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      questions.push({ method: request.method, path: request.url, headers: request.headers, body })
      service.answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return Object.assign(service, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}
