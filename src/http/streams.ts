/**
 * The bodies of answers that are sent as they come.
 */
import type { HttpAnswer } from './message.ts'
import type { Shares } from './shares.ts'

type Body = HttpAnswer['body']
type Stream = Extract<Body, AsyncIterable<unknown>>

export const isStream = (body: Body): body is Stream => body !== null && typeof body === 'object' && Symbol.asyncIterator in body

/** How a stream ended: it was read to its end, it threw, or its reader left. */
export type StreamEnd = 'whole' | 'failed' | 'left'

/** The same stream; `ended` is called once, also where the reader leaves before the first part. */
export const watchedToEnd = (stream: Stream, ended: (how: StreamEnd) => void): AsyncIterableIterator<string | Uint8Array> => {
  const parts = stream[Symbol.asyncIterator]()
  let isOpen = true
  const end = (how: StreamEnd): void => {
    if (isOpen) ended(how)
    isOpen = false
  }
  const watched: AsyncIterableIterator<string | Uint8Array> = {
    [Symbol.asyncIterator]: () => watched,
    async next() {
      try {
        const part = await parts.next()
        if (part.done === true) end('whole')
        return part
      } catch (error) {
        end('failed')
        throw error
      }
    },
    async return() {
      end('left')
      await parts.return?.()
      return { done: true, value: undefined }
    },
  }
  return watched
}

/** The same stream, with each part produced within `work`, because the reader of a stream is outside the request. */
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

/** The same stream, counted from its first part to its end; one that nobody begins to read costs nothing. */
export async function* countedIn(stream: Stream, shares: Shares, client: string): AsyncGenerator<string | Uint8Array> {
  shares.count(client, 1)
  try {
    yield* stream
  } finally {
    shares.count(client, -1)
  }
}
