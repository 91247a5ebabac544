/**
 * The answers of the server without the app: while the database is being opened, to invalid requests, and after an error that the app did
 * not catch. They have the form of the app's own answers outside every mount.
 */
import { randomUUID } from 'node:crypto'
import { answerOf, plainAnswer } from '../http/answers.ts'
import type { HttpAnswer, HttpRequest } from '../http/message.ts'
import { commonHeaders } from '../http/responseHeaders.ts'

/** In seconds. */
export const START_TAKES_ABOUT_S = 2

interface PlainRefusal {
  readonly requestId: string
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: string
}

export interface Refusals {
  /** A plain JSON answer with a request id of its own. */
  refusal(status: number, message: string, headers?: Readonly<Record<string, string>>): HttpAnswer
  /** The same as text, for where Node has no answer to send it by. */
  plainRefusal(message: string): PlainRefusal
  /** Answers until there is an app, or what answers in the forms of its surfaces (`starting.ts`): alive, but not ready. */
  whileStarting(request: HttpRequest): HttpAnswer
  /** What the server as a whole knows: `OPTIONS *` (RFC 9110, 9.3.7). */
  serverOptions(allow: string): HttpAnswer
}

/** The answers of a server whose clients come to `publicUrl`. */
export function createRefusals(publicUrl: string): Refusals {
  const headersOf = (requestId: string) => ({ ...commonHeaders(publicUrl), 'x-request-id': requestId })
  const refusal: Refusals['refusal'] = (status, message, headers = {}) => {
    const requestId = randomUUID()
    return plainAnswer(status, message, requestId, { ...headersOf(requestId), ...headers })
  }
  return {
    refusal,
    plainRefusal(message) {
      const requestId = randomUUID()
      const body = JSON.stringify({ message, request_id: requestId })
      const ofBody = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) }
      return { requestId, headers: { ...ofBody, ...headersOf(requestId) }, body }
    },
    whileStarting({ url, method }) {
      const alive = url.pathname === '/healthz' && ['GET', 'HEAD'].includes(method)
      return alive ? refusal(200, 'Starting') : refusal(503, 'Starting', { 'retry-after': String(START_TAKES_ABOUT_S) })
    },
    serverOptions: (allow) => answerOf(204, null, { ...headersOf(randomUUID()), allow }),
  }
}
