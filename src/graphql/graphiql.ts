/**
 * GraphiQL, served from this process alone, with tabs that work as they stand. In their headers `$TOKEN` stands for the
 * access token of the last sign-up or sign-in on this page; it is kept in the page's memory only. A token of any other
 * surface can be pasted in its place. Every request carries the header that a session in a cookie needs.
 */
import type { GraphiQLOptions } from 'graphql-yoga'

const headers = JSON.stringify({ authorization: 'Bearer $TOKEN' }, null, 2)
const signUp = `# 1. Make an account. On a fresh server the first one is its administrator.
mutation SignUp {
  signUp(input: { email: "ada@example.com", password: "first programmer", name: "Ada Lovelace" }) {
    ... on SignUpSuccess {
      user { id username name }
      credentials { accessToken { token expiresAt } }
    }
    ... on Error { code message fieldErrors { field message } }
  }
}
`

const signIn = `# 2. Sign in. The access token goes to the other tabs by itself: see "Headers" below.
mutation SignIn {
  signIn(input: { identifier: "ada@example.com", password: "first programmer" }) {
    ... on SignInSuccess {
      user { id name isAdmin }
      credentials { accessToken { token expiresAt } refreshToken { token expiresAt } }
    }
    ... on TwoFactorRequired { loginCode expiresAt }
    ... on Error { code message }
  }
}
`

const me = `# 3. Who am I? Null without a session. In "Headers" below, $TOKEN is the access token
#    of your last sign-in on this page; you may paste any other in its place.
query Me {
  me {
    id username email name isAdmin scopes twoFactorEnabled createdAt
    sessions { id surface createdAt clientAddress current }
  }
}
`

const users = `# 4. All accounts, for those who hold users:read, as every administrator does.
query Users {
  users(first: 20) {
    ... on UserConnection {
      edges { node { id username email name createdAt } }
      pageInfo { hasNextPage endCursor }
    }
    ... on Error { code message }
  }
}
`

const uses = `# 5. Who still uses what? The REST routes that clients called, last use first; for administrators, and up to a minute late.
#    Beside it stands \`npm run usage\`, which also tells the routes that nobody calls.
query DialectUses {
  dialectUses(first: 50) {
    ... on DialectUseConnection {
      edges { node { dialect route client tokenSurface requests failures firstAt lastAt } }
      pageInfo { hasNextPage endCursor }
    }
    ... on Error { code message }
  }
}
`

export const graphiqlOptions: GraphiQLOptions = {
  title: 'Vestibule',
  defaultHeaders: headers,
  shouldPersistHeaders: false,
  // No variables: GraphiQL sends those of a tab only once its variables editor was opened.
  defaultTabs: [
    { query: signUp, headers: '{}' },
    { query: signIn, headers: '{}' },
    { query: me, headers },
    { query: users, headers },
    { query: uses, headers },
  ],
}

/** Runs in the page, before GraphiQL: remembers the newest access token, puts it where `$TOKEN` stands, and says that this is no forgery. */
const rememberToken = `<script>{
  const send = window.fetch.bind(window)
  let token = ''
  const newest = (data) => Object.values(data ?? {}).map((result) => result?.credentials?.accessToken?.token).find(Boolean)
  window.fetch = async (target, init = {}) => {
    const headers = new Headers(init.headers)
    headers.set('x-csrf-protection', '1')
    const authorization = headers.get('authorization')
    if (authorization?.includes('$TOKEN')) {
      if (token) headers.set('authorization', authorization.replace('$TOKEN', token))
      else headers.delete('authorization')
    }
    const response = await send(target, { ...init, headers })
    response.clone().json().then(({ data }) => { token = newest(data) ?? token }, () => {})
    return response
  }
}</script>`

/** Tabs can be dragged, and a click moves them away from under the pointer: hold them where they are. */
const holdTabs = '<style>.graphiql-tab { transform: none !important }</style>'

/** The page, some 9 MB with all it needs; its package is loaded when somebody first asks. */
export const renderPage = async (options?: GraphiQLOptions): Promise<string> => {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  return String(renderGraphiQL(options)).replace('<head>', () => `<head>${holdTabs}${rememberToken}`)
}
