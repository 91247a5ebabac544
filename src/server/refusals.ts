/**
 * The answers of the server without the app: while the database is being opened, to invalid requests, and after an error that the app did
 * not catch. They have the form of the app's own answers outside every mount.
 */
import { randomUUID } from 'node:crypto'
import { plainAnswer } from '../http/answers.ts'
import type { HttpAnswer, HttpRequest } from '../http/message.ts'

/** In seconds. */
export const START_TAKES_ABOUT_S = 2

/** A plain JSON answer with a request id of its own. */
export function refusal(status: number, message: string, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  const requestId = randomUUID()
  return plainAnswer(status, message, requestId, { 'x-request-id': requestId, 'cache-control': 'no-store', ...headers })
}

interface PlainRefusal {
  readonly requestId: string
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: string
}

/** The same as text, for where Node has no answer to send it by. */
export function plainRefusal(message: string): PlainRefusal {
  const requestId = randomUUID()
  const body = JSON.stringify({ message, request_id: requestId })
  const length = Buffer.byteLength(body)
  return {
    requestId,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': length,
      'x-request-id': requestId,
      'cache-control': 'no-store',
    },
    body,
  }
}

/** Answers until there is an app, or what answers in the forms of its surfaces (`starting.ts`): alive, but not ready. */
export function whileStarting({ url, method }: HttpRequest): HttpAnswer {
  const alive = url.pathname === '/healthz' && ['GET', 'HEAD'].includes(method)
  return alive ? refusal(200, 'Starting') : refusal(503, 'Starting', { 'retry-after': String(START_TAKES_ABOUT_S) })
}
