/**
 * Requests and answers of the Fetch standard.
 */
import type { Handler, HttpAnswer, HttpRequest } from './message.ts'

/** What a server knows of a request in addition to its text. */
export type Arrival = Partial<Pick<HttpRequest, 'remoteAddress' | 'isGone'>>

export type Fetch = (request: Request, arrival?: Arrival) => Promise<Response>

const streamOf = (chunks: AsyncIterable<string | Uint8Array>): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder()
  const iterator = chunks[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done === true) controller.close()
      else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}

const bodyOf = (body: HttpAnswer['body']): BodyInit | null =>
  body === null || typeof body === 'string' ? body : body instanceof Uint8Array ? new Uint8Array(body) : streamOf(body)

export const toFetch =
  (answer: Handler): Fetch =>
  async (request, { remoteAddress, isGone = () => false } = {}) => {
    const { method, url, headers, body: stream } = request
    const { status, headers: sent, body } = await answer({ method, url: new URL(url), headers, body: stream, remoteAddress, isGone })
    return new Response(bodyOf(body), { status, headers: [...sent] as [string, string][] })
  }
