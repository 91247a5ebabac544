/**
 * SECRET_KEY is rotated: what the old key sealed is sealed anew beside the requests, however many processes do it and whenever one is
 * stopped, until the old key can go; and then everything works without it.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { StartupError } from '../src/db/startupError.ts'
import { createSecretBox } from '../src/domain/keys/secretBox.ts'
import { mutate } from './graphql/ask.ts'
import { admin, PASSWORD, type Person, person, type TwoFactorPerson, totp, unique, withTwoFactor } from './support/accounts.ts'
import { restoreTimeAfterwards } from './support/clock.ts'
import { databaseKind, useDatabase } from './support/database.ts'
import { account, changed, overtaken } from './support/races.ts'
import { openWorld, type World } from './support/world.ts'

const A = 'the first secret key, which is long enough'
const B = 'the second secret key, which is long enough'
const C = 'a third secret key, which is long enough'
const [boxA, boxB, boxC] = [
  createSecretBox([A], randomBytes),
  createSecretBox([B], randomBytes),
  createSecretBox([C], randomBytes),
] as const
const RESEALED = 'secrets were encrypted again with the first SECRET_KEY'
const NONE_LEFT = 'no secret is encrypted with an older SECRET_KEY any more'
const LOST = 'no SECRET_KEY decrypts this secret: it was not changed'

restoreTimeAfterwards()
const database = useDatabase()
const opened: World[] = []
const open = async (...secretKeys: string[]): Promise<World> => {
  const world = await openWorld({}, { db: database(), secretKeys })
  opened.push(world)
  return world
}
const close = async (world: World): Promise<void> => {
  opened.splice(opened.indexOf(world), 1)
  await world.close()
}
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close()
})

const linesOf = ({ logs }: World, message: string) => logs.filter((line) => line.message === message)
const until = async (met: () => boolean): Promise<void> => {
  while (!met()) await delay(10)
}
const untilNoneLeft = (world: World, times = 1) => until(() => linesOf(world, NONE_LEFT).length === times)
const resealed = (world: World): number => linesOf(world, RESEALED).reduce((sum, { fields }) => sum + (fields.resealed as number), 0)

/** Every envelope that is kept for good. */
const envelopes = async (): Promise<string[]> => {
  const users = await database().client.user.findMany({ orderBy: { id: 'asc' } })
  const keys = await database().client.signingKey.findMany()
  const all = [
    ...users.flatMap(({ twoFactorSecret, twoFactorPending }) => [twoFactorSecret, twoFactorPending]),
    ...keys.map((key) => key.privateJwk),
  ]
  return all.filter((envelope) => envelope !== null)
}
const countOf = async ({ prefix }: { prefix: string }) => (await envelopes()).filter((envelope) => envelope.startsWith(prefix)).length

const contextOf = (id: string) => `users.two_factor_secret:${id}`
/** Accounts with a factor that is sealed with A. */
const crowd = async (count: number): Promise<string[]> => {
  const now = new Date()
  const ids = Array.from({ length: count }, () => `crowd${unique()}`)
  const names = (id: string) => ({ username: id, name: id, firstName: id, createdAt: now, updatedAt: now })
  await database().client.user.createMany({
    data: ids.map((id) => ({ id, ...names(id), twoFactorSecret: boxA.seal(`secret of ${id}`, contextOf(id)) })),
  })
  return ids
}

describe('from A by B and A to B alone', () => {
  let guarded: TwoFactorPerson
  let other: TwoFactorPerson
  let someone: Person
  let pending: Person
  let pendingSecret: string
  let during: string
  let before: string[]

  beforeAll(async () => {
    const first = await open(A)
    await admin(first)
    guarded = await withTwoFactor(first)
    other = await withTwoFactor(first)
    someone = await person(first)
    pending = await person(first)
    pendingSecret = (await mutate(first, 'beginTwoFactorEnrollment', undefined, pending.token)).secret
    await close(first)
    before = await envelopes()
    const second = await open(B, A)
    await untilNoneLeft(second)
    during = (await second.post('/auth/login', { email: someone.email, password: PASSWORD })).body.tokens.refresh.token
    expect(resealed(second)).toBe(4)
    await close(second)
  })

  it('everything is sealed with B, and nothing else of the accounts has changed', async () => {
    expect(before).toHaveLength(4)
    expect(await countOf(boxA)).toBe(0)
    expect(await countOf(boxB)).toBe(4)
    const { updatedAt, createdAt } = await database().client.user.findUniqueOrThrow({ where: { id: pending.id } })
    expect(updatedAt).toEqual(createdAt)
  })

  it('a second start finds nothing to do, and says so once', async () => {
    const world = await open(B, A)
    await untilNoneLeft(world)
    expect(linesOf(world, RESEALED)).toEqual([])
  })

  describe('with B alone', () => {
    let world: World
    beforeAll(async () => {
      world = await openWorld({}, { db: database(), secretKeys: [B] })
    })
    afterAll(() => world.close())

    it('tokens from before the rotation go on: the signing key is the same', async () => {
      expect((await world.get('/v1/profile', someone.token)).body.id).toBe(someone.id)
    })

    it('each surface takes a code of the authenticator', async () => {
      const { email, password } = guarded
      const loginCode = async (path: string) => (await world.post(path, { email, password })).body.loginCode
      const verify = async (path: string) =>
        await world.post('/v1/auth/verify-totp', { loginCode: await loginCode(path), code: guarded.code() })
      expect((await world.post('/users/login', { email, password, code: guarded.code() })).status).toBe(200)
      expect((await verify('/v1/auth/login')).body.user.id).toBe(guarded.id)
      expect((await verify('/auth/login')).body.tokens.refresh.token).toMatch(/^rt_/)
      expect((await mutate(world, 'signIn', { identifier: email, password, code: guarded.code() })).user.id).toBe(guarded.id)
    })

    it('a recovery code signs in, and the factor can be turned off', async () => {
      const signedIn = await mutate(world, 'signIn', { identifier: other.email, password: PASSWORD, code: other.recoveryCodes[0] })
      const { token } = signedIn.credentials.accessToken
      expect((await mutate(world, 'disableTwoFactor', { proof: { code: other.code() } }, token)).user.twoFactorEnabled).toBe(false)
    })

    it('an enrolment that began before is confirmed', async () => {
      await mutate(world, 'reauthenticate', { password: PASSWORD }, pending.token)
      const result = await mutate(world, 'confirmTwoFactorEnrollment', { code: totp(pendingSecret) }, pending.token)
      expect(result.recoveryCodes).toHaveLength(10)
    })

    it('refresh tokens of B go on; those of A do not, which is why A has to stay for REFRESH_TOKEN_LIFE', async () => {
      expect((await world.post('/auth/refresh-tokens', { refreshToken: during })).status).toBe(200)
      expect((await world.post('/auth/refresh-tokens', { refreshToken: someone.refreshToken })).status).toBe(401)
    })

    it('there is no word of older keys in the log', () => {
      expect(world.logs.filter(({ message }) => message.includes('SECRET_KEY'))).toEqual([])
    })
  })

  it.each([[C], [C, A]])('with %s it does not start, and says why in one line', async (...keys) => {
    const failure = await open(...keys).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StartupError)
    expect((failure as StartupError).message).toMatch(/^SECRET_KEY does not fit the keys in the database: [^\n]+$/)
  })
})

describe('many secrets', () => {
  it('many secrets are sealed anew once each, by two processes at once', async () => {
    const ids = await crowd(250)
    const worlds = await Promise.all([open(B, A), open(B, A)])
    for (const world of worlds) await untilNoneLeft(world)
    expect(worlds.reduce((sum, world) => sum + resealed(world), 0)).toBe(250)
    const users = await database().client.user.findMany({ where: { id: { in: ids } } })
    for (const { id, twoFactorSecret } of users) expect(boxB.open(twoFactorSecret ?? '', contextOf(id))).toBe(`secret of ${id}`)
    expect(users).toHaveLength(250)
  })

  it('many secrets are taken up where a stopped process left them', async () => {
    await crowd(500)
    const stopped = await open(B, A)
    await close(stopped)
    const left = await countOf(boxA)
    expect(left + resealed(stopped)).toBe(500)
    expect(left).toBeGreaterThan(0)
    expect(linesOf(stopped, NONE_LEFT)).toEqual([])
    const world = await open(B, A)
    await untilNoneLeft(world)
    expect(resealed(world)).toBe(left)
    expect(await countOf(boxA)).toBe(0)
  })
})

describe('secrets that no key opens', () => {
  const ruin = async (envelope: (id: string) => string): Promise<string> => {
    const [id = ''] = await crowd(1)
    await database().client.user.update({ where: { id }, data: { twoFactorSecret: envelope(id) } })
    return id
  }
  afterEach(() => void vi.useRealTimers())

  it('secrets that no key opens are named once, stay as they are, and hold up nothing', async () => {
    const unknown = await ruin((id) => boxC.seal('a secret', contextOf(id)))
    const moved = await ruin(() => boxA.seal('a secret', contextOf('somebody else')))
    const cut = await ruin((id) => boxA.seal('a secret', contextOf(id)).slice(0, 40))
    const [fine = ''] = await crowd(1)
    const lost = [unknown, moved, cut]
    const kept = () =>
      database().client.user.findMany({ where: { id: { in: lost } }, select: { id: true, twoFactorSecret: true }, orderBy: { id: 'asc' } })
    const before = await kept()

    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const world = await open(B, A)
    await untilNoneLeft(world)
    const place = 'users.two_factor_secret'
    expect(linesOf(world, LOST)).toEqual([...lost].sort().map((id) => ({ level: 'error', fields: { place, id }, message: LOST })))
    expect(resealed(world)).toBe(1)
    expect(await kept()).toEqual(before)

    const [later = ''] = await crowd(1)
    vi.advanceTimersByTime(600_000)
    await untilNoneLeft(world, 2)
    expect(linesOf(world, LOST)).toHaveLength(3)
    for (const id of [fine, later]) {
      const { twoFactorSecret } = await database().client.user.findUniqueOrThrow({ where: { id } })
      expect(boxB.open(twoFactorSecret ?? '', contextOf(id))).toBe(`secret of ${id}`)
    }
    expect(await kept()).toEqual(before)
    await database().client.user.deleteMany({ where: { id: { in: lost } } })
  })

  it('secrets that no key opens are named by a process with one key too', async () => {
    const id = await ruin(() => boxA.seal('a secret', contextOf('somebody else')))
    const world = await open(B)
    await until(() => linesOf(world, LOST).length > 0)
    expect(linesOf(world, LOST).map(({ fields }) => fields.id)).toEqual([id])
    await database().client.user.deleteMany({ where: { id } })
  })
})

describe('when all keys are lost', () => {
  it('without the signing keys it starts; a recovery code still signs in and turns the factor off, a code of the app does not', async () => {
    const before = await open(B)
    const owner = await withTwoFactor(before)
    await close(before)
    await database().client.signingKey.deleteMany()
    const world = await open(C)
    const signInWith = async (code: string) => await world.post('/users/login', { email: owner.email, password: PASSWORD, code })
    expect((await world.get('/v1/profile', owner.token)).status).toBe(401)
    expect((await signInWith(owner.code())).status).toBe(500)
    const { status, body } = await signInWith(owner.recoveryCodes[0] ?? '')
    expect(status).toBe(200)
    expect((await mutate(world, 'disableTwoFactor', { proof: { code: owner.recoveryCodes[1] } }, body.token)).user.twoFactorEnabled).toBe(
      false,
    )
    expect((await world.post('/v1/security/twofactor-enable', undefined, body.token)).status).toBe(200)
    await close(world)
    await database().client.signingKey.deleteMany()
  })
})

if (databaseKind() === 'postgresql')
  it('a factor that its owner changes in between wins', async () => {
    const [id = ''] = await crowd(1)
    const twoFactorSecret = boxB.seal('the new secret', contextOf(id))
    const world = await overtaken({ db: database() }, account({ id }), changed({ id }, { twoFactorSecret }), () => open(B, A))
    await untilNoneLeft(world)
    expect((await database().client.user.findUniqueOrThrow({ where: { id } })).twoFactorSecret).toBe(twoFactorSecret)
    expect(linesOf(world, RESEALED)).toEqual([])
  })
