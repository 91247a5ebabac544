import type { PayloadData } from 'relay-runtime'

/** An entry of `errors`. Relay's own type of it has no `extensions`. */
interface Entry {
  readonly message: string
  readonly extensions?: { readonly code: string }
}

/** What the server answers to any request. */
export interface Answer {
  readonly data: PayloadData
  readonly errors?: readonly Entry[]
}

/** A request that the server did not run, or could not finish. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: string | undefined

  constructor([first]: readonly Entry[]) {
    super(first?.message)
    this.code = first?.extensions?.code
  }
}
