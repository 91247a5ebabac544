/**
 * The bodies of answers that are sent as they come.
 */
import type { HttpAnswer } from './message.ts'

type Body = HttpAnswer['body']
type Stream = Extract<Body, AsyncIterable<unknown>>

export const isStream = (body: Body): body is Stream => body !== null && typeof body === 'object' && Symbol.asyncIterator in body

/** The same stream, each part of which is made within `work`: whoever reads a stream does so outside of the request. */
export async function* madeWithin(stream: Stream, work: <T>(make: () => T) => T): AsyncGenerator<string | Uint8Array> {
  const parts = stream[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value } = await work(() => parts.next())
      if (done === true) return
      yield value
    }
  } finally {
    await parts.return?.()
  }
}
