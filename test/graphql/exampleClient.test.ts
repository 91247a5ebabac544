/**
 * The example of a front end (examples/client) against a server: with the text of its documents, and by their hashes alone where
 * nothing else runs. What does not compile is here as well, held by the type checker, and the server refuses the same.
 */
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Account, openAccount } from '../../examples/client/account.ts'
import { type Client, createClient } from '../../examples/client/client.ts'
import { tour } from '../../examples/client/example.ts'
import * as documents from '../../examples/client/operations.ts'
import { MeDocument, SignInDocument, SignOutDocument, UsersDocument } from '../../examples/client/operations.ts'
import { PASSWORD, signInOnV1, totp, unique } from '../support/accounts.ts'
import { useWorld, type World } from '../support/world.ts'

const manifest = fileURLToPath(new URL('../../examples/client/persisted.json', import.meta.url))
const plain = useWorld()
const listed = useWorld({ PERSISTED_OPERATIONS: manifest, PERSISTED_OPERATIONS_ONLY: 'true' })

const endpoint = (world: World) => `${world.url}/graphql`
const nobodyAsks = () => Promise.reject(new Error('nobody has a second factor here'))

/** An account made by a dialect, whose routes no allow-list touches. */
const register = async (world: World): Promise<{ readonly email: string; readonly token: string }> => {
  const email = `client${unique()}@example.com`
  const { body } = await world.post('/auth/register', { name: 'Ada Lovelace', email, password: PASSWORD, confirm: PASSWORD })
  return { email, token: body.tokens.access.token }
}

describe.each([
  ['by the text of its documents', plain, false],
  ['by their hashes, where nothing else runs', listed, true],
] as const)('a front end %s', (_how, world, persisted) => {
  let first: Awaited<ReturnType<typeof register>>
  beforeAll(async () => {
    first = await register(world())
  })
  const open = (): Account => openAccount({ url: endpoint(world()), persisted })

  it('a front end signs up, is somebody, goes on with new tokens, and leaves', async () => {
    const account = open()
    const email = `ada${unique()}@example.com`
    expect(await account.signUp({ email, password: PASSWORD, name: 'Ada Lovelace' })).toEqual({ value: 'Ada Lovelace' })
    const me = { id: expect.any(String), name: 'Ada Lovelace', email, isAdmin: false, twoFactorEnabled: false }
    expect(await account.me()).toEqual({ value: me })
    expect(await account.refresh()).toEqual({ value: true })
    expect(await account.me()).toEqual({ value: me })
    expect(await account.signOut()).toEqual({ value: true })
    expect(await account.me()).toEqual({ value: null })
    expect(await account.refresh()).toMatchObject({ problem: { code: 'INVALID_INPUT' } })
  })

  it('a front end signs in with two factors', async () => {
    const { email } = await register(world())
    const onV1 = await signInOnV1(world(), { email, password: PASSWORD })
    const { secret } = (await world().post('/v1/security/twofactor-enable', undefined, onV1)).body
    const account = open()
    expect(await account.signIn(email, PASSWORD, async () => 'no code')).toMatchObject({ problem: { code: 'INVALID_TWO_FACTOR_CODE' } })
    expect(await account.me()).toEqual({ value: null })
    expect(await account.signIn(email, PASSWORD, async () => totp(secret))).toEqual({ value: 'Ada Lovelace' })
    expect(await account.me()).toMatchObject({ value: { email, twoFactorEnabled: true } })
  })

  it('a front end learns what is wrong', async () => {
    const account = open()
    expect(await account.signIn(first.email, 'wrong', nobodyAsks)).toEqual({
      problem: { code: 'BAD_CREDENTIALS', message: expect.stringMatching(/\S/) },
    })
    for await (const user of account.users()) expect(user).toMatchObject({ problem: { code: 'UNAUTHENTICATED' } })
  })

  it('a front end reads all users, page by page', async () => {
    const emails = [first.email]
    while (emails.length < 5) emails.push((await register(world())).email)
    const account = open()
    await account.signIn(first.email, PASSWORD, nobodyAsks)
    const found: (string | null)[] = []
    for await (const user of account.users('client', 2)) found.push('value' in user ? user.value.email : user.problem.code)
    expect(found).toEqual(expect.arrayContaining(emails))
    expect(new Set(found).size).toBe(found.length)
  })

  it('the example runs from its first line to its last', async () => {
    const { email } = await register(world())
    const onV1 = await signInOnV1(world(), { email, password: PASSWORD })
    const { secret } = (await world().post('/v1/security/twofactor-enable', undefined, onV1)).body
    const lines: string[] = []
    const terminal = { say: (line: string) => void lines.push(line), ask: async () => totp(secret) }
    const args = [endpoint(world()), email, PASSWORD, ...(persisted ? ['--persisted'] : [])]
    expect(await tour(args, terminal)).toBe(true)
    expect(lines).toEqual([
      'Signed in: Ada Lovelace',
      expect.stringContaining(email),
      'Refreshed',
      expect.stringMatching(/^FORBIDDEN: /),
      'Signed out',
    ])
    lines.length = 0
    expect(await tour([endpoint(world()), email, 'wrong', ...args.slice(3)], terminal)).toBe(false)
    expect(lines).toEqual([expect.stringMatching(/^BAD_CREDENTIALS: /)])
  })
})

it('the example tells how it is used, if it is used otherwise', async () => {
  const complete = ['http://localhost:4000/graphql', 'ada@example.com', PASSWORD]
  for (const args of [[], ['--persisted'], complete.slice(0, 2), [...complete.slice(0, 2), '--persisted'], [...complete, 'more']]) {
    const lines: string[] = []
    expect(await tour(args, { say: (line) => void lines.push(line), ask: nobodyAsks })).toBe(false)
    expect(lines).toEqual([expect.stringMatching(/^usage: npm run example:client -- URL IDENTIFIER PASSWORD /)])
  }
})

describe('where nothing else runs', () => {
  it('the text of another document is refused, and the hash of one is not found', async () => {
    const other = { ...MeDocument, __meta__: { hash: '0'.repeat(64), text: '{ me { id } }' } }
    const refusal = async (persisted: boolean) => await createClient({ url: endpoint(listed()), persisted }).execute(other)
    expect(await refusal(false)).toMatchObject({ kind: 'errors', status: 400, errors: [{ extensions: { code: 'PERSISTED_QUERY_ONLY' } }] })
    expect(await refusal(true)).toMatchObject({
      kind: 'errors',
      status: 400,
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    })
  })

  it('a request holds the hash and no document', async () => {
    const sent: string[] = []
    const spy: typeof fetch = async (target, init) => {
      sent.push(String(init?.body))
      return await fetch(target, init)
    }
    const client = createClient({ url: endpoint(listed()), persisted: true, fetch: spy })
    expect(await client.execute(MeDocument)).toEqual({ kind: 'data', data: { me: null } })
    expect(sent).toEqual([expect.stringMatching(/^\{"documentId":"sha256:[\da-f]{64}"\}$/)])
  })

  it('every document of the front end is in the manifest', async () => {
    const all = Object.entries(documents).filter(([name]) => name.endsWith('Document') && !name.endsWith('FragmentDoc'))
    expect(all).toHaveLength(7)
    for (const [, document] of all) {
      const { __meta__ } = document as unknown as { __meta__: { hash: string } }
      const answer = await listed().post('/graphql', { documentId: __meta__.hash, variables: {} })
      expect(answer.body?.errors?.[0]?.extensions?.code ?? '').not.toMatch(/^PERSISTED/)
    }
  })
})

describe('what is on the way', () => {
  it('an answer on the way that is not GraphQL, or is not there, is a value as well', async () => {
    expect(await createClient({ url: `${plain().url}/nowhere` }).execute(MeDocument)).toEqual({ kind: 'unreadable', status: 404 })
    expect(await createClient({ url: 'http://127.0.0.1:1/graphql' }).execute(MeDocument)).toMatchObject({ kind: 'unreachable' })
  })
})

describe('what does not compile', () => {
  let client: Client
  beforeAll(() => {
    client = createClient({ url: endpoint(plain()) })
  })
  const refused = { kind: 'errors', status: 400 }

  it('a variable that is missing, misspelt or of another type', async () => {
    // @ts-expect-error the document needs variables
    expect(await client.execute(SignInDocument)).toMatchObject(refused)
    // @ts-expect-error the password is missing
    expect(await client.execute(SignInDocument, { input: { identifier: 'ada' } })).toMatchObject(refused)
    // @ts-expect-error there is no such input field
    expect(await client.execute(SignInDocument, { input: { identifier: 'ada', password: 'x', pin: '1' } })).toMatchObject(refused)
    // @ts-expect-error a password is a text
    expect(await client.execute(SignInDocument, { input: { identifier: 'ada', password: 1 } })).toMatchObject(refused)
    // @ts-expect-error there is no such value of the enum
    expect(await client.execute(SignInDocument, { input: { identifier: 'a', password: 'x', transport: 'PIGEON' } })).toMatchObject(refused)
    // @ts-expect-error a number
    expect(await client.execute(UsersDocument, { first: 'all' })).toMatchObject(refused)
  })

  it('a variable of a document that has none', async () => {
    // @ts-expect-error it has no variables
    expect(await client.execute(MeDocument, { id: '1' })).toEqual({ kind: 'data', data: { me: null } })
  })

  it('a field that was not asked for, or that only another outcome has', async () => {
    const outcome = await client.execute(SignInDocument, { input: { identifier: 'nobody', password: 'x' } })
    // @ts-expect-error there may be no data
    const unchecked = outcome.data
    expect(unchecked).toBeDefined()
    if (outcome.kind !== 'data') throw new Error(outcome.kind)
    const { signIn } = outcome.data
    // @ts-expect-error a failure has no tokens
    expect(signIn.credentials).toBeUndefined()
    // @ts-expect-error the document does not select it
    expect(signIn.retryAfter).toBeUndefined()
    // @ts-expect-error there is no such type
    expect(signIn.__typename === 'SignInFailure').toBe(false)
    expect(signIn.__typename === 'AuthenticationError' && signIn.code).toBe('BAD_CREDENTIALS')
  })

  it('what may be left out, may be', async () => {
    const kinds = [
      await client.execute(UsersDocument),
      await client.execute(UsersDocument, { first: 1 }),
      await client.execute(SignOutDocument),
    ]
    expect(kinds.map(({ kind }) => kind)).toEqual(['errors', 'errors', 'errors'])
  })
})
