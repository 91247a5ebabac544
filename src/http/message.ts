/**
 * A request and an answer as everything here reads and writes them. `server/nodeAdapter.ts` makes the one and sends the other over
 * `node:http`, `fetchAdapter.ts` does it for Fetch.
 */
import type { Facts } from './facts.ts'
import type { HeaderFields, RequestHeaders } from './headers.ts'

export interface HttpRequest {
  readonly method: string
  readonly url: URL
  readonly headers: RequestHeaders
  /** The bytes as they come; null where there are none. */
  readonly body: AsyncIterable<Uint8Array> | null
  readonly remoteAddress?: string | undefined
  /** Whether the client has gone, so that nobody reads an answer. */
  readonly isGone: () => boolean
}

/** A request that the guards in front of every surface have read. */
export interface GuardedRequest {
  readonly method: string
  readonly url: URL
  readonly headers: RequestHeaders
  readonly facts: Facts
  /** The whole body; of a method without one, nothing. */
  readonly body: Uint8Array
  readonly tooLarge: boolean
  /** More requests run than LIMIT_REQUESTS allows, or there was no memory for the body: do not begin costly work. */
  readonly overloaded: boolean
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: HeaderFields
  /** A stream is sent as it comes; where it fails, the answer breaks off. */
  readonly body: string | Uint8Array | AsyncIterable<string | Uint8Array> | null
}

export type Handler = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>
