/** The requests of a client under load, to all surfaces, and what an answer to one is worth. */
import { Agent, request as send } from 'node:http'

export interface Given {
  /** 0: the connection broke, so nobody knows whether the request was carried out. */
  readonly status: number
  readonly retryAfter: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: answers of every surface
  readonly body: any
  readonly ms: number
}

export const PASSWORD = 'a long enough password of mine'
/** Beyond this a request has no answer in time, in ms. */
export const LIMIT = 10_000

const agent = new Agent({ keepAlive: true })

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** One request, of a client behind the proxy that we are; nothing is tried again. POST with a body, otherwise GET. */
export const ask = (base: string, path: string, body?: object, token?: string, client?: string): Promise<Given> =>
  new Promise((resolve) => {
    const begun = performance.now()
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(client === undefined ? {} : { 'x-forwarded-for': client }),
    }
    const gone = () => resolve({ status: 0, retryAfter: undefined, body: undefined, ms: performance.now() - begun })
    const sent = send(base + path, { agent, method: text === undefined ? 'GET' : 'POST', headers, timeout: 60_000 }, (answer) => {
      let given = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        given += part
      })
      answer.once('error', gone).once('end', () => {
        const { statusCode: status = 0, headers: fields } = answer
        resolve({ status, retryAfter: fields['retry-after'], body: parsed(given), ms: performance.now() - begun })
      })
    })
    sent.once('error', gone).once('timeout', () => sent.destroy())
    sent.end(text)
  })

/** Whether an answer to a path refuses for now, as its surface does. */
export const isRefusal = (path: string, { status, retryAfter, body }: Given): boolean => {
  if (status !== 503 || !/^[1-9]\d?$/.test(retryAfter ?? '')) return false
  if (path === '/graphql') return ['SERVICE_UNAVAILABLE', 'OVERLOADED'].includes(body?.errors?.[0]?.extensions?.code)
  if (path.startsWith('/v1/')) return body?.statusCode === 503 && typeof body.request_id === 'string'
  if (path.startsWith('/auth')) return body?.status === 503 && body.code === 503
  if (path.startsWith('/users/')) return body?.error === 503 && typeof body.reason === 'string'
  return false
}

/** A write, and how its answer is read: what it gives if it was carried out, undefined if not. */
export interface Write<Result> {
  readonly path: string
  readonly body: object
  readonly token?: string
  readonly read: (body: Given['body']) => Result | undefined
}

const NAMES = 'mutation($name: String!) { result: updateProfile(input: { name: $name }) { __typename } }'
const SIGN_IN = `mutation($input: SignInInput!) { result: signIn(input: $input) { ... on SignInSuccess { credentials { accessToken { token } } } } }`

export const rename = (name: string, token: string): Write<true> => ({
  path: '/graphql',
  body: { query: NAMES, variables: { name } },
  token,
  read: (body) => body?.data?.result?.__typename === 'UpdateProfileSuccess' || undefined,
})

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** A sign-in on each surface in turn; the result is the token. */
export const signIn = (turn: number, email: string): Write<string> => {
  const asked = { email, password: PASSWORD }
  const ways: readonly Write<string>[] = [
    { path: '/v1/auth/login', body: asked, read: (body) => text(body?.token) },
    { path: '/auth/login', body: asked, read: (body) => text(body?.tokens?.access?.token) },
    { path: '/users/login', body: asked, read: (body) => text(body?.token) },
    {
      path: '/graphql',
      body: { query: SIGN_IN, variables: { input: { identifier: email, password: PASSWORD } } },
      read: (body) => text(body?.data?.result?.credentials?.accessToken?.token),
    },
  ]
  return ways[turn % ways.length] as Write<string>
}

/** A registration on each dialect that has one. */
export const signUp = (turn: number, email: string): Write<true> => {
  const made = (body: Given['body']) => (body !== undefined && body !== null) || undefined
  const names = { firstName: 'Grace', lastName: 'Hopper', name: 'Grace Hopper' }
  const ways: readonly Write<true>[] = [
    { path: '/auth/register', body: { name: names.name, email, password: PASSWORD, confirm: PASSWORD }, read: made },
    { path: '/v1/auth/signup', body: { ...names, email, password: PASSWORD, passwordConfirmation: PASSWORD }, read: made },
    { path: '/users/register', body: { username: email.split('@')[0], email, password: PASSWORD }, read: made },
  ]
  return ways[turn % ways.length] as Write<true>
}

export const signOut = (token: string): Write<true> => ({ path: '/v1/auth/logout', body: {}, token, read: () => true })

/** Whether a token is live: undefined while that cannot be said. */
export const isLive = async (base: string, token: string): Promise<boolean | undefined> => {
  const { status } = await ask(base, '/graphql', { query: '{ me { id } }' }, token).then(({ status, body }) =>
    status === 200 ? { status: body?.data?.me?.id === undefined ? 401 : 200 } : { status },
  )
  return status === 200 ? true : status === 401 ? false : undefined
}
