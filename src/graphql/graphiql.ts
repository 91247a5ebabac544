/**
 * GraphiQL, served from this process alone, with tabs that work as they stand. The token of the sign-in tab goes into the
 * headers of the others, where a place is kept for it.
 */
import type { GraphiQLOptions } from 'graphql-yoga'

const headers = JSON.stringify({ authorization: 'Bearer PASTE THE ACCESS TOKEN HERE' }, null, 2)
const ada = { email: 'ada@example.com', password: 'first programmer' }

const signUp = `# 1. Make an account. On a fresh server the first one is its administrator.
mutation SignUp($input: SignUpInput!) {
  signUp(input: $input) {
    ... on SignUpSuccess {
      user { id username name }
      credentials { accessToken { token expiresAt } }
    }
    ... on Error { code message fieldErrors { field message } }
  }
}
`

const signIn = `# 2. Sign in. Copy the access token into the headers (below) of the other tabs.
mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    ... on SignInSuccess {
      user { id name isAdmin }
      credentials { accessToken { token expiresAt } refreshToken { token expiresAt } }
    }
    ... on TwoFactorRequired { loginCode expiresAt }
    ... on Error { code message }
  }
}
`

const me = `# 3. Who am I? Null until the access token stands in the headers (below).
query Me {
  me {
    id username email name isAdmin scopes twoFactorEnabled createdAt
    sessions { id surface createdAt clientAddress current }
  }
}
`

const users = `# 4. All accounts, for those who hold users:read, as every administrator does.
query Users($first: Int!, $after: String, $search: String) {
  users(first: $first, after: $after, search: $search) {
    ... on UserConnection {
      edges { node { id username email name createdAt } }
      pageInfo { hasNextPage endCursor }
    }
    ... on Error { code message }
  }
}
`

const variables = (value: object) => JSON.stringify(value, null, 2)

export const graphiqlOptions: GraphiQLOptions = {
  title: 'Vestibule',
  defaultHeaders: headers,
  shouldPersistHeaders: false,
  defaultTabs: [
    { query: signUp, variables: variables({ input: { ...ada, name: 'Ada Lovelace' } }), headers: '{}' },
    { query: signIn, variables: variables({ input: { identifier: ada.email, password: ada.password } }), headers: '{}' },
    { query: me, headers },
    { query: users, variables: variables({ first: 20 }), headers },
  ],
}
