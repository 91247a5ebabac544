/** Refreshes: each uses the token that the one before it in its chain gave. They come from many addresses. */
import { chains, type Request, type Traffic } from '../../load/traffic.ts'
import { askAll } from '../askAll.ts'
import { CONNECTIONS, type Scenario, type Subject } from '../measure.ts'
import { addressOf } from '../people.ts'
import type { Server, Servers } from '../servers.ts'
import { range, signIns } from '../signIns.ts'

/** Two for each connection. */
const ACCOUNTS = range(100, 100 + 2 * CONNECTIONS)
/** So many that none comes near its limit. */
const ADDRESSES = 60_000

const DOCUMENT = `mutation($input: RefreshSessionInput!) {
  refreshSession(input: $input) { __typename ... on RefreshSessionSuccess { credentials { accessToken { token } refreshToken { token } } } }
}`

let turn = 0
const nextAddress = (): string => addressOf(100_000 + (turn++ % ADDRESSES))

interface Token {
  readonly token: string
}
interface Refreshing<SignedIn, Refreshed> {
  readonly signIn: (index: number) => Request
  readonly first: (answer: SignedIn) => string
  readonly refresh: (refreshToken: string) => Request
  readonly next: (answer: Refreshed) => string
}

interface Credentials {
  readonly credentials: { readonly refreshToken: Token }
}
const graphql: Refreshing<{ data: { signIn: Credentials } }, { data: { refreshSession: Credentials } }> = {
  signIn: signIns.graphql,
  first: ({ data }) => data.signIn.credentials.refreshToken.token,
  refresh: (refreshToken) => ({
    method: 'POST',
    path: '/graphql',
    from: nextAddress(),
    body: { query: DOCUMENT, variables: { input: { refreshToken } } },
  }),
  next: ({ data }) => data.refreshSession.credentials.refreshToken.token,
}

const authentication: Refreshing<{ tokens: { refresh: Token } }, { refresh: Token }> = {
  signIn: signIns.authentication,
  first: ({ tokens }) => tokens.refresh.token,
  refresh: (refreshToken) => ({ method: 'POST', path: '/auth/refresh-tokens', from: nextAddress(), body: { refreshToken } }),
  next: ({ refresh }) => refresh.token,
}

const ofLimit: Refreshing<Token, Token> = {
  signIn: signIns.limit,
  first: ({ token }) => token,
  refresh: (token) => ({ method: 'POST', path: '/refresh', body: { token } }),
  next: ({ token }) => token,
}

const trafficOf = async <S, R>(url: string, { signIn, first, refresh, next }: Refreshing<S, R>): Promise<Traffic> => {
  const tokens = (await askAll<S>(url, ACCOUNTS.map(signIn))).map(first)
  return chains({ tokens, connections: CONNECTIONS, ask: refresh, tokenOf: (body) => next(JSON.parse(body.toString())) })
}

const subject = <S, R>(name: string, server: Server, refreshing: Refreshing<S, R>): Subject => ({
  name,
  server,
  traffic: (url) => trafficOf(url, refreshing),
})

export const refresh = ({ ours, limit }: Servers): Scenario => ({
  name: 'Refresh',
  subjects: [
    subject(limit.name, limit, ofLimit),
    subject('GraphQL refreshSession', ours, graphql),
    subject('POST /auth/refresh-tokens', ours, authentication),
  ],
})
