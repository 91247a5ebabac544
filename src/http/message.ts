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
  /** Takes a place among the lists of several pages, until the answer is there; false if there is none: do not read the first page. */
  readonly takeListPlace: () => boolean
}

/**
 * What an answer is about, for the access log and the metrics: only words of closed sets, nothing that a request brought.
 */
export interface Subject {
  /** `graphql`, a dialect, or `server` for everything else. */
  readonly surface: string
  /** The path as it is in the table of routes, with names for its parameters. */
  readonly route?: string | undefined
  /** The operation that ran or was refused; of several, all of them, separated by commas. */
  readonly operation?: string | undefined
  /** `OK`, the code of the failure, or what the status says (`outcomes.ts`). */
  readonly outcome?: string | undefined
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: HeaderFields
  /** A stream is sent as it comes; where it fails, the answer breaks off. */
  readonly body: string | Uint8Array | AsyncIterable<string | Uint8Array> | null
  readonly about?: Subject
}

export type Handler = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>
