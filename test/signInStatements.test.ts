/**
 * What a sign-in costs the database, on every surface: three statements and, where counters are in PostgreSQL, one more for the
 * attempt. A wrong password costs the same for an account and for nobody.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, type Person, person, unique } from './support/accounts.ts'
import { databaseKind, statementsOf } from './support/database.ts'
import { useWorld } from './support/world.ts'

const world = useWorld()

const SIGN_IN = `mutation($input: SignInInput!) { result: signIn(input: $input) {
  ... on SignInSuccess { user { id email } credentials { accessToken { token } } } ... on Error { code } } }`

/** Signs in; whether it was let in. */
const WAYS: Readonly<Record<string, (identifier: string, password: string) => Promise<boolean>>> = {
  GraphQL: async (identifier, password) =>
    (await world().graphql(SIGN_IN, { input: { identifier, password } })).body.result.user !== undefined,
  'POST /v1/auth/login': async (email, password) => (await world().post('/v1/auth/login', { email, password })).status === 200,
  'POST /auth/login': async (email, password) => (await world().post('/auth/login', { email, password })).status === 200,
  'POST /users/login': async (email, password) => (await world().post('/users/login', { email, password })).status === 200,
}

/** What each statement is, without those of jobs that happen to run now. */
const kinds = (statements: readonly string[]): string[] =>
  statements
    .map((sql) => sql.replaceAll('"', '').replaceAll('public.', '').trim())
    .filter((sql) => !/\b(outbox|signing_keys|dialect_uses)\b/.test(sql))
    .map((sql) => /^(INSERT INTO \w+|WITH \w+|\w+)/.exec(sql)?.[1] ?? sql)

/** Counters of attempts are in memory with the embedded database. */
const counted = (...statements: string[]): string[] => (databaseKind() === 'postgresql' ? statements : [])

let someone: Person
beforeAll(async () => {
  await person(world())
  await person(world())
})

describe.each(Object.entries(WAYS))('by %s', (_name, way) => {
  const costOf = async (identifier: string, password: string, isLetIn: boolean): Promise<string[]> =>
    kinds(await statementsOf(world().db, async () => expect(await way(identifier, password)).toBe(isLetIn)))

  beforeAll(async () => {
    someone = await person(world())
  })

  it('a sign-in from a known device looks the account up, looks at its counts, and writes everything at once', async () => {
    expect(await costOf(someone.email, PASSWORD, true)).toEqual([...counted('INSERT INTO rate_limits'), 'SELECT', 'SELECT', 'WITH live'])
  })

  it('a wrong password costs the same for an account as for nobody', async () => {
    const wrong = await costOf(someone.email, 'not this one', false)
    expect(wrong).toEqual([
      ...counted('INSERT INTO rate_limits'),
      'SELECT',
      'SELECT',
      ...counted('INSERT INTO rate_limits'),
      'WITH account',
      'INSERT INTO audit_events',
    ])
    expect(await costOf(`nobody${unique()}@example.com`, 'not this one', false)).toEqual(wrong)
  })
})

describe('others', () => {
  const costOf = async (work: () => Promise<unknown>): Promise<string[]> => kinds(await statementsOf(world().db, work))

  it('a sign-up with a username looks once for what is taken, and writes the session with all that belongs to it at once', async () => {
    expect(await costOf(async () => await person(world()))).toEqual([
      ...counted('INSERT INTO rate_limits'),
      'SELECT',
      'INSERT INTO users',
      'INSERT INTO identifiers',
      'INSERT INTO audit_events',
      'WITH device',
    ])
  })

  it('a sign-up without a username derives one, which costs two more', async () => {
    const email = `derived${unique()}@example.com`
    const body = { name: 'Some Body', email, password: PASSWORD, confirm: PASSWORD }
    expect(await costOf(async () => expect((await world().post('/auth/register', body)).status).toBe(201))).toEqual([
      ...counted('INSERT INTO rate_limits'),
      'SELECT',
      'INSERT INTO users',
      'INSERT INTO identifiers',
      'INSERT INTO identifiers',
      'UPDATE',
      'INSERT INTO audit_events',
      'WITH device',
    ])
  })

  it('a refresh is one statement', async () => {
    const { refreshToken } = await person(world())
    expect(await costOf(async () => expect((await world().post('/auth/refresh-tokens', { refreshToken })).status).toBe(200))).toEqual([
      ...counted('INSERT INTO rate_limits'),
      'WITH rotated',
    ])
  })
})
