/**
 * Reads a request's body, at most LIMIT bytes. A longer one is drained, up to MAX_DRAIN, before anything is answered, so
 * that a client that writes first and reads later gets to see the 413.
 */
export const LIMIT = 100 * 1024
const MAX_DRAIN = 8 * 1024 * 1024

export interface Body {
  readonly bytes: Uint8Array
  readonly tooLarge: boolean
}

const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS'])

/** Whether the body of a method means nothing, and is not read. */
export const isBodiless = (method: string): boolean => BODILESS.has(method)

const NONE: Body = { bytes: new Uint8Array(), tooLarge: false }

/** @throws if the client breaks off */
export async function readBody(request: Request): Promise<Body> {
  if (request.body === null || isBodiless(request.method)) return NONE
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength
    if (length <= LIMIT) chunks.push(chunk)
    if (length > MAX_DRAIN) break
  }
  return length > LIMIT ? { bytes: new Uint8Array(), tooLarge: true } : { bytes: Buffer.concat(chunks), tooLarge: false }
}
