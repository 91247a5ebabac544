/**
 * SECRET_KEY: a rotation loses nothing, the old key alone can go only when nothing needs it, and a dump of the database
 * forges nothing.
 */
import { decodeProtectedHeader, importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StartupError } from '../src/db/startupError.ts'
import { admin, PASSWORD, type Person, person, signIn, type TwoFactorPerson, withTwoFactor } from './support/accounts.ts'
import { useDatabase } from './support/database.ts'
import { openWorld, useWorld, type World } from './support/world.ts'

const OLD = 'the old secret key, which is long enough'
const NEW = 'the new secret key, which is long enough'

const refresh = async (world: World, refreshToken: string): Promise<string | undefined> => {
  const { status, body } = await world.post('/auth/refresh-tokens', { refreshToken })
  return status === 200 ? body.refresh.token : undefined
}

describe('after a rotation of SECRET_KEY', () => {
  const database = useDatabase()
  const open = (...secretKeys: string[]) => openWorld({}, { db: database(), secretKeys })
  let world: World
  let someone: Person
  let guarded: TwoFactorPerson
  let kid: string | undefined
  let refusal: unknown

  beforeAll(async () => {
    const before = await open(OLD)
    await admin(before)
    someone = await person(before)
    guarded = await withTwoFactor(before)
    kid = decodeProtectedHeader(someone.token).kid
    await before.close()
    refusal = await open(NEW).catch((error: unknown) => error)
    world = await open(NEW, OLD)
  })
  afterAll(() => world.close())

  it('tokens that were signed before still work', async () => {
    expect((await world.get('/v1/profile', someone.token)).body.id).toBe(someone.id)
    expect((await world.get('/.well-known/jwks.json')).body.keys.map((key: { kid: string }) => key.kid)).toEqual([kid])
  })

  it('a refresh token from before goes on, and so does its successor', async () => {
    const second = await refresh(world, someone.refreshToken)
    expect(second).toMatch(/^rt_/)
    expect(await refresh(world, second ?? '')).toMatch(/^rt_/)
  })

  it('a second factor from before still opens', async () => {
    const { body } = await world.post('/users/login', { email: guarded.email, password: PASSWORD, code: guarded.code() })
    expect(body).toMatchObject({ id: guarded.id, token: expect.any(String) })
  })

  it('a recovery code from before still counts', async () => {
    const { body } = await world.post('/users/login', { email: guarded.email, password: PASSWORD, code: guarded.recoveryCodes[0] })
    expect(body).toMatchObject({ id: guarded.id })
  })

  it('the order of the keys does not matter to what was sealed before', async () => {
    const back = await open(OLD, NEW)
    expect((await back.get('/v1/profile', someone.token)).status).toBe(200)
    await back.close()
  })

  it('the new key alone did not start before, and said why', () => {
    expect(refusal).toBeInstanceOf(StartupError)
    expect((refusal as StartupError).message).toMatch(/^SECRET_KEY /)
    expect((refusal as StartupError).message).not.toMatch(/old secret|new secret/)
  })
})

describe('two servers on one database', () => {
  const database = useDatabase()
  let one: World
  let other: World
  beforeAll(async () => {
    one = await openWorld({}, { db: database() })
    await admin(one)
    other = await openWorld({}, { db: database() })
  })
  afterAll(async () => {
    await one.close()
    await other.close()
  })
  const rotate = async (): Promise<string> => {
    const document = 'mutation { result: rotateSigningKey { ... on RotateSigningKeySuccess { kid } } }'
    return (await one.graphql(document, {}, (await admin(one)).token)).body.result.kid
  }

  it("take the tokens of a key that the other has just made, and each other's from before", async () => {
    const someone = await person(one)
    const kid = await rotate()
    const fresh = await signIn(one, someone)
    expect(decodeProtectedHeader(fresh).kid).toBe(kid)
    for (const server of [one, other])
      for (const token of [someone.token, fresh]) expect((await server.get('/v1/profile', token)).status).toBe(200)
  })

  it("take each other's opaque and refresh tokens", async () => {
    const someone = await person(one)
    const { body } = await one.post('/users/login', { email: someone.email, password: PASSWORD })
    expect((await other.get('/api/user', body.token)).body._id).toBe(someone.id)
    expect(await refresh(other, someone.refreshToken)).toMatch(/^rt_/)
  })
})

describe('a dump of the database', () => {
  const world = useWorld()
  let guarded: TwoFactorPerson
  beforeAll(async () => {
    await admin(world())
    guarded = await withTwoFactor(world())
  })

  it('a dump of the database holds no private key in the clear', async () => {
    const rows = await world().db.client.signingKey.findMany()
    expect(rows).toHaveLength(1)
    for (const { privateJwk, publicJwk } of rows) {
      expect(privateJwk).toMatch(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]+$/)
      expect(Object.keys(publicJwk as object).sort()).toEqual(['crv', 'kty', 'x', 'y'])
      expect(Buffer.from(privateJwk.split('.').at(-1) ?? '', 'base64url').toString('latin1')).not.toMatch(/"d"|kty/)
    }
  })

  it('a dump of the database holds no second-factor secret in the clear', async () => {
    const { twoFactorSecret } = await world().db.client.user.findUniqueOrThrow({ where: { id: guarded.id } })
    expect(twoFactorSecret).toMatch(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]+$/)
    expect(twoFactorSecret).not.toContain(guarded.secret)
  })

  it('a dump of the database holds no token, code or password as a client got it', async () => {
    const token = await signIn(world(), await person(world()))
    const { body } = await world().post('/users/login', { email: guarded.email, password: PASSWORD, code: guarded.code() })
    await world().post('/auth/login', { email: guarded.email, password: PASSWORD })
    await world().post('/auth/forgot-password', { email: guarded.email })
    const mailed = /token=([\w-]+)/.exec(world().mails.at(-1)?.text ?? '')?.[1]
    expect(mailed).toMatch(/^[\w-]{43}$/)
    const { client } = world().db
    const tables = [
      await client.user.findMany(),
      await client.session.findMany(),
      await client.opaqueToken.findMany(),
      await client.loginCode.findMany(),
      await client.recoveryCode.findMany(),
      await client.mailToken.findMany(),
      await client.auditEvent.findMany(),
      await client.outboxEntry.findMany(),
      await client.rateLimit.findMany(),
    ]
    const dump = JSON.stringify(tables, (_key, value) => (typeof value === 'bigint' ? String(value) : value))
    for (const secret of [token, body.token, mailed, guarded.refreshToken, guarded.secret, PASSWORD, ...guarded.recoveryCodes])
      expect(dump.includes(secret)).toBe(false)
  })

  it('a dump of the database opens no envelope that was moved to another account', async () => {
    const other = await withTwoFactor(world())
    const { client } = world().db
    const { twoFactorSecret } = await client.user.findUniqueOrThrow({ where: { id: other.id } })
    const victim = await client.user.findUniqueOrThrow({ where: { id: guarded.id } })
    await client.user.update({ where: { id: guarded.id }, data: { twoFactorSecret } })
    const answer = await world().post('/users/login', { email: guarded.email, password: PASSWORD, code: other.code() })
    await client.user.update({ where: { id: guarded.id }, data: { twoFactorSecret: victim.twoFactorSecret } })
    expect(answer.status).toBe(500)
    expect(answer.body.token).toBeUndefined()
    const faults = world().logs.filter(({ level }) => level === 'error')
    expect(faults).toHaveLength(1)
    world().logs.length = 0
  })

  it('a dump of the database signs no token with what it holds', async () => {
    const [row] = await world().db.client.signingKey.findMany()
    const session = await world().db.client.session.findFirstOrThrow({ where: { userId: guarded.id } })
    const forge = (alg: string, key: CryptoKey | Uint8Array) =>
      new SignJWT({ id: guarded.id, sid: session.id })
        .setProtectedHeader({ alg, typ: 'at+jwt', kid: row?.kid ?? '' })
        .setSubject(guarded.id)
        .setIssuedAt()
        .setExpirationTime('1h')
        .setIssuer('http://vestibule.test')
        .setAudience('vestibule')
        .sign(key)
    const publicJwk = row?.publicJwk as { x: string }
    const hmac = [new TextEncoder().encode(JSON.stringify(publicJwk)), Buffer.from(publicJwk.x, 'base64url')]
    const foreign = (await importJWK({ ...FOREIGN }, 'ES256')) as CryptoKey
    const forged = [await forge('ES256', foreign), ...(await Promise.all(hmac.map((key) => forge('HS256', key))))]
    const [header, payload] = [Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url'), guarded.token.split('.')[1]]
    for (const token of [...forged, `${header}.${payload}.`, `${header}.${payload}.x`])
      expect((await world().get('/v1/profile', token)).status).toBe(401)
  })
})

/** A key that is not ours (RFC 7515, A.3.1). */
const FOREIGN = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
}
