/**
 * The acts of the model as clients send them: through GraphQL and each dialect that has the operation, to one of several processes.
 *
 * An answer that is neither a success nor the refusal of its surface is an error.
 */
import { mutate, TOKENS } from '../graphql/ask.ts'
import { admin, unique } from '../support/accounts.ts'
import { cookieOf, OF_PAGE, COOKIE as SESSION_COOKIE } from '../support/cookieJar.ts'
import type { Answer, World } from '../support/world.ts'
import type { Act, Kind, Outcome } from './model.ts'

export const passwordOf = (number: number): string => `the password number ${number} of this account`

/** What a sign-in or a refresh handed out. */
export interface Received {
  readonly access: readonly { readonly value: string; readonly isJwt: boolean }[]
  readonly refresh?: string
}

export interface Held {
  readonly value: string
  readonly isCookie: boolean
}

const unexpected = (what: string, { status, text }: Pick<Answer, 'status' | 'text'>): Error =>
  new Error(`unexpected answer to ${what}: ${status} ${text}`)

const byRest = (what: string, answer: Answer, ...refusals: readonly number[]): Outcome => {
  if (answer.status === 200) return 'done'
  if (refusals.includes(answer.status)) return 'refused'
  throw unexpected(what, answer)
}

const headersOf = ({ value, isCookie }: Held): Record<string, string> =>
  isCookie ? { ...OF_PAGE, cookie: `${SESSION_COOKIE}=${value}` } : { authorization: `Bearer ${value}` }

const graphql = async (world: World, held: Held, query: string, variables: object = {}): Promise<Answer> =>
  await world.request('POST', '/graphql', { json: { query, variables }, headers: headersOf(held) })

const REFUSALS = ['UNAUTHENTICATED', 'NOT_FOUND', 'WRONG_PASSWORD']

const byGraphql = (what: string, { status, text }: Answer): Outcome => {
  const { data, errors } = JSON.parse(text)
  const code = errors?.[0]?.extensions?.code ?? data?.result?.code
  if (code === undefined && status === 200 && data?.result != null) return 'done'
  if (REFUSALS.includes(code)) return 'refused'
  throw unexpected(what, { status, text })
}

export interface Opened {
  readonly outcome: Outcome
  readonly received?: Received
}

const chainOf = (access: string, refresh: string): Received => ({ access: [{ value: access, isJwt: true }], refresh })

const SIGN_IN = `mutation($input: SignInInput!) { result: signIn(input: $input) {
  __typename ... on SignInSuccess { credentials { ${TOKENS} } } ... on Error { code } } }`

const signInOnGraphql = async (world: World, identifier: string, password: string, transport: string): Promise<Opened> => {
  const input = { identifier, password, transport }
  const answer = await world.request('POST', '/graphql', { json: { query: SIGN_IN, variables: { input } }, headers: OF_PAGE })
  const { code, credentials } = answer.body.data.result
  if (code === 'BAD_CREDENTIALS' || code === 'ACCOUNT_DISABLED') return { outcome: 'refused' }
  if (credentials === undefined) throw unexpected('signIn', answer)
  if (transport === 'BEARER') return { outcome: 'done', received: chainOf(credentials.accessToken.token, credentials.refreshToken.token) }
  return { outcome: 'done', received: { access: [{ value: cookieOf(answer) ?? '', isJwt: false }] } }
}

const SIGN_INS: Readonly<Record<Kind, (world: World, email: string, password: string) => Promise<Opened>>> = {
  graphql: async (world, email, password) => await signInOnGraphql(world, email, password, 'BEARER'),
  cookie: async (world, email, password) => await signInOnGraphql(world, email, password, 'COOKIE'),
  async authentication(world, email, password) {
    const answer = await world.post('/auth/login', { email, password })
    if (byRest('/auth/login', answer, 401, 403) === 'refused') return { outcome: 'refused' }
    const { access, refresh } = answer.body.tokens
    return { outcome: 'done', received: chainOf(access.token, refresh.token) }
  },
  async v1(world, email, password) {
    const answer = await world.post('/v1/auth/login', { email, password })
    if (byRest('/v1/auth/login', answer, 401, 403) === 'refused') return { outcome: 'refused' }
    const { token, accessToken } = answer.body
    const access = [
      { value: token, isJwt: false },
      { value: accessToken, isJwt: true },
    ]
    return { outcome: 'done', received: { access } }
  },
  async wekan(world, email, password) {
    const answer = await world.post('/users/login', { email, password })
    if (byRest('/users/login', answer, 400, 401, 403) === 'refused') return { outcome: 'refused' }
    return { outcome: 'done', received: { access: [{ value: answer.body.token, isJwt: false }] } }
  },
}

export const signIn = async (world: World, kind: Kind, email: string, password: number): Promise<Opened> =>
  await SIGN_INS[kind](world, email, passwordOf(password))

export async function refresh(world: World, kind: Kind, refreshToken: string): Promise<Opened> {
  if (kind === 'authentication') {
    const answer = await world.post('/auth/refresh-tokens', { refreshToken })
    if (byRest('/auth/refresh-tokens', answer, 401) === 'refused') return { outcome: 'refused' }
    return { outcome: 'done', received: chainOf(answer.body.access.token, answer.body.refresh.token) }
  }
  const result = await mutate(world, 'refreshSession', { refreshToken })
  if (result.code === 'INVALID_REFRESH_TOKEN') return { outcome: 'refused' }
  if (result.credentials === undefined) throw new Error(`unexpected answer to refreshSession: ${JSON.stringify(result)}`)
  return { outcome: 'done', received: chainOf(result.credentials.accessToken.token, result.credentials.refreshToken.token) }
}

export async function signOutByRefresh(world: World, kind: Kind, refreshToken: string): Promise<Outcome> {
  if (kind === 'authentication') return byRest('/auth/logout', await world.post('/auth/logout', { refreshToken }), 400)
  const { code } = await mutate(world, 'signOut', { refreshToken })
  if (code !== undefined && code !== 'INVALID_REFRESH_TOKEN') throw new Error(`unexpected answer to signOut: ${code}`)
  return code === undefined ? 'done' : 'refused'
}

type ByOwner = Extract<Act, { readonly by: unknown }>['what']

const onDialect = async (world: World, what: ByOwner, { value }: Held, more: object): Promise<Outcome | undefined> => {
  if (what === 'signOut') return byRest('/v1/auth/logout', await world.post('/v1/auth/logout', undefined, value), 401)
  if (what === 'signOutEverywhere')
    return byRest('/users/logout', await world.request('POST', '/users/logout', { json: { all: true }, token: value }), 401)
  if (what !== 'changePassword') return undefined
  const { oldPassword, newPassword } = more as Record<string, string>
  const json = { oldPassword, password: newPassword, passwordConfirmation: newPassword }
  return byRest('change-password', await world.put('/v1/security/change-password', json, value), 401, 400)
}

/**
 * What the owner does through GraphQL, and through the dialect that has it. A cookie works on GraphQL only, and a changed password gives the
 * browser another one.
 */
export async function act(world: World, what: ByOwner, held: Held, through: 'graphql' | 'dialect', more: object = {}): Promise<Opened> {
  const byDialect = through === 'dialect' && !held.isCookie ? await onDialect(world, what, held, more) : undefined
  if (byDialect !== undefined) return { outcome: byDialect }
  const documents: Readonly<Record<ByOwner, string>> = {
    signOut: 'mutation { result: signOut { __typename ... on Error { code } } }',
    signOutEverywhere: 'mutation { result: signOutEverywhere { __typename ... on Error { code } } }',
    endOthers: 'mutation { result: endOtherSessions { __typename ... on Error { code } } }',
    endOne: 'mutation($input: EndSessionInput!) { result: endSession(input: $input) { __typename ... on Error { code } } }',
    changePassword: 'mutation($input: ChangePasswordInput!) { result: changePassword(input: $input) { __typename ... on Error { code } } }',
  }
  const answer = await graphql(world, held, documents[what], { input: more })
  const outcome = byGraphql(what, answer)
  if (what !== 'changePassword' || outcome !== 'done' || !held.isCookie) return { outcome }
  return { outcome, received: { access: [{ value: cookieOf(answer) ?? '', isJwt: false }] } }
}

/** What the administrator does, whose token is of the same process. */
export async function administer(
  world: World,
  token: string,
  what: 'disable' | 'enable' | 'endAll' | 'delete',
  id: string,
): Promise<Outcome> {
  const [name, input] = {
    disable: ['setLoginEnabled', { id, enabled: false }] as const,
    enable: ['setLoginEnabled', { id, enabled: true }] as const,
    endAll: ['endUserSessions', { id }] as const,
    delete: ['deleteUser', { id }] as const,
  }[what]
  const { code } = await mutate(world, name, input, token)
  if (code !== undefined && code !== 'NOT_FOUND') throw new Error(`unexpected answer to ${name}: ${code}`)
  return code === undefined ? 'done' : 'refused'
}

const READS = [
  async (world: World, token: string) => byRest('/v1/profile', await world.get('/v1/profile', token), 401),
  async (world: World, token: string) => byRest('/api/user', await world.get('/api/user', token), 401),
  async (world: World, token: string) => byRest('/auth', await world.post('/auth', undefined, token), 401),
]
export const WAYS_TO_READ = READS.length + 1

/** Whether a token works, read in one of the ways. */
export async function works(world: World, held: Held, way: number): Promise<boolean> {
  const read = held.isCookie ? undefined : READS[way % WAYS_TO_READ]
  if (read !== undefined) return (await read(world, held.value)) === 'done'
  return byGraphql('me', await graphql(world, held, '{ result: me { id } }')) === 'done'
}

/** The ids of the live sessions, as a live one reads them. */
export async function listed(world: World, held: Held): Promise<{ readonly id: string; readonly current: boolean }[]> {
  const { body } = await graphql(world, held, '{ result: me { sessions { id current } } }')
  return body.data.result.sessions
}

export interface Made {
  readonly id: string
  readonly email: string
  readonly received: Received
}

/** An account that was just made, with its first session, which is one of GraphQL. */
export async function signUp(world: World): Promise<Made> {
  await admin(world)
  const email = `model${unique()}@example.com`
  const { user, credentials } = await mutate(world, 'signUp', { email, password: passwordOf(0) })
  return { id: user.id, email, received: chainOf(credentials.accessToken.token, credentials.refreshToken.token) }
}
