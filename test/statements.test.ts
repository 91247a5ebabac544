/**
 * An authenticated read costs one SQL statement, on every surface and with every form of token.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person } from './support/accounts.ts'
import { countStatements, statementsOf } from './support/database.ts'
import { useWorld } from './support/world.ts'

const world = useWorld()

const READS: Readonly<Record<string, (token: string | undefined) => Promise<unknown>>> = {
  'GET /v1/profile': async (token) => (await world().get('/v1/profile', token)).body.id,
  'GET /api/user': async (token) => (await world().get('/api/user', token)).body._id,
  'POST /auth': async (token) => (await world().post('/auth', undefined, token)).body.user.email,
  'GraphQL me': async (token) => (await world().graphql('{ me { id email name scopes twoFactorEnabled } }', {}, token)).body.me.id,
}

const TOKENS = ['sess_ of /v1', 'JWT of /v1', 'JWT of authentication', 'token of Wekan', 'JWT of GraphQL']

let someone: Person
const tokens: Record<string, string> = {}

beforeAll(async () => {
  await admin(world())
  someone = await person(world())
  const login = { email: someone.email, password: PASSWORD }
  const v1 = (await world().post('/v1/auth/login', login)).body
  tokens['sess_ of /v1'] = v1.token
  tokens['JWT of /v1'] = v1.accessToken
  tokens['JWT of authentication'] = (await world().post('/auth/login', login)).body.tokens.access.token
  tokens['token of Wekan'] = (await world().post('/users/login', login)).body.token
  tokens['JWT of GraphQL'] = someone.token
})

describe.each(Object.keys(READS))('%s', (read) => {
  it.each(TOKENS)('costs one statement with the %s', async (kind) => {
    let seen: unknown
    const look = async () => {
      seen = await READS[read]?.(tokens[kind])
    }
    expect(await statementsOf(world().db, look)).toHaveLength(1)
    expect([someone.id, someone.email]).toContain(seen)
  })
})

describe('a request that needs no session', () => {
  it.each(['/healthz', '/.well-known/jwks.json', '/reset-password', '/confirm-email', '/nowhere', '/v1/nowhere', '/api/nowhere'])(
    'costs none: GET %s',
    async (path) => {
      expect(await countStatements(world().db, () => world().get(path, someone.token))).toBe(0)
    },
  )

  it('costs none where a token is missing', async () => {
    const refused = await countStatements(world().db, async () => {
      for (const path of ['/v1/profile', '/v1/users', '/api/user', '/api/users']) expect((await world().get(path)).status).toBe(401)
      expect((await world().graphql('{ me { id } }')).body.me).toBeNull()
    })
    expect(refused).toBe(0)
  })

  it('costs none where a JWT is not ours', async () => {
    const [header, , signature] = someone.token.split('.')
    const forged = [header, Buffer.from('{"sub":"1","sid":"1","exp":9999999999}').toString('base64url'), signature].join('.')
    expect(await countStatements(world().db, () => world().get('/v1/profile', forged))).toBe(0)
  })
})

it('a page of users with their sessions costs four statements, however many there are', async () => {
  const { token } = await admin(world())
  for (let count = 1; count <= 4; count += 1) await person(world())
  const document = '{ users(first: 50) { edges { node { id sessions { id } pendingEmails { address } } } } }'
  let users = 0
  const statements = await statementsOf(world().db, async () => {
    users = (await world().graphql(document, {}, token)).body.users.edges.length
  })
  expect(users).toBeGreaterThanOrEqual(6)
  expect(statements).toHaveLength(4)
})
