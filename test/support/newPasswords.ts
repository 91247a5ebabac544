/**
 * Every way to set a password, on every surface, each for a fresh Ada Lovelace: what a check of new passwords is tried on.
 */
import { expect } from 'vitest'
import { admin, PASSWORD, type Person, person, signIn, signInOnV1, unique, v1Person, verifiedPerson } from './accounts.ts'
import type { Answer, World } from './world.ts'

/** Who the password is for. Her words: ada, lovelace, countess, engines. */
export const newAda = () => {
  const number = unique()
  return { email: `ada@engines${number}.example`, username: `countess${number}`, name: 'Ada Lovelace' }
}

/** Tries passwords for one account that is there, or is to be; each try may be the last. */
export type TryPassword = (password: string) => Promise<Answer>

export interface PasswordWay {
  readonly name: string
  readonly surface: 'graphql' | 'dialect'
  readonly begin: (world: World) => Promise<TryPassword>
  /** What was said against the password, or null if it was taken. */
  readonly refusal: (answer: Answer) => string | null
}

const token = async (world: World, { email, password }: Pick<Person, 'email' | 'password'>) => await signIn(world, { email, password })
const adminToken = async (world: World): Promise<string> => await token(world, await admin(world))
/** Of the sign-in of `/v1`: a token of GraphQL brings GraphQL's rules along. */
const v1AdminToken = async (world: World): Promise<string> => await signInOnV1(world, await admin(world))
const names = { firstName: 'Ada', lastName: 'Lovelace' }

const mailedTo = (world: World, address: string): string =>
  /#token=([\w-]+)/.exec(world.mails.findLast(({ to }) => to === address)?.text ?? '')?.[1] ?? ''

const mailedToken = async (world: World): Promise<string> => {
  const { email } = await person(world, newAda())
  await world.post('/auth/forgot-password', { email })
  return mailedTo(world, email)
}

const graphql = (
  operation: string,
  begin: (world: World) => Promise<{ input: (password: string) => object; token?: string }>,
): PasswordWay => ({
  name: operation,
  surface: 'graphql',
  begin: async (world) => {
    const { input, token: bearer } = await begin(world)
    const type = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}Input`
    const document = `mutation($input: ${type}!) { result: ${operation}(input: $input) { __typename ... on Error { code fieldErrors { field message } } } }`
    return async (password) => await world.graphql(document, { input: input(password) }, bearer)
  },
  refusal: ({ body: { result } }) => {
    if (result.code === undefined) return null
    expect(result).toMatchObject({ code: 'INVALID_INPUT', fieldErrors: [{ field: expect.stringMatching(/^(newP|p)assword$/) }] })
    return result.fieldErrors[0].message
  },
})

const dialect = (
  name: string,
  begin: (world: World) => Promise<{ path?: string; body: (password: string) => object; token?: string }>,
): PasswordWay => {
  const [method = '', path = ''] = name.split(' ')
  return {
    name,
    surface: 'dialect',
    begin: async (world) => {
      const given = await begin(world)
      return async (password) => await world.request(method, given.path ?? path, { json: given.body(password), token: given.token })
    },
    refusal: ({ status, body }) => {
      if (status < 300) return null
      expect([name, status]).toEqual([name, 400])
      return body.errors?.password ?? body.reason
    },
  }
}

export const passwordWays: readonly PasswordWay[] = [
  graphql('signUp', async () => {
    const ada = newAda()
    return { input: (password) => ({ ...ada, password }) }
  }),
  graphql('createUser', async (world) => {
    const ada = newAda()
    return { input: (password) => ({ ...ada, password }), token: await adminToken(world) }
  }),
  graphql('changePassword', async (world) => {
    const ada = await person(world, newAda())
    return { input: (newPassword) => ({ oldPassword: PASSWORD, newPassword }), token: ada.token }
  }),
  graphql('resetPassword', async (world) => {
    const mailed = await mailedToken(world)
    return { input: (newPassword) => ({ token: mailed, newPassword }) }
  }),
  graphql('undoAccountChange', async (world) => {
    const ada = await verifiedPerson(world, newAda())
    await world.put('/v1/account/change-email', { email: `moved-${ada.email}` }, await signInOnV1(world, ada))
    const token = mailedTo(world, ada.email)
    return { input: (newPassword) => ({ token, newPassword }) }
  }),
  dialect('POST /users/register', async () => {
    const { email, username } = newAda()
    return { body: (password) => ({ email, username, password }) }
  }),
  dialect('POST /api/users', async (world) => {
    const { email, username } = newAda()
    return { body: (password) => ({ email, username, password }), token: await v1AdminToken(world) }
  }),
  dialect('POST /v1/users', async (world) => {
    const { email, name } = newAda()
    return { body: (password) => ({ email, name, password }), token: await v1AdminToken(world) }
  }),
  dialect('POST /v1/auth/signup', async () => {
    const { email } = newAda()
    return { body: (password) => ({ email, ...names, password, passwordConfirmation: password }) }
  }),
  dialect('PUT /v1/security/change-password', async (world) => {
    const ada = await v1Person(world, newAda())
    return { body: (password) => ({ oldPassword: PASSWORD, password, passwordConfirmation: password }), token: ada.token }
  }),
  dialect('POST /v1/security/reset-password', async (world) => {
    const mailed = await mailedToken(world)
    return { body: (password) => ({ token: mailed, password }) }
  }),
  dialect('POST /auth/register', async () => {
    const { email, name } = newAda()
    return { body: (password) => ({ email, name, password, confirm: password }) }
  }),
  dialect('POST /auth/reset-password', async (world) => {
    const mailed = await mailedToken(world)
    return { path: `/auth/reset-password?token=${mailed}`, body: (password) => ({ password }) }
  }),
]
