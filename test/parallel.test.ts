/**
 * What may happen once happens once, however many ask for it at the same time and through whichever surface. PostgreSQL
 * runs these requests side by side; PGlite, which has one connection, one after the other.
 */
import { availableParallelism } from 'node:os'
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person, signIn, unique, v1Person } from './support/accounts.ts'
import { openTestDatabase } from './support/database.ts'
import { failureCode } from './support/failureCode.ts'
import { type Answer, openWorld, useWorld, type World } from './support/world.ts'

const graphql = async (world: World, name: string, input: object, token?: string): Promise<string> => {
  const type = name.charAt(0).toUpperCase() + name.slice(1)
  const document = `mutation($input: ${type}Input!) { result: ${name}(input: $input) { __typename ... on Error { code } } }`
  const { body } = await world.request('POST', '/graphql', { json: { query: document, variables: { input } }, token })
  const code = failureCode(body)
  if (code === undefined && body.data?.result == null) throw new Error(`${name} failed: ${JSON.stringify(body)}`)
  return code ?? 'done'
}

/** Runs `count` at once; `work` gets the number of each. */
const atOnce = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))
const countOf = <T>(values: readonly T[], value: T): number => values.filter((other) => other === value).length
const isDone = ({ status }: Answer): string => (status === 200 || status === 201 ? 'done' : String(status))

/** Sign-up through each surface that has one, with an address or a username. */
const SIGN_UPS: readonly ((world: World, email: string) => Promise<string>)[] = [
  (world, email) => graphql(world, 'signUp', { email, password: PASSWORD }),
  async (world, email) => isDone(await world.post('/users/register', { username: `parallel${unique()}`, email, password: PASSWORD })),
  async (world, email) =>
    isDone(
      await world.post('/v1/auth/signup', {
        email,
        firstName: 'Ada',
        lastName: 'King',
        password: PASSWORD,
        passwordConfirmation: PASSWORD,
      }),
    ),
  async (world, email) => isDone(await world.post('/auth/register', { email, name: 'Ada', password: PASSWORD, confirm: PASSWORD })),
]

describe('on a fresh user base', () => {
  const world = useWorld()

  it('20 sign-ups make 20 accounts and exactly one administrator', async () => {
    const results = await atOnce(20, async (index) => await SIGN_UPS[index % 4]?.(world(), `first${unique()}@example.com`))
    expect(countOf(results, 'done')).toBe(20)
    const { client } = world().db
    const admins = await client.user.findMany({ where: { isAdmin: true } })
    expect(await client.user.count()).toBe(20)
    expect(admins).toHaveLength(1)
    expect(await client.claim.findMany()).toMatchObject([{ name: 'first-account', userId: admins[0]?.id }])
  })
})

describe('two administrators who turn on each other', () => {
  const world = useWorld()
  const enabledAdmins = () => world().db.client.user.count({ where: { isAdmin: true, loginDisabled: false } })
  const alone = async (): Promise<Person> => {
    const made = await person(world())
    await world().db.client.user.updateMany({ data: { isAdmin: false } })
    await world().db.client.user.update({ where: { id: made.id }, data: { isAdmin: true } })
    return made
  }

  it.each([
    ['disable', 'setLoginEnabled', { enabled: false }],
    ['delete', 'deleteUser', {}],
    ['demote', 'setAdmin', { isAdmin: false }],
  ])('%s: one is left each time', async (_what, name, more) => {
    for (let round = 1; round <= 3; round += 1) {
      const pair = [await alone(), await person(world())] as const
      expect(await graphql(world(), 'setAdmin', { id: pair[1].id, isAdmin: true }, pair[0].token)).toBe('done')
      const results = await atOnce(2, (index) => graphql(world(), name, { id: pair[1 - index]?.id, ...more }, pair[index]?.token))
      expect(await enabledAdmins()).toBe(1)
      expect(countOf(results, 'done')).toBe(1)
      expect(['LAST_ADMIN', 'UNAUTHENTICATED', 'FORBIDDEN']).toContain(results.find((result) => result !== 'done'))
    }
  })

  it('disable through Wekan: one is left, and the other answer says why', async () => {
    const pair = [await alone(), await person(world())] as const
    await graphql(world(), 'setAdmin', { id: pair[1].id, isAdmin: true }, pair[0].token)
    const answers = await atOnce(2, (index) =>
      world().put(`/api/users/${pair[1 - index]?.id}`, { action: 'disableLogin' }, pair[index]?.token),
    )
    expect(await enabledAdmins()).toBe(1)
    const [lost] = answers.filter(({ status }) => status !== 200)
    expect([400, 401]).toContain(lost?.status)
    expect(lost?.body).toMatchObject({ isClientSafe: true, statusCode: lost?.status })
  })
})

describe('one namespace', () => {
  const world = useWorld()
  beforeAll(async () => void (await admin(world())))

  const CONFLICTS: Readonly<Record<string, (email: string) => Promise<{ made: boolean; conflict: unknown; expected: unknown }>>> = {
    graphql: async (email) => {
      const document = `mutation($input: SignUpInput!) { result: signUp(input: $input) { __typename ... on Error { code } } }`
      const { body } = await world().graphql(document, { input: { email, password: PASSWORD } })
      const expected = { __typename: 'ConflictError', code: 'EMAIL_TAKEN' }
      return { made: body.result.__typename === 'SignUpSuccess', conflict: body.result, expected }
    },
    idiot: async (email) => {
      const { status, body } = await world().post('/v1/users', { email, name: 'Ada', password: PASSWORD }, (await admin(world())).token)
      const errors = { email: expect.any(String) }
      const expected = { statusCode: 400, message: 'Email already exists', errors, request_id: expect.any(String) }
      return { made: status === 200, conflict: body, expected }
    },
    wekan: async (email) => {
      const { status, body } = await world().post('/users/register', { username: `same${unique()}`, email, password: PASSWORD })
      return { made: status === 200, conflict: body, expected: { error: 403, reason: 'Email already exists.' } }
    },
    xiot: async (email) => {
      const input = { email, firstName: 'Ada', lastName: 'King', password: PASSWORD, passwordConfirmation: PASSWORD }
      const { status, body } = await world().post('/v1/auth/signup', input)
      const errors = { email: 'E-mail already in use' }
      const expected = { statusCode: 400, message: 'Validation errors', errors, request_id: expect.any(String) }
      return { made: status === 200, conflict: body, expected }
    },
    authentication: async (email) => {
      const { status, body } = await world().post('/auth/register', { email, name: 'Ada', password: PASSWORD, confirm: PASSWORD })
      const text = expect.any(String)
      return {
        made: status === 201,
        conflict: body,
        expected: { error: text, message: text, status: 400, code: 400, errors: { email: text } },
      }
    },
  }

  it('one address, 10 sign-ups on 5 surfaces: exactly one account, and each other hears it in its own form', async () => {
    const email = `same${unique()}@example.com`
    const tries = Object.values(CONFLICTS)
    const results = await atOnce(10, async (index) => {
      const attempt = tries[index % tries.length]
      if (attempt === undefined) throw new Error('no surface')
      return await attempt(index % 2 === 0 ? email : email.toUpperCase())
    })
    const lost = results.filter(({ made }) => !made)
    expect(lost).toHaveLength(9)
    for (const { conflict, expected } of lost) expect(conflict).toEqual(expected)
    expect(await world().db.client.user.count({ where: { email: { equals: email, mode: 'insensitive' } } })).toBe(1)
    expect(await world().db.client.identifier.count({ where: { value: email } })).toBe(1)
  })

  it('an address of one and a username of another: exactly one account, that of the address', async () => {
    const value = `either${unique()}@work`
    const results = await atOnce(10, (index) =>
      graphql(world(), 'signUp', { [index % 2 === 0 ? 'email' : 'username']: value, password: PASSWORD }),
    )
    expect(countOf(results, 'done')).toBe(1)
    for (const [index, result] of results.entries())
      expect(index % 2 === 0 ? ['done', 'EMAIL_TAKEN'] : ['INVALID_INPUT', 'USERNAME_TAKEN']).toContain(result)
    const { client } = world().db
    expect(await client.user.count({ where: { email: value } })).toBe(1)
    expect(await client.user.count({ where: { username: value } })).toBe(0)
  })

  it('two who cross address and username: no account, as none may have the address of another', async () => {
    const [one, other] = [`cross${unique()}@work`, `cross${unique()}@work`]
    const results = await atOnce(6, (index) =>
      graphql(world(), 'signUp', {
        ...(index % 2 === 0 ? { email: one, username: other } : { email: other, username: one }),
        password: PASSWORD,
      }),
    )
    expect(results).toEqual(Array(6).fill('INVALID_INPUT'))
  })

  it('one local part: everybody gets a username of the own', async () => {
    const local = `local${unique()}`
    const results = await atOnce(12, (index) => graphql(world(), 'signUp', { email: `${local}@host${index}.example`, password: PASSWORD }))
    expect(countOf(results, 'done')).toBe(12)
    const users = await world().db.client.user.findMany({ where: { email: { startsWith: `${local}@` } } })
    expect(new Set(users.map(({ username }) => username)).size).toBe(12)
  })

  it('a confirmed change and a sign-up for one address: exactly one holder', async () => {
    const someone = await person(world())
    const email = `wanted${unique()}@example.com`
    await graphql(world(), 'changeEmail', { email }, someone.token)
    const token = /#token=([\w-]+)/.exec(world().mails.at(-1)?.text ?? '')?.[1]
    const results = await Promise.all([graphql(world(), 'confirmEmail', { token }), ...SIGN_UPS.map((signUp) => signUp(world(), email))])
    expect(countOf(results, 'done')).toBe(1)
    expect(await world().db.client.user.count({ where: { email } })).toBe(1)
  })
})

describe('done many times at once', () => {
  const world = useWorld()
  beforeAll(async () => void (await admin(world())))

  it('a session is signed out once', async () => {
    const someone = await person(world())
    const answers = await atOnce(20, () => world().post('/v1/auth/logout', undefined, someone.token))
    expect(countOf(answers.map(isDone), 'done')).toBe(1)
    expect(countOf(answers.map(isDone), '401')).toBe(19)
  })

  it('a forgotten password sends three mails', async () => {
    const { email } = await person(world())
    const results = await atOnce(20, () => graphql(world(), 'requestPasswordReset', { email }))
    expect(countOf(results, 'done')).toBe(20)
    expect(world().mails.filter(({ to }) => to === email)).toHaveLength(3)
  })

  it('rotateSigningKey leaves one key that signs', async () => {
    const { token } = await admin(world())
    const document = 'mutation { result: rotateSigningKey { ... on RotateSigningKeySuccess { kid } } }'
    const kids = await atOnce(5, async () => (await world().graphql(document, {}, token)).body.result.kid)
    const [signing, ...others] = await world().db.client.signingKey.findMany({ where: { retiredAt: null } })
    expect(others).toEqual([])
    expect(kids).toContain(signing?.kid)
  })

  it('wrong passwords are slowed down after 10, and at most one more for each other core', async () => {
    const someone = await person(world())
    const results = await atOnce(40, () => graphql(world(), 'signIn', { identifier: someone.email, password: 'not mine' }))
    expect(countOf(results, 'BAD_CREDENTIALS') + countOf(results, 'TOO_MANY_REQUESTS')).toBe(40)
    expect(countOf(results, 'BAD_CREDENTIALS')).toBeGreaterThanOrEqual(10)
    expect(countOf(results, 'BAD_CREDENTIALS')).toBeLessThan(10 + availableParallelism())
  })
})

describe('sign-ins that race with', () => {
  const world = useWorld()
  beforeAll(async () => void (await admin(world())))

  const tokenOf = async ({ email, password }: Person): Promise<string | undefined> =>
    (await world().post('/users/login', { email, password })).body.token
  const administer = async (name: string, input: object) => await graphql(world(), name, input, (await admin(world())).token)
  const enable = async ({ id }: Person) => await administer('setLoginEnabled', { id, enabled: true })
  const mailed = () => /#token=([\w-]+)/.exec(world().mails.at(-1)?.text ?? '')?.[1]
  const newPassword = 'quite another one'

  it.each<[string, (someone: Person) => Promise<string>, (someone: Person) => Promise<unknown>]>([
    [
      'a change of password',
      async ({ token }) => await graphql(world(), 'changePassword', { oldPassword: PASSWORD, newPassword }, token),
      async () => undefined,
    ],
    [
      'a reset of the password',
      async () => await graphql(world(), 'resetPassword', { token: mailed(), newPassword }),
      async () => undefined,
    ],
    ['being disabled', async ({ id }) => await administer('setLoginEnabled', { id, enabled: false }), enable],
    ['being deleted', async ({ id }) => await administer('deleteUser', { id }), async () => undefined],
  ])('%s leave no session behind', async (_what, change, afterwards) => {
    for (let round = 1; round <= 3; round += 1) {
      const someone = await person(world())
      await graphql(world(), 'requestPasswordReset', { email: someone.email })
      const signIns = Array.from({ length: 6 }, () => tokenOf(someone))
      const [changed, ...tokens] = await Promise.all([change(someone), ...signIns])
      await afterwards(someone)
      expect(changed).toBe('done')
      for (const token of tokens) if (token !== undefined) expect((await world().get('/api/user', token)).status).toBe(401)
    }
  })
})

describe('at most 5 sessions', () => {
  const world = useWorld({ MAX_SESSIONS: '5' })

  it('12 sign-ins at once leave 5 alive, and those not used for the longest time have ended', async () => {
    await admin(world())
    const someone = await person(world())
    const old = [someone.token, await signIn(world(), someone), await signIn(world(), someone)]
    world().advance(1000)
    const login = { email: someone.email, password: PASSWORD }
    const tokens = await atOnce(12, async (index): Promise<string> => {
      if (index % 3 === 0) return await signIn(world(), someone)
      const path = index % 3 === 1 ? '/v1/auth/login' : '/users/login'
      return (await world().post(path, login)).body.token
    })
    const works = async (token: string) => (await world().get('/v1/profile', token)).status === 200
    expect(countOf(await Promise.all(old.map(works)), true)).toBe(0)
    expect(countOf(await Promise.all(tokens.map(works)), true)).toBe(5)
    expect(await world().db.client.session.count({ where: { userId: someone.id, endedAt: null } })).toBe(5)
    const sessions = await world().db.client.session.findMany({ where: { userId: someone.id }, orderBy: { createdAt: 'asc' } })
    const alive = sessions.filter(({ endedAt }) => endedAt === null).map(({ createdAt }) => createdAt.getTime())
    const ended = sessions.filter(({ endedAt }) => endedAt !== null).map(({ createdAt }) => createdAt.getTime())
    expect(Math.max(...ended)).toBeLessThanOrEqual(Math.min(...alive))
  })
})

it('two servers that start at once on one empty database make one signing key and one administrator of the settings', async () => {
  const db = await openTestDatabase()
  const settings = { ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: PASSWORD }
  const [first, second] = await Promise.all([openWorld(settings, { db }), openWorld(settings, { db })])
  const someone = await person(first)
  expect((await second.get('/v1/profile', someone.token)).body.id).toBe(someone.id)
  expect(await db.client.signingKey.count()).toBe(1)
  expect(await db.client.user.count({ where: { isAdmin: true } })).toBe(1)
  const lines = [first, second].flatMap(({ logs }) => logs.filter(({ fields }) => fields.setting === 'ADMIN_EMAIL'))
  expect(lines.filter(({ message }) => message === 'the administrator of ADMIN_EMAIL was created')).toHaveLength(1)
  expect(lines).toHaveLength(2)
  await second.close()
  await first.close()
  await db.close()
})

describe('one account that changes its address several times at once', () => {
  const world = useWorld()

  it('one account that changes its address several times at once goes by exactly one address in the end, and the others are free', async () => {
    const { id, token, password } = await v1Person(world())
    const addresses = Array.from({ length: 5 }, () => `moved${unique()}@example.com`)
    const answers = await atOnce(5, async (index) => await world().put('/v1/account/change-email', { email: addresses[index] }, token))
    expect(countOf(answers.map(isDone), 'done')).toBeGreaterThan(0)
    const logins = await Promise.all(addresses.map(async (email) => isDone(await world().post('/v1/auth/login', { email, password }))))
    expect(countOf(logins, 'done')).toBe(1)
    const kept = await world().db.client.identifier.findMany({ where: { userId: id } })
    const account = await world().db.client.user.findUniqueOrThrow({ where: { id } })
    expect(kept.map(({ value }) => value).sort()).toEqual([account.username, account.email].sort())
  })
})
