/**
 * A GraphQL client in one function, without dependencies: `execute(document, variables)`, typed by the document. If the request
 * fails, the result has a kind that says how; failures of mutations are part of the data. With `persisted`, a request has the SHA-256
 * of its document, which is in the server's manifest, instead of its text.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'

export interface ClientOptions {
  readonly url: string
  /** By default that of the platform. */
  readonly fetch?: typeof fetch
  /** The present access token, if there is one. */
  readonly token?: () => string | undefined
  /** Send the hash of a document instead of its text. */
  readonly persisted?: boolean
}

export interface RequestError {
  readonly message: string
  readonly extensions?: { readonly code?: string }
}

export type Outcome<Data> =
  | { readonly kind: 'data'; readonly data: Data }
  /** A query failed, nobody is signed in, or the server did not run the document; the code is in `extensions`. */
  | { readonly kind: 'errors'; readonly status: number; readonly errors: readonly RequestError[] }
  /** The answer is not GraphQL's; it may come from a proxy. */
  | { readonly kind: 'unreadable'; readonly status: number }
  /** There was no answer. */
  | { readonly kind: 'unreachable'; readonly cause: unknown }

/** Optional if the document has no required variables. */
type Variables<Of> = Record<string, never> extends Of ? readonly [variables?: Of] : readonly [variables: Of]

export interface Client {
  execute<Data, Of>(document: TypedDocumentNode<Data, Of>, ...variables: Variables<NoInfer<Of>>): Promise<Outcome<Data>>
}

/** The metadata that the generator adds to each document. */
interface Described {
  readonly __meta__: { readonly hash: string; readonly text: string }
}

const read = async <Data>(response: Response): Promise<Outcome<Data>> => {
  const { status } = response
  const answer = (await response.json().catch(() => null)) as {
    readonly data?: Data | null
    readonly errors?: readonly RequestError[]
  } | null
  if (answer?.errors !== undefined) return { kind: 'errors', status, errors: answer.errors }
  return answer?.data == null ? { kind: 'unreadable', status } : { kind: 'data', data: answer.data }
}

export function createClient({ url, fetch: send = fetch, token, persisted = false }: ClientOptions): Client {
  return {
    async execute(document, ...[variables]) {
      const { hash, text } = (document as unknown as Described).__meta__
      const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/graphql-response+json' }
      const bearer = token?.()
      if (bearer !== undefined) headers.authorization = `Bearer ${bearer}`
      const named = persisted ? { documentId: `sha256:${hash}` } : { query: text }
      try {
        return await read(await send(url, { method: 'POST', headers, body: JSON.stringify({ ...named, variables }) }))
      } catch (cause) {
        return { kind: 'unreachable', cause }
      }
    },
  }
}
