/**
 * Reads a request's body, at most LIMIT bytes, as far as there is room (`bodyRoom.ts`). A longer one, or one that found no room, is
 * drained, up to MAX_DRAIN, before anything is answered, so that a client that writes first and reads later gets to see the 413 or 503.
 *
 * Memory: one buffer, which grows with what has come, whatever length was announced and in however small pieces it comes.
 */
import type { BodyRoom, Hold } from './bodyRoom.ts'
import type { GuardedRequest, HttpRequest } from './message.ts'

export const LIMIT = 100 * 1024
const MAX_DRAIN = 8 * 1024 * 1024
const FIRST = 1024

type Read = Pick<GuardedRequest, 'body' | 'tooLarge' | 'overloaded'>

const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS'])

/** Whether the body of a method means nothing, and is not read. */
export const isBodiless = (method: string): boolean => BODILESS.has(method)

const EMPTY = new Uint8Array()
const NONE: Read = { body: EMPTY, tooLarge: false, overloaded: false }

/** What is kept of a body. */
class Kept {
  private bytes: Uint8Array | undefined = EMPTY
  private length = 0
  private readonly hold: Hold

  constructor(room: BodyRoom, client: string) {
    this.hold = room.begin(client, () => this.drop())
  }

  add(chunk: Uint8Array): void {
    const length = this.length + chunk.byteLength
    if (this.bytes === undefined || (length > this.bytes.byteLength && !this.grow(this.bytes, length))) return
    this.bytes.set(chunk, this.length)
    this.length = length
  }

  /** Doubles the buffer until it is long enough, so that bytes are copied but a few times. Whether there is room. */
  private grow(bytes: Uint8Array, length: number): boolean {
    let capacity = Math.max(bytes.byteLength, FIRST)
    while (capacity < length) capacity *= 2
    capacity = Math.min(capacity, LIMIT)
    if (!this.hold.take(capacity - bytes.byteLength)) {
      this.drop()
      return false
    }
    this.bytes = new Uint8Array(capacity)
    this.bytes.set(bytes)
    return true
  }

  drop(): void {
    this.bytes = undefined
    this.hold.end()
  }

  /** What was kept; undefined if it was dropped. */
  end(): Uint8Array | undefined {
    const bytes = this.bytes?.subarray(0, this.length)
    this.drop()
    return bytes
  }
}

/** @throws if the client breaks off */
export async function readBody({ method, body }: HttpRequest, room: BodyRoom, client: string): Promise<Read> {
  if (body === null || isBodiless(method)) return NONE
  const kept = new Kept(room, client)
  let length = 0
  try {
    for await (const chunk of body) {
      length += chunk.byteLength
      if (length <= LIMIT) kept.add(chunk)
      else kept.drop()
      if (length > MAX_DRAIN) break
    }
    const bytes = kept.end()
    if (length > LIMIT) return { ...NONE, tooLarge: true }
    return bytes === undefined ? { ...NONE, overloaded: true } : { ...NONE, body: bytes }
  } finally {
    kept.drop()
  }
}
