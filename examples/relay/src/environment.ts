/** The set-up of Relay: how a request is sent, and what happens if its access token is dead. */
import { Environment, type FetchFunction, getRequest, graphql, Network, type RequestParameters, type Variables } from 'relay-runtime'
import { type Exchange, readTokens, refreshTokens } from '../../shared/tokens.ts'
import type { environmentRefreshMutation$rawResponse } from './__generated__/environmentRefreshMutation.graphql.ts'
import { toTokens } from './credentials.ts'
import { type Answer, RequestError } from './RequestError.ts'

const url: string = import.meta.env.VITE_API_URL ?? 'http://localhost:4000/graphql'
const sendsIds = import.meta.env.VITE_PERSISTED === 'true'

interface Options {
  readonly token?: string | undefined
  readonly signal?: AbortSignal
}

const send = async ({ id, text }: RequestParameters, variables: Variables, { token, signal }: Options): Promise<Answer> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(sendsIds ? { doc_id: id, variables } : { query: text, variables }),
    signal: signal ?? null,
  })
  return await response.json()
}

const refresh = getRequest(graphql`
  mutation environmentRefreshMutation($input: RefreshSessionInput!) @raw_response_type {
    refreshSession(input: $input) {
      ... on RefreshSessionSuccess { credentials { accessToken { token } refreshToken { token } } }
      ... on AuthenticationError { code }
    }
  }
`)

const exchange: Exchange = async (refreshToken, signal) => {
  const { data, errors } = await send(refresh.params, { input: { refreshToken } }, { signal })
  if (errors !== undefined) throw new RequestError(errors)
  const { refreshSession } = data as environmentRefreshMutation$rawResponse
  if ('credentials' in refreshSession) return toTokens(refreshSession.credentials)
  if ('code' in refreshSession && refreshSession.code === 'INVALID_REFRESH_TOKEN') return null
  throw new RequestError([{ message: 'The session could not be refreshed. Try again later.' }])
}

const fetchGraphQL: FetchFunction = async (request, variables) => {
  const tokens = readTokens()
  let answer = await send(request, variables, { token: tokens?.accessToken })
  const isDead = answer.errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED') === true
  if (isDead && tokens !== null && (await refreshTokens(tokens, exchange))) {
    answer = await send(request, variables, { token: readTokens()?.accessToken })
  }
  // Relay takes a field that failed for null: a second page that fails would remove the first one from the cache.
  if (answer.errors !== undefined) throw new RequestError(answer.errors)
  return { data: answer.data }
}

/** An environment with an empty cache. */
export const createEnvironment = (): Environment => new Environment({ network: Network.create(fetchGraphQL) })
