/** A session with bearer tokens, which all tabs share. */
import { type ApolloClient, ApolloLink, HttpLink } from '@apollo/client'
import { SetContextLink } from '@apollo/client/link/context'
import { ErrorLink } from '@apollo/client/link/error'
import { from, mergeMap, throwError } from 'rxjs'
import {
  dropTokens,
  type Exchange,
  keepTokens,
  onTokens,
  readAccount,
  readTokens,
  refreshTokens,
  type TokenPair,
  type Tokens,
} from '../../shared/tokens.ts'
import { RefreshSessionDocument, type SessionTokensFragment } from '../operations.ts'
import { isUnauthenticated, uri } from './api.ts'

/** The selection of each successful sign-in. */
export interface SignedIn {
  readonly user: { readonly id: string }
  readonly credentials: SessionTokensFragment | null
}

const tokensOf = (credentials: SessionTokensFragment | null): TokenPair => {
  const { accessToken, refreshToken } = credentials ?? {}
  if (accessToken == null || refreshToken == null) throw new Error('The server sent no tokens.')
  return { accessToken: accessToken.token, refreshToken: refreshToken.token }
}

/** Gets new tokens; null if the session has ended. */
const exchangeWith =
  (client: ApolloClient): Exchange =>
  async (refreshToken, signal) => {
    const variables = { input: { refreshToken } }
    const context = { fetchOptions: { signal } }
    const { data } = await client.mutate({ mutation: RefreshSessionDocument, variables, context, fetchPolicy: 'no-cache' })
    const result = data?.refreshSession
    if (result?.__typename === 'RefreshSessionSuccess') return tokensOf(result.credentials)
    if (result?.code === 'INVALID_REFRESH_TOKEN') return null
    throw new Error(result?.message ?? 'The session could not be refreshed.')
  }

/** Sends the access token of this moment, also when a request is repeated. */
const authorization = new SetContextLink(() => {
  const tokens = readTokens()
  return tokens === null ? {} : { tokens, headers: { authorization: `Bearer ${tokens.accessToken}` } }
})

/** If the access token is dead: gets new tokens, and repeats the request. `ErrorLink` does this once for each request. */
const refresh = new ErrorLink(({ error, operation, forward }) => {
  const refused: Tokens | undefined = operation.getContext().tokens
  if (refused === undefined || !isUnauthenticated(error)) return
  const refreshed = from(refreshTokens(refused, exchangeWith(operation.client)))
  return refreshed.pipe(mergeMap((isAlive) => (isAlive ? forward(operation) : throwError(() => error))))
})

export const bearer = {
  name: 'BEARER',
  link: ApolloLink.from([refresh, authorization, new HttpLink({ uri })]),
  account: readAccount,
  subscribe: onTokens,
  begin: ({ user, credentials }: SignedIn) => keepTokens({ accountId: user.id, ...tokensOf(credentials) }),
  end: dropTokens,
} as const
