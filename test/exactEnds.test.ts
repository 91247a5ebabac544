/**
 * To which millisecond things last: time stands still here, and moves by what a test says. Refresh tokens: test/refreshRotation.test.ts.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { DAY, expectFailure, HOUR, mailedToken, mutate, query } from './graphql/ask.ts'
import { admin, PASSWORD, person, unique, verifiedPerson } from './support/accounts.ts'
import { freeze } from './support/clock.ts'
import { databaseKind } from './support/database.ts'
import { useWorld } from './support/world.ts'

const world = useWorld({ COOKIE_IDLE_LIFE: '1h', PERSONAL_TOKEN_LIFE: '30d', UNDO_LIFE: '10d' })
beforeAll(async () => {
  await admin(world())
  freeze()
})

/** How late one server may learn of a use in another. */
const LATENESS = databaseKind() === 'postgresql' ? 120_000 : 0

const inTime = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString()
const createToken = async (token: string, milliseconds: number) =>
  await mutate(world(), 'createPersonalAccessToken', { name: 'backup', scopes: [], expiresAt: inTime(milliseconds) }, token)

describe('a personal access token', () => {
  it('works and is found until the millisecond at which it expires', async () => {
    const { token } = await person(world())
    const made = await createToken(token, 20 * 60_000)
    const found = async () => (await query(world(), `node(id: "${made.personalAccessToken.id}") { id }`, token))?.id ?? null
    const status = async () => (await world().get('/v1/profile', made.token)).status
    world().advance(20 * 60_000 - 1)
    expect([await status(), await found()]).toEqual([200, made.personalAccessToken.id])
    world().advance(1)
    expect([await status(), await found()]).toEqual([401, null])
  })

  it('may live as long as PERSONAL_TOKEN_LIFE, and no millisecond longer', async () => {
    const { token } = await person(world())
    expectFailure(await createToken(token, 30 * DAY + 1), 'InputError', 'INVALID_INPUT', ['expiresAt'])
    expect((await createToken(token, 30 * DAY)).__typename).toBe('CreatePersonalAccessTokenSuccess')
  })
})

it('a former address that is kept for an undo is free at the millisecond at which the undo ends', async () => {
  const { email, token } = await verifiedPerson(world())
  const next = `moved${unique()}@example.com`
  await mutate(world(), 'changeEmail', { email: next }, token)
  await mutate(world(), 'confirmEmail', { token: mailedToken(world(), next) })
  const signUp = async () => await mutate(world(), 'signUp', { email, password: PASSWORD })
  world().advance(10 * DAY - 1)
  expectFailure(await signUp(), 'ConflictError', 'EMAIL_TAKEN', ['email'])
  world().advance(1)
  expect((await signUp()).__typename).toBe('SignUpSuccess')
})

it('a cookie session is idle a millisecond after COOKIE_IDLE_LIFE, and what may be unknown of its last use', async () => {
  const { id: userId, email } = await person(world())
  const { token } = (await world().post('/users/login', { email, password: PASSWORD })).body
  await world().db.client.session.updateMany({ where: { userId, surface: 'wekan' }, data: { kind: 'cookie' } })
  const status = async () => (await world().get('/api/user', token)).status
  world().advance(HOUR + LATENESS)
  expect(await status()).toBe(200)
  world().advance(HOUR + LATENESS + 1)
  expect(await status()).toBe(401)
})
