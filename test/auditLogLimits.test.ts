/**
 * A client in a loop leaves one event, not a thousand: of refusals one a session, requirement and minute; of attempts beyond a
 * limit one an account, client address and window; of mailed tokens that are none one an address and minute.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { MINUTE, mutate } from './graphql/ask.ts'
import { admin, PASSWORD, type Person, person, signIn, withTwoFactor } from './support/accounts.ts'
import { countStatements } from './support/database.ts'
import { useWorld, type World } from './support/world.ts'

const WINDOW = 15 * MINUTE

/** The events of a type, without what differs from request to request. */
const written = async (world: World, type: string, where: object = {}) =>
  (await world.db.client.auditEvent.findMany({ where: { type, ...where }, orderBy: { seq: 'asc' } })).map(
    ({ outcome, userId, actorId, surface, details }) => ({ outcome, userId, actorId, surface, details }),
  )
const times = async (count: number, work: () => Promise<unknown>): Promise<void> => {
  for (let done = 0; done < count; done += 1) await work()
}

describe('refusals', () => {
  const world = useWorld()
  const refusals = async ({ id }: Person) => await written(world(), 'access.refused', { userId: id })
  const rotate = async (token: string) => await mutate(world(), 'rotateSigningKey', undefined, token)

  it('refusals are written once a minute for a session and a requirement, whatever the surface', async () => {
    await admin(world())
    const someone = await person(world())
    await times(4, async () => await rotate(someone.token))
    const first = {
      outcome: 'failure',
      userId: someone.id,
      actorId: someone.id,
      surface: 'graphql',
      details: { operation: 'rotateSigningKey', requirement: 'admin step-up', code: 'FORBIDDEN' },
    }
    expect(await refusals(someone)).toEqual([first])
    await world().get('/v1/users', someone.token)
    const second = { ...first, surface: 'idiot', details: { operation: 'GET /v1/users', requirement: 'users:read', code: 'FORBIDDEN' } }
    expect(await refusals(someone)).toEqual([first, second])
    await rotate(await signIn(world(), someone))
    expect(await refusals(someone)).toEqual([first, second, first])
    world().advance(MINUTE + 1)
    await times(3, async () => await rotate(someone.token))
    expect(await refusals(someone)).toEqual([first, second, first, first])
  })

  it('refusals of mailed tokens are written once a minute for an address', async () => {
    const reset = async () => await mutate(world(), 'resetPassword', { token: 'unknown', newPassword: 'another right horse' })
    await times(4, reset)
    expect(await written(world(), 'mail_token.refused')).toHaveLength(1)
    world().advance(MINUTE + 1)
    await times(2, reset)
    expect(await written(world(), 'mail_token.refused')).toHaveLength(2)
  })
})

describe('attempts beyond a limit', () => {
  const world = useWorld()
  const limits = async (userId: string | null) => await written(world(), 'limit.reached', { userId })
  const limitOf = (userId: string | null, operation: string, actorId: string | null = null, surface = 'graphql') => ({
    outcome: 'failure',
    userId,
    actorId,
    surface,
    details: { operation, code: 'TOO_MANY_REQUESTS' },
  })

  it('attempts beyond a limit of passwords are written once a window, whatever is tried', async () => {
    await admin(world())
    const someone = await person(world())
    const guess = async () => await mutate(world(), 'signIn', { identifier: someone.email, password: 'quite another battery' })
    await times(10, guess)
    expect(await limits(someone.id)).toEqual([])
    expect(await written(world(), 'session.sign_in_failed', { userId: someone.id })).toHaveLength(10)
    await times(5, guess)
    await world().post('/users/login', { email: someone.email, password: PASSWORD })
    expect((await mutate(world(), 'reauthenticate', { password: PASSWORD }, someone.token)).code).toBe('TOO_MANY_REQUESTS')
    expect(await limits(someone.id)).toEqual([limitOf(someone.id, 'signIn')])
    expect(await written(world(), 'session.sign_in_failed', { userId: someone.id })).toHaveLength(10)
  })

  it('cost the same statements whether there is an account or not', async () => {
    const costs = async (identifier: string) => {
      const attempt = async () => await mutate(world(), 'signIn', { identifier, password: 'quite another battery' })
      await times(10, attempt)
      const counts: number[] = []
      for (let more = 0; more < 2; more += 1) counts.push(await countStatements(world().db, attempt))
      return counts
    }
    const before = (await limits(null)).length
    const known = await costs((await person(world())).email)
    expect(await costs('nobody@example.com')).toEqual(known)
    expect(await costs('nobody.else@example.com')).toEqual(known)
    expect((await limits(null)).length).toBe(before + 2)
  })

  it('attempts beyond a limit of codes are written once a window, about the account', async () => {
    const someone = await withTwoFactor(world())
    const guess = async () => await mutate(world(), 'disableTwoFactor', { proof: { code: '0000-00000-00000' } }, someone.token)
    await times(13, guess)
    expect(await written(world(), 'two_factor.code_failed', { userId: someone.id })).toHaveLength(10)
    expect(await limits(someone.id)).toEqual([limitOf(someone.id, 'disableTwoFactor', someone.id)])
  })
})

/** Requests may write one line a second of a kind. */
const quiet = () => delay(2_200)

describe('a dead refresh token', () => {
  const world = useWorld()
  const DEAD = '/auth/refresh-tokens'

  it.each([
    ['that is none of ours', async () => ({ refreshToken: 'rt_none-of-ours' }), 'warn', []],
    [
      'of a session that ended',
      async () => {
        const { refreshToken, token } = await person(world())
        await mutate(world(), 'signOut', {}, token)
        return { refreshToken }
      },
      'info',
      ['sessionId'],
    ],
  ] as const)('%s is a line of the log, with the id of the request, and no event', async (_name, body, level, fields) => {
    const json = await body()
    const before = await world().db.client.auditEvent.count()
    for (const path of [DEAD, '/auth/logout']) {
      await quiet()
      const { headers, status } = await world().post(path, json)
      expect(status).toBeGreaterThanOrEqual(400)
      const line = world().logs.at(-1)
      expect(line).toMatchObject({
        level,
        fields: { requestId: headers.get('x-request-id'), surface: 'authentication', clientAddress: '127.0.0.1' },
      })
      expect(Object.keys(line?.fields ?? {}).sort()).toEqual(['clientAddress', 'requestId', 'surface', ...fields].sort())
      expect(JSON.stringify(line)).not.toContain(json.refreshToken)
    }
    expect(await world().db.client.auditEvent.count()).toBe(before)
  })
})

describe('attempts of an address', () => {
  const world = useWorld({ LIMIT_ADDRESS_PER_MINUTE: '5' })

  it('beyond its limit are written once a window, about nobody', async () => {
    const tried = async () => (await world().post('/auth/login', { email: 'nobody@example.com', password: 'quite another' })).status
    await times(5, tried)
    expect([await tried(), await tried()]).toEqual([429, 429])
    const details = { operation: 'signIn', code: 'TOO_MANY_REQUESTS' }
    const event = { outcome: 'failure', userId: null, actorId: null, surface: 'authentication', details }
    expect(await written(world(), 'limit.reached')).toEqual([event])
    world().advance(WINDOW + 1)
    await times(7, tried)
    expect(await written(world(), 'limit.reached')).toEqual([event, event])
  })
})

describe('an administrator who lacks a demanded second factor', () => {
  const world = useWorld({ REQUIRE_ADMIN_TWO_FACTOR: 'true' })

  it('an administrator who lacks a demanded second factor leaves an event when administering', async () => {
    const boss = await admin(world())
    expect((await mutate(world(), 'rotateSigningKey', undefined, boss.token)).code).toBe('TWO_FACTOR_ENROLLMENT_REQUIRED')
    expect(await written(world(), 'access.refused')).toMatchObject([
      { userId: boss.id, actorId: boss.id, details: { operation: 'rotateSigningKey', code: 'TWO_FACTOR_ENROLLMENT_REQUIRED' } },
    ])
  })
})

describe('where registration is closed', () => {
  const world = useWorld({ REGISTRATION: 'closed', ADMIN_EMAIL: 'boss@example.com', ADMIN_PASSWORD: PASSWORD })

  it('the administrator of the settings is an event, and a sign-up that is refused is none', async () => {
    expect((await mutate(world(), 'signUp', { email: 'someone@example.com', password: PASSWORD })).code).toBe('REGISTRATION_CLOSED')
    const events = await world().db.client.auditEvent.findMany()
    expect(events).toMatchObject([{ type: 'account.created', actorId: null, requestId: 'start', details: { isAdmin: true, scopes: '' } }])
  })
})
