/**
 * GraphiQL, served without any other host, with example tabs that work as they are. In their headers, `$TOKEN` is replaced by the
 * access token of the last sign-up or sign-in on the page, which is kept in the page's memory only. A token of any other surface can
 * be pasted instead. Every request has the header that cookie sessions need.
 */
import type { GraphiQLOptions } from 'graphql-yoga'

const headers = JSON.stringify({ authorization: 'Bearer $TOKEN' }, null, 2)
const signUp = `# 1. Create an account. On a new server, the first account becomes administrator.
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

const signIn = `# 2. Sign in. The other tabs use the access token automatically: see "Headers" below.
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

const me = `# 3. Who am I? Null without a session. In "Headers" below, $TOKEN stands for the access token
#    of your last sign-in on this page; you may paste another token instead.
query Me {
  me {
    id username email name isAdmin scopes twoFactorEnabled createdAt
    sessions { id surface createdAt clientAddress current }
  }
}
`

const users = `# 4. All accounts. You need users:read, which every administrator has.
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

const uses = `# 5. Which REST routes do clients still use? The most recently used first, up to a minute behind. For administrators.
#    \`npm run usage\` also lists the routes that nobody calls.
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
  // No variables: GraphiQL sends those of a tab only after its variables editor was opened.
  defaultTabs: [
    { query: signUp, headers: '{}' },
    { query: signIn, headers: '{}' },
    { query: me, headers },
    { query: users, headers },
    { query: uses, headers },
  ],
}

/** Runs in the page, before GraphiQL: remembers the newest access token, replaces `$TOKEN` by it, and adds the CSRF header. */
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

/** Tabs can be dragged, so a click could move one away from under the pointer: keep them in place. */
const holdTabs = '<style>.graphiql-tab { transform: none !important }</style>'

/** The page, about 9 MB with all its assets. Its package is loaded at the first request. */
export const renderPage = async (options?: GraphiQLOptions): Promise<string> => {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  return String(renderGraphiQL(options)).replace('<head>', () => `<head>${holdTabs}${rememberToken}`)
}
