/**
 * Reading accounts through GraphQL: who sees which field, raw ids and nodes, pages by keyset in every order and both
 * directions, search taken literally, and wrong pages as values.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person, unique } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { adminToken, expectFailure, grantScopes, mutate, query } from './ask.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const PUBLIC = ['id', 'username', 'email', 'name']
const READERS = [
  'firstName',
  'lastName',
  'phone',
  'phoneE164',
  'bio',
  'emailVerified',
  'isAdmin',
  'loginDisabled',
  'scopes',
  'twoFactorEnabled',
  'mustChangePassword',
  'createdAt',
  'updatedAt',
]
const OWNERS = ['pendingEmails { address }', 'sessions { surface }']
const EVERY_FIELD = [...PUBLIC, ...READERS, ...OWNERS].join(' ')
const profile = { name: 'Grace Brewster Hopper', bio: 'Nanoseconds.', phone: '01012345678' }
const isoDate = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

const publicPart = ({ id, username, email }: Person) => ({ id, username, email, name: profile.name })
const readersPart = {
  firstName: 'Grace',
  lastName: 'Brewster Hopper',
  phone: '01012345678',
  phoneE164: '+201012345678',
  bio: 'Nanoseconds.',
  emailVerified: false,
  isAdmin: false,
  loginDisabled: false,
  scopes: [],
  twoFactorEnabled: false,
  mustChangePassword: false,
  createdAt: isoDate,
  updatedAt: isoDate,
}
const ownersPart = { pendingEmails: [], sessions: [{ surface: 'GRAPHQL' }] }

const user = (by: string, token?: string, fields = EVERY_FIELD) => query(world(), `user(by: { ${by} }) { ${fields} }`, token)

describe('the fields of an account', () => {
  it('the fields of an account are all there for their owner', async () => {
    const someone = await person(world(), profile)
    expect(await query(world(), `me { ${EVERY_FIELD} }`, someone.token)).toEqual({ ...publicPart(someone), ...readersPart, ...ownersPart })
  })

  it('the fields of an account are all there for an administrator', async () => {
    const someone = await person(world(), profile)
    const seen = await user(`id: "${someone.id}"`, await adminToken(world()))
    expect(seen).toEqual({ ...publicPart(someone), ...readersPart, ...ownersPart })
  })

  it('the fields of an account are there but for sessions and waiting addresses for those who hold users:read', async () => {
    const someone = await person(world(), profile)
    const reader = await person(world())
    await grantScopes(world(), reader, ['users:read'])
    const seen = await user(`id: "${someone.id}"`, reader.token, [...PUBLIC, ...READERS].join(' '))
    expect(seen).toEqual({ ...publicPart(someone), ...readersPart })
    for (const field of OWNERS) expectFailure(await user(`id: "${someone.id}"`, reader.token, field), 'errors', 'FORBIDDEN')
  })

  it('the fields of an account are FORBIDDEN to others but for id, username, e-mail and name', async () => {
    const someone = await person(world(), profile)
    const { token } = await person(world())
    expect(await user(`id: "${someone.id}"`, token, PUBLIC.join(' '))).toEqual(publicPart(someone))
    for (const field of READERS)
      expectFailure(await user(`id: "${someone.id}"`, token, field), 'errors', 'FORBIDDEN', [], { missingScope: 'USERS_READ' })
    for (const field of OWNERS) expectFailure(await user(`id: "${someone.id}"`, token, field), 'errors', 'FORBIDDEN')
  })

  it('a field that may have no value is null beside the error, and leaves the others', async () => {
    const [someone, other] = [await person(world(), profile), await person(world())]
    const { text } = await world().graphql('query($id: ID!) { user(by: { id: $id }) { name phone } }', { id: someone.id }, other.token)
    const { data, errors } = JSON.parse(text)
    expect(data).toEqual({ user: { name: profile.name, phone: null } })
    expect(errors).toMatchObject([{ path: ['user', 'phone'], extensions: { code: 'FORBIDDEN', missingScope: 'USERS_READ' } }])
  })

  it('the fields of an account are those of the owner in the answer to a sign-up and a sign-in', async () => {
    const input = { email: `seen${unique()}@example.com`, password: PASSWORD }
    const up = 'mutation($input: SignUpInput!) { result: signUp(input: $input) { ... on SignUpSuccess { user { isAdmin } } } }'
    expect((await world().graphql(up, { input })).body.result.user).toEqual({ isAdmin: false })
    const document =
      'mutation($input: SignInInput!) { result: signIn(input: $input) { ... on SignInSuccess { user { isAdmin sessions { current } } } } }'
    const { body } = await world().graphql(document, { input: { identifier: input.email, password: PASSWORD } })
    expect(body.result.user).toEqual({ isAdmin: false, sessions: [{ current: false }, { current: false }] })
  })
})

describe('me', () => {
  it('me is null without a session', async () => {
    expect(await query(world(), 'me { id }')).toBeNull()
  })
})

describe('user', () => {
  it('user finds by raw id, and by username whatever its case', async () => {
    const someone = await person(world())
    const found = { id: someone.id }
    expect(await user(`id: "${someone.id}"`, someone.token, 'id')).toEqual(found)
    expect(await user(`username: "${someone.username.toUpperCase()}"`, someone.token, 'id')).toEqual(found)
    for (const one of [someone.id, someone.username]) expect(await user(`idOrUsername: "${one}"`, someone.token, 'id')).toEqual(found)
  })

  it.each(['id: "nobody"', 'id: ""', 'username: "nobody"', 'idOrUsername: "nobody"'])('user(by: {%s}) is NOT_FOUND', async (by) => {
    expectFailure(await user(by, (await admin(world())).token), 'errors', 'NOT_FOUND')
  })

  it.each(['', 'id: null', 'id: "one", username: "other"'])('user(by: {%s}) is not valid: exactly one is needed', async (by) => {
    const { text } = await world().graphql(`{ user(by: { ${by} }) { id } }`, {}, (await admin(world())).token)
    expect(JSON.parse(text).errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }])
  })

  it.each(['id', 'username'])('%s is text that a database holds', async (field) => {
    expectFailure(await user(`${field}: "a\\u0000b"`, (await admin(world())).token), 'errors', 'INVALID_INPUT', [field])
  })

  it('user takes no e-mail address for a username', async () => {
    const someone = await person(world())
    expectFailure(await user(`username: "${someone.email}"`, someone.token), 'errors', 'NOT_FOUND')
  })

  it('user needs a session', async () => {
    expectFailure(await user(`id: "${(await person(world())).id}"`), 'errors', 'UNAUTHENTICATED')
  })
})

describe('node', () => {
  const node = (id: string, token?: string) => query(world(), `node(id: "${id}") { __typename id ... on User { username } }`, token)

  it('node takes the raw id of an account, UUID and Meteor id alike', async () => {
    const someone = await person(world())
    expect(await node(someone.id, someone.token)).toEqual({
      __typename: 'User',
      id: someone.id,
      username: someone.username,
    })
    const { body } = await world().post('/users/register', { username: `meteor${unique()}`, password: PASSWORD })
    expect(body.id).toMatch(/^[2-9A-HJ-NP-TW-Za-km-z]{17}$/)
    expect(await node(body.id, someone.token)).toMatchObject({ __typename: 'User', id: body.id })
  })

  it('node takes the id of an account with a prefix as well, and answers with the raw one', async () => {
    const someone = await person(world())
    expect(await node(`User:${someone.id}`, someone.token)).toEqual({ __typename: 'User', id: someone.id, username: someone.username })
  })

  it('node is null for an unknown id, a malformed one, and without a session', async () => {
    const someone = await person(world())
    for (const id of ['nobody', 'User:nobody', '', 'a\\u0000b']) expect(await node(id, someone.token)).toBeNull()
    expect(await node(someone.id)).toBeNull()
  })
})

describe('users', () => {
  const house = useWorld()
  const names = ['Carol', 'alice', 'Bob', 'bob', 'Bob', 'Ädler', 'Zoe', 'alice', '100%', 'under_score', 'back\\slash', 'Bob']
  let token = ''

  interface Page {
    readonly __typename: string
    readonly edges: { readonly cursor: string; readonly node: { readonly id: string; readonly name: string; readonly username: string } }[]
    readonly pageInfo: {
      readonly hasNextPage: boolean
      readonly hasPreviousPage: boolean
      readonly startCursor: string
      readonly endCursor: string
    }
  }
  const DECLARED = '($first: Int, $last: Int, $after: String, $before: String, $search: String, $orderBy: UserOrder)'
  const PASSED = '(first: $first, last: $last, after: $after, before: $before, search: $search, orderBy: $orderBy)'
  const PAGE = '__typename edges { cursor node { id name username } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'
  const page = (variables: object = {}, as: string | undefined = token): Promise<Page> =>
    query(house(), `users${PASSED} { ${PAGE} }`, as, variables, DECLARED)
  const idsOf = ({ edges }: Page) => edges.map(({ node }) => node.id)
  const namesOf = ({ edges }: Page) => edges.map(({ node }) => node.name)

  beforeAll(async () => {
    token = (await admin(house())).token
    const scatter = (index: number) => (index * 7) % names.length
    for (const [index, name] of names.entries())
      await mutate(house(), 'signUp', { username: `member${scatter(index)}`, name, password: PASSWORD })
  })

  const ORDERS = ['CREATED_AT', 'USERNAME', 'NAME'].flatMap((field) => ['ASC', 'DESC'].map((direction) => [field, direction] as const))

  it('come in the order of creation by default', async () => {
    expect(namesOf(await page()).slice(1)).toEqual(names)
    expect(idsOf(await page({ orderBy: { field: 'CREATED_AT' } }))).toEqual(idsOf(await page()))
  })

  it.each(['USERNAME', 'NAME'])('users by %s are sorted, ties by creation', async (field) => {
    const key = field === 'NAME' ? 'name' : 'username'
    const rows = await house().db.client.user.findMany({ orderBy: [{ [key]: 'asc' }, { seq: 'asc' }] })
    const sorted = await page({ orderBy: { field } })
    expect(idsOf(sorted)).toEqual(rows.map(({ id }) => id))
    expect(sorted.edges.filter(({ node }) => node.name === 'Bob')).toHaveLength(3)
  })

  it.each(ORDERS)(
    'users by %s %s: DESC is ASC backwards, and pages of any size make up the whole, forwards and backwards',
    async (field, direction) => {
      const orderBy = { field, direction }
      const whole = idsOf(await page({ orderBy }))
      expect(whole).toHaveLength(names.length + 1)
      expect(whole).toEqual(idsOf(await page({ orderBy: { field, direction: direction === 'ASC' ? 'DESC' : 'ASC' } })).reverse())
      for (const size of [1, 5, 13]) {
        const forwards: string[] = []
        for (let after: string | null = null, more = true; more; ) {
          const part = await page({ orderBy, first: size, after })
          forwards.push(...idsOf(part))
          expect(part.pageInfo).toMatchObject({ startCursor: part.edges[0]?.cursor, endCursor: part.edges.at(-1)?.cursor })
          more = part.pageInfo.hasNextPage
          after = part.pageInfo.endCursor
        }
        expect(forwards).toEqual(whole)
        const backwards: string[] = []
        for (let before: string | null = null, more = true; more; ) {
          const part = await page({ orderBy, last: size, before })
          backwards.unshift(...idsOf(part))
          more = part.pageInfo.hasPreviousPage
          before = part.pageInfo.startCursor
        }
        expect(backwards).toEqual(whole)
      }
    },
  )

  it('stand between two cursors', async () => {
    const whole = await page({ orderBy: { field: 'NAME' } })
    const between = { after: whole.edges[2]?.cursor, before: whole.edges[8]?.cursor, orderBy: { field: 'NAME' } }
    expect(idsOf(await page(between))).toEqual(idsOf(whole).slice(3, 8))
    expect(idsOf(await page({ ...between, first: 2 }))).toEqual(idsOf(whole).slice(3, 5))
    expect(idsOf(await page({ ...between, last: 2 }))).toEqual(idsOf(whole).slice(6, 8))
  })

  it('keep their places while accounts come and go', async () => {
    const first = await page({ first: 4 })
    const gone = first.edges.at(-1)?.node.id
    const made = await mutate(house(), 'signUp', { username: 'passing', password: PASSWORD })
    expect(idsOf(await page({ first: 2, after: first.pageInfo.endCursor }))).toEqual(idsOf(await page()).slice(4, 6))
    await mutate(house(), 'deleteUser', { id: made.user.id }, token)
    expect(idsOf(await page()).includes(gone ?? '')).toBe(true)
  })

  it('a page of users may be empty', async () => {
    expect(await page({ search: 'nobody at all' })).toMatchObject({ edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false } })
    expect((await page({ first: 0 })).edges).toEqual([])
  })

  it.each([
    ['BOB', ['Bob', 'bob', 'Bob', 'Bob']],
    ['%', ['100%']],
    ['_', ['under_score']],
    ['\\', ['back\\slash']],
    ['b%b', []],
    ['b_b', []],
    ['ÄDLER', ['Ädler']],
    ['MEMBER11', ['Ädler']],
    ['', undefined],
  ])('search %j literally, whatever its case', async (search, expected) => {
    const found = namesOf(await page({ search }))
    expect(found).toEqual(expected ?? namesOf(await page()))
  })

  it('users are found by part of the e-mail address', async () => {
    const { email, id } = await person(house())
    expect(idsOf(await page({ search: email.slice(2).toUpperCase() }))).toEqual([id])
    await mutate(house(), 'deleteUser', { id }, token)
  })

  it('users are searched page by page', async () => {
    const first = await page({ search: 'bob', first: 2 })
    const rest = await page({ search: 'bob', first: 2, after: first.pageInfo.endCursor })
    expect([...namesOf(first), ...namesOf(rest)]).toEqual(['Bob', 'bob', 'Bob', 'Bob'])
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false])
  })

  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  it.each([
    ['after', 'not a cursor'],
    ['before', 'not a cursor'],
    ['after', encoded(['x'])],
    ['after', encoded(['x', '1', 'y'])],
    ['after', encoded(['x', '-1'])],
    ['after', encoded(['x', '9'.repeat(30)])],
    ['before', encoded(['a\0b', '1'])],
    ['before', encoded({ value: 'x', seq: '1' })],
    ['after', '\ud800'],
    ['after', 'skip:2'],
  ])('users refuse %s: %j', async (field, cursor) => {
    expectFailure(await page({ [field]: cursor }), 'errors', 'INVALID_INPUT', [field])
  })

  it.each([
    ['first', -1],
    ['first', 501],
    ['first', 2_147_483_647],
    ['last', -1],
    ['last', 501],
  ])('users refuse %s: %d', async (field, size) => {
    expectFailure(await page({ [field]: size }), 'errors', 'INVALID_INPUT', [field])
  })

  it('take a page of 500', async () => {
    expect((await page({ first: 500 })).__typename).toBe('UserConnection')
  })

  it.each(['a\0b', '\ud800'])('refuse to search for %j', async (search) => {
    expectFailure(await page({ search }), 'errors', 'INVALID_INPUT', ['search'])
  })

  it('need users:read, which users covers', async () => {
    const reader = await person(house())
    expectFailure(await page({}, reader.token), 'errors', 'FORBIDDEN', [], { missingScope: 'USERS_READ' })
    await grantScopes(house(), reader, ['users'])
    expect((await page({}, reader.token)).__typename).toBe('UserConnection')
    await grantScopes(house(), reader, ['users:create', 'users:delete', 'sensors'])
    expectFailure(await page({}, reader.token), 'errors', 'FORBIDDEN', [], { missingScope: 'USERS_READ' })
  })

  it('the list of users needs a session', async () => {
    expectFailure(await query(house(), `users { __typename }`), 'errors', 'UNAUTHENTICATED')
  })
})
