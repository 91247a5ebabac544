/** Where the server is, and what an error says. */
import { CombinedGraphQLErrors } from '@apollo/client'

export const uri: string = import.meta.env.VITE_API_URL ?? 'http://localhost:4000/graphql'

/** The request had no live session. */
export const isUnauthenticated = (error: unknown): boolean =>
  CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')

/** The scope that the account needs for what it was refused. */
export const missingScope = (error: unknown): string | undefined =>
  CombinedGraphQLErrors.is(error)
    ? error.errors.map(({ extensions }) => extensions?.missingScope).find((scope) => typeof scope === 'string')
    : undefined
