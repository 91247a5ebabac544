/** Which code a failure has, wherever GraphQL says it: in a union, or in `errors`. */

/** The body of an answer of which the one root field is called `result`. */
interface Body {
  readonly data?: { readonly result?: { readonly code?: string } | null } | null
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[]
}

/** The code that `result` failed with; undefined if it did not. */
export const failureCode = ({ data, errors }: Body): string | undefined => data?.result?.code ?? errors?.[0]?.extensions?.code
