/** One request to the server, and its answer as a value: what the operation gave, or why there is none. Nothing here throws. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { FailureFragment } from './operations.ts'

const url: string = import.meta.env.VITE_API_URL ?? 'http://localhost:4000/graphql'
/** How long a request may take, in ms. */
const PATIENCE = 15_000

/** The operation gave nothing: a query failed, nobody is signed in, or there is no answer. */
export interface RequestError {
  readonly __typename: 'RequestError'
  /** Of the schema's `ErrorCode`, of docs/graphql-clients.md, or UNREACHABLE. */
  readonly code: string
  readonly message: string
  readonly fieldErrors: readonly []
}

/** A failure of a mutation, or of the request. All have a code for the program, and a message for the person. */
export type Failure = FailureFragment | RequestError

/** Each operation of this app has one field, with its `__typename`. */
type Operation<Data> = { readonly [field in keyof Data]: { readonly __typename: string } | null }
export type Answer<Data> = NonNullable<Data[keyof Data]> | RequestError

interface Options {
  readonly accessToken?: string | undefined
  readonly signal?: AbortSignal
}

const failed = (code: string, message: string): RequestError => ({ __typename: 'RequestError', code, message, fieldErrors: [] })

export const unreachable = failed('UNREACHABLE', 'The server does not answer. Nothing is lost: please try again in a moment.')

export const send = async <Data extends Operation<Data>, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: NoInfer<Variables>,
  { accessToken, signal = AbortSignal.timeout(PATIENCE) }: Options = {},
): Promise<Answer<Data>> => {
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/graphql-response+json' }
  if (accessToken !== undefined) headers.authorization = `Bearer ${accessToken}`
  // The generator puts the text of each document into `__meta__`.
  const { text } = (document as unknown as { readonly __meta__: { readonly text: string } }).__meta__
  try {
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: text, variables }), signal })
    const { data, errors } = await response.json()
    if (errors !== undefined) return failed(errors[0].extensions.code, errors[0].message)
    const [value] = Object.values(data as object)
    return value ?? failed('UNAUTHENTICATED', 'Nobody is signed in.')
  } catch {
    // No connection, no answer in time, or the page of a proxy.
    return unreachable
  }
}
