/**
 * Reads a request's body, at most LIMIT bytes, if there is memory for it (`bodyRoom.ts`). Of a longer body, or one without memory, up to
 * MAX_DRAIN bytes are read and discarded before the answer, so that a client that writes first and reads later sees the 413 or 503.
 *
 * Memory: one buffer, which grows with the bytes that have arrived, whatever length was announced.
 */
import type { BodyRoom, Hold } from './bodyRoom.ts'
import type { GuardedRequest, HttpRequest } from './message.ts'

export const LIMIT = 100 * 1024
const MAX_DRAIN = 8 * 1024 * 1024
const FIRST = 1024

type Read = Pick<GuardedRequest, 'body' | 'tooLarge' | 'overloaded'>

const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS'])

/** Whether a method has no body that means anything; it is not read. */
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

  /** Doubles the buffer until it is long enough, so that bytes are copied only a few times. Returns whether there is memory for it. */
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
