/**
 * One user base: an account that was registered on any surface signs in on every other one, its tokens work on both, and
 * each shows the same account in its own shape. All 25 pairs, one test each.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, signIn, unique } from './support/accounts.ts'
import { useWorld } from './support/world.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

interface Registered {
  readonly id: string
  readonly email: string
  /** As the surface that made the account derives it. */
  readonly name: string
  readonly username: string
  readonly firstName: string
  readonly lastName: string | null
}

interface Surface {
  /** Registers an account and returns it with the tokens that the registration handed out. */
  register(): Promise<{ account: Registered; tokens: string[] }>
  /** Signs in and returns the id that the answer names, if it does, and every access token. */
  signIn(email: string): Promise<{ id?: string; tokens: string[] }>
  /** What the surface shows to the bearer of a token. */
  look(token: string, id: string): Promise<unknown>
  /** What it has to show. */
  shape(account: Registered): unknown
}

const draft = () => {
  const username = `matrix${unique()}`
  return { username, email: `${username}@example.com`, password: PASSWORD }
}
const namesOf = (name: string) => ({ name, firstName: name.split(' ')[0] ?? '', lastName: name.split(' ').slice(1).join(' ') || null })
const NAME = 'Ada King Lovelace'
const isoDate = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

const TOKENS = 'user { id } credentials { accessToken { token } }'
const v1SignIn = async (email: string) => {
  const { body } = await world().post('/v1/auth/login', { email, password: PASSWORD })
  return { id: body.user.id, tokens: [body.token, body.accessToken] }
}

const surfaces: Readonly<Record<string, Surface>> = {
  graphql: {
    async register() {
      const { username: _, ...input } = draft()
      const document = `mutation($input: SignUpInput!) { result: signUp(input: $input) { ... on SignUpSuccess { ${TOKENS} } } }`
      const { result } = (await world().graphql(document, { input: { ...input, name: NAME } })).body
      const username = input.email.split('@')[0] ?? ''
      return {
        account: { id: result.user.id, email: input.email, username, ...namesOf(NAME) },
        tokens: [result.credentials.accessToken.token],
      }
    },
    async signIn(email) {
      const document = `mutation($input: SignInInput!) { result: signIn(input: $input) { ... on SignInSuccess { ${TOKENS} } } }`
      const { result } = (await world().graphql(document, { input: { identifier: email, password: PASSWORD } })).body
      return { id: result.user.id, tokens: [result.credentials.accessToken.token] }
    },
    look: async (token) => (await world().graphql('{ me { id email username name firstName lastName } }', {}, token)).body.me,
    shape: (account) => account,
  },
  idiot: {
    async register() {
      const { username, ...input } = draft()
      const { body } = await world().post('/v1/users', { ...input, name: NAME }, await signIn(world(), await admin(world())))
      return { account: { id: body.id, email: input.email, username, ...namesOf(NAME) }, tokens: [] }
    },
    signIn: v1SignIn,
    look: async (token, id) => (await world().get(`/v1/users/${id}`, token)).body,
    shape: ({ id, name, email }) => ({ id, name, email, permissions: [] }),
  },
  wekan: {
    async register() {
      const input = draft()
      const { body } = await world().post('/users/register', input)
      return { account: { id: body.id, email: input.email, username: input.username, ...namesOf(input.username) }, tokens: [body.token] }
    },
    async signIn(email) {
      const { body } = await world().post('/users/login', { email, password: PASSWORD })
      return { id: body.id, tokens: [body.token] }
    },
    look: async (token) => (await world().get('/api/user', token)).body,
    shape: ({ id, username, email, name }) => ({
      _id: id,
      createdAt: isoDate,
      modifiedAt: isoDate,
      username,
      emails: [{ address: email, verified: false }],
      profile: name === username ? {} : { fullname: name },
      authenticationMethod: 'password',
      sessionData: {},
    }),
  },
  xiot: {
    async register() {
      const { username, ...input } = draft()
      const names = { firstName: 'Ada', lastName: 'Lovelace' }
      const { body } = await world().post('/v1/auth/signup', { ...input, ...names, passwordConfirmation: PASSWORD })
      return { account: { id: body.id, email: input.email, username, name: 'Ada Lovelace', ...names }, tokens: [] }
    },
    signIn: v1SignIn,
    look: async (token) => (await world().get('/v1/profile', token)).body,
    shape: ({ username: _, ...account }) => ({ ...account, phone: null, twoFactorEnabled: false, createdAt: isoDate, updatedAt: isoDate }),
  },
  authentication: {
    async register() {
      const { username, ...input } = draft()
      const { body } = await world().post('/auth/register', { ...input, name: NAME, confirm: PASSWORD })
      return { account: { id: body.user.id, email: input.email, username, ...namesOf(NAME) }, tokens: [body.tokens.access.token] }
    },
    async signIn(email) {
      const { body } = await world().post('/auth/login', { email, password: PASSWORD })
      return { id: body.user.id, tokens: [body.tokens.access.token] }
    },
    look: async (token) => (await world().post('/auth', undefined, token)).body,
    shape: ({ name, email }) => ({ message: `Welcome ${name}`, user: { name, bio: null, email } }),
  },
}

describe.each(Object.entries(surfaces))('an account of %s', (_from, made) => {
  it.each(Object.entries(surfaces))('signs in on %s, is shown there, and the tokens of both work on both', async (_to, other) => {
    const { account, tokens } = await made.register()
    const session = await other.signIn(account.email)
    expect(session.id).toBe(account.id)
    const first = await made.signIn(account.email)
    for (const token of [...tokens, ...first.tokens, ...session.tokens]) {
      expect(await other.look(token, account.id)).toEqual(other.shape(account))
      expect(await made.look(token, account.id)).toEqual(made.shape(account))
    }
  })
})
