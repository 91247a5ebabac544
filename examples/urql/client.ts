/** The client: a cache that knows each object by its id, joined pages of lists, and new tokens for dead ones. */
import { authExchange } from '@urql/exchange-auth'
import { cacheExchange } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { type Client, createClient, fetchExchange, makeOperation } from 'urql'
import { type Exchange, readTokens, refreshTokens, type Tokens } from '../shared/tokens.ts'
import { tokensOf } from './credentials.ts'
import schema from './introspection.json'
import { RefreshSessionDocument } from './operations.ts'

const url: string = import.meta.env.VITE_API_URL ?? 'http://localhost:4000/graphql'

/** `schema` tells the cache which types are an `Error`; without it, the fields of `... on Error` are lost. */
const cache = cacheExchange({ schema, resolvers: { Query: { users: relayPagination() } } })

const session = authExchange(async ({ appendHeaders, mutate }) => {
  const exchange: Exchange = async (refreshToken, signal) => {
    // urql has its own signal in `init`.
    const context = { fetch: (url: RequestInfo | URL, init?: RequestInit) => fetch(url, { ...init, signal }) }
    const { data, error } = await mutate(RefreshSessionDocument, { input: { refreshToken } }, context)
    const result = data?.refreshSession
    if (result?.__typename === 'RefreshSessionSuccess') return tokensOf(result.credentials)
    if (result?.__typename === 'AuthenticationError' || result?.__typename === 'InputError') return null
    throw error ?? new Error(result?.message)
  }
  let refused: Tokens | null = null
  return {
    addAuthToOperation(operation) {
      const tokens = readTokens()
      if (tokens === null) return operation
      const { kind, context } = appendHeaders(operation, { authorization: `Bearer ${tokens.accessToken}` })
      return makeOperation(kind, operation, { ...context, tokens })
    },
    didAuthError({ graphQLErrors }, { context }) {
      refused = context.tokens ?? null
      return graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')
    },
    async refreshAuth() {
      if (refused === null || !(await refreshTokens(refused, exchange))) throw new Error('The session has ended.')
    },
  }
})

/** A client with an empty cache. With GET, which is the default, the texts of searches would be in the logs of proxies. */
export const createApiClient = (): Client => createClient({ url, preferGetMethod: false, exchanges: [cache, session, fetchExchange] })
