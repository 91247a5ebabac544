/**
 * Who sends the requests of the fuzz, and what each operation needs to succeed: accounts with and without a second factor, live
 * codes and tokens. All of it is made when it is first needed, by requests, and again once a request has used it up.
 * The administrator of the world makes the others and sends no random request.
 */
import { admin, PASSWORD, type Person, person, signIn, type TwoFactorPerson, unique, v1Person, withTwoFactor } from '../support/accounts.ts'
import { personalToken } from '../support/personalToken.ts'
import type { World } from '../support/world.ts'
import type { Bearer } from './plans.ts'

/** A request that succeeds. */
export interface Right {
  readonly token?: string
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
  /** Fields that no document can make up, since they name what is there. */
  readonly known?: readonly string[]
}

const freshEmail = (): string => `fuzz${unique()}@example.com`

const bosses = new WeakMap<World, Promise<string>>()

/** The session of the administrator of the world, opened once. */
const boss = (world: World): Promise<string> => {
  const known = bosses.get(world) ?? admin(world).then(async (somebody) => await signIn(world, somebody))
  bosses.set(world, known)
  return known
}

const administrator = async (world: World): Promise<Person> => {
  const made = await person(world)
  const mutation = 'mutation($input: SetAdminInput!) { result: setAdmin(input: $input) { ... on Error { code } } }'
  const { body } = await world.graphql(mutation, { input: { id: made.id, isAdmin: true } }, await boss(world))
  if (body.result?.code !== undefined) throw new Error(`no administrator: ${JSON.stringify(body)}`)
  return made
}

const mailedToken = async (world: World, email: string): Promise<string> => {
  await world.post('/auth/forgot-password', { email })
  const token = /#token=([\w-]+)/.exec(world.mails.findLast(({ to }) => to === email)?.text ?? '')?.[1]
  if (token === undefined) throw new Error(`no mail with a token went to ${email}`)
  return token
}

const loginCode = async (world: World, { email, password }: TwoFactorPerson): Promise<string> =>
  (await world.post('/v1/auth/login', { email, password })).body.loginCode

const asPerson = async (world: World, more: Right = {}): Promise<Right> => ({ token: (await person(world)).token, ...more })
const asAdmin = async (world: World, more: Right = {}): Promise<Right> => ({ token: (await administrator(world)).token, ...more })
const newAccount = () => ({ name: 'Fuzz Person', email: freshEmail(), password: PASSWORD })
const newWekan = () => ({ username: `fuzz${unique()}`, email: freshEmail(), password: PASSWORD })
const login = async (world: World): Promise<Right> => {
  const { email, password } = await person(world)
  return { body: { email, password }, known: ['email', 'password'] }
}
const chain = async (world: World): Promise<Right> => {
  const { refreshToken } = await person(world)
  return { body: { refreshToken }, known: ['refreshToken'] }
}
const forgotten = async (world: World): Promise<Right> => ({ body: { email: (await person(world)).email }, known: ['email'] })
const reset = async (world: World): Promise<string> => await mailedToken(world, (await person(world)).email)
const onSomebody = async (world: World, body?: Right['body']): Promise<Right> =>
  await asAdmin(world, { params: { id: (await person(world)).id }, ...(body === undefined ? {} : { body }) })

/** By the name of the operation. */
const rights: Readonly<Record<string, (world: World) => Promise<Right>>> = {
  'POST /v1/users': async (world) => await asAdmin(world, { body: newAccount() }),
  'GET /v1/users': async (world) => await asAdmin(world),
  'GET /v1/users/{id}': async (world) => await asPerson(world, { params: { id: (await person(world)).id } }),
  'DELETE /v1/users/{id}': async (world) => await onSomebody(world),
  'POST /v1/auth/login': login,
  'POST /v1/auth/logout': async (world) => await asPerson(world),
  'POST /users/register': async () => ({ body: newWekan() }),
  'POST /users/login': async (world) => {
    const { username, password } = await person(world)
    return { body: { username, password }, known: ['username', 'password'] }
  },
  'POST /users/logout': async (world) => await asPerson(world, { body: { all: true } }),
  'POST /api/users': async (world) => await asAdmin(world, { body: newWekan() }),
  'GET /api/users': async (world) => await asAdmin(world),
  'GET /api/users/{id}': async (world) => await onSomebody(world),
  'DELETE /api/users/{id}': async (world) => await onSomebody(world),
  'PUT /api/users/{id}': async (world) => await onSomebody(world, { action: 'disableLogin' }),
  'GET /api/user': async (world) => await asPerson(world),
  'POST /v1/auth/signup': async () => ({
    body: {
      email: freshEmail(),
      firstName: 'Fuzz',
      lastName: 'Person',
      password: PASSWORD,
      passwordConfirmation: PASSWORD,
      phone: '01012345678',
    },
  }),
  'POST /v1/auth/verify-totp': async (world) => {
    const somebody = await withTwoFactor(world)
    const code = somebody.recoveryCodes[0]
    return { body: { loginCode: await loginCode(world, somebody), code }, known: ['loginCode', 'code'] }
  },
  'GET /v1/profile': async (world) => await asPerson(world),
  'PUT /v1/profile': async (world) => await asPerson(world, { body: { phone: '+201112345678', firstName: 'Fuzz', lastName: 'Person' } }),
  'PUT /v1/security/change-password': async (world) => {
    const body = { oldPassword: PASSWORD, password: 'another password', passwordConfirmation: 'another password' }
    return await asPerson(world, { body, known: ['oldPassword'] })
  },
  'POST /v1/security/forget-password': forgotten,
  'POST /v1/security/reset-password': async (world) => ({
    body: { token: await reset(world), password: 'another password' },
    known: ['token'],
  }),
  'POST /v1/security/twofactor-enable': async (world) => ({ token: (await v1Person(world)).token }),
  'POST /v1/security/twofactor-disable': async (world) => {
    const { token, recoveryCodes } = await withTwoFactor(world)
    return { token, body: { code: recoveryCodes[0], password: PASSWORD }, known: ['code', 'password'] }
  },
  'PUT /v1/account/change-email': async (world) => await asPerson(world, { body: { email: freshEmail() } }),
  'POST /auth': async (world) => await asPerson(world),
  'POST /auth/register': async () => ({ body: { ...newAccount(), confirm: PASSWORD, bio: 'Some words' } }),
  'POST /auth/login': login,
  'POST /auth/logout': chain,
  'POST /auth/refresh-tokens': chain,
  'POST /auth/forgot-password': forgotten,
  'POST /auth/reset-password': async (world) => ({ query: { token: await reset(world) }, body: { password: 'another password' } }),
}

type Made = Exclude<Bearer, 'right' | 'nobody' | 'empty' | { readonly text: string }>

/** Tokens by what they are; those of a live session may be used up. */
const bearers = (expired: string): Readonly<Record<Made, (world: World) => Promise<string>>> => ({
  person: async (world) => (await person(world)).token,
  admin: async (world) => (await administrator(world)).token,
  twoFactor: async (world) => (await withTwoFactor(world)).token,
  revoked: async (world) => {
    const { token, refreshToken } = await person(world)
    await world.post('/auth/logout', { refreshToken })
    return token
  },
  expired: async () => expired,
  refresh: async (world) => (await person(world)).refreshToken,
  loginCode: async (world) => await loginCode(world, await withTwoFactor(world)),
  personal: async (world) => await personalToken(world, await administrator(world), ['users:read']),
  opaque: async (world) => (await world.post('/v1/auth/login', await person(world))).body.token,
  wekan: async (world) => (await world.post('/users/login', await person(world))).body.token,
  basic: async (world) => (await person(world)).token,
  spaced: async (world) => (await person(world)).token,
  lowerCase: async (world) => (await person(world)).token,
})

/** A login code dies of five wrong guesses. */
const USES = 4

export interface Callers {
  right(operation: string): Promise<Right>
  bearer(kind: Made): Promise<string>
  /** A request has changed something: whom it was for and who sent it are made anew. */
  spent(operation: string, bearer: Bearer): void
}

export const operationsWithRequest: readonly string[] = Object.keys(rights)

/** The settings of the world of the callers: sessions outlive the longest run, and nobody waits for a mail. */
export const SETTINGS = { ACCESS_TOKEN_LIFE: '24h', STEP_UP_GRAPHQL: '24h', LIMIT_RESET_MAILS: '1000000' }
const DAY_AND_MORE = 25 * 3_600_000

export async function createCallers(world: World): Promise<Callers> {
  await admin(world)
  const { token: expired } = await person(world)
  world.advance(DAY_AND_MORE)
  const makers = bearers(expired)
  const made = new Map<string, { readonly right: Promise<Right>; uses: number }>()
  const tokens = new Map<Made, Promise<string>>()
  return {
    async right(operation) {
      const make = rights[operation]
      if (make === undefined) throw new Error(`say in test/openapiFuzz/callers.ts what ${operation} needs to succeed`)
      const known = made.get(operation)
      const fresh =
        known === undefined || (known.uses >= USES && operation.endsWith('/verify-totp')) ? { right: make(world), uses: 0 } : known
      made.set(operation, { ...fresh, uses: fresh.uses + 1 })
      return await fresh.right
    },
    async bearer(kind) {
      const token = tokens.get(kind) ?? makers[kind](world)
      tokens.set(kind, token)
      return await token
    },
    spent(operation, bearer) {
      made.delete(operation)
      if (typeof bearer === 'string') tokens.delete(bearer as Made)
    },
  }
}
