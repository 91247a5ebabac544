/**
 * Whose address a request comes from, behind proxies and without, and how many attempts one address has, whichever surface
 * and operation they go to.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person, unique } from '../support/accounts.ts'
import { type Answer, type Send, useWorld, type World } from '../support/world.ts'
import { ask, everyWayIsShut, expectTooMany, from, graphql, MINUTE, SECOND, signIns, TRUSTING, type Way, WRONG, wrong } from './attempts.ts'

describe('attempts from one address', () => {
  const LIMIT = 12
  const world = useWorld({ ...TRUSTING, LIMIT_ADDRESS_PER_MINUTE: String(LIMIT) })
  let owner: Person
  let boss: Person
  beforeAll(async () => {
    boss = await admin(world())
    owner = await person(world())
  })
  const next = () => `10.1.${Math.floor(unique() / 250)}.${unique() % 250}`
  const name = { firstName: 'Some', lastName: 'Body', name: 'Some Body' }
  const secrets = { password: PASSWORD, passwordConfirmation: PASSWORD, confirm: PASSWORD }
  const fresh = () => `fresh${unique()}@example.com`
  const post = (path: string, body: () => object, token?: () => string) => async (send: Send) =>
    await ask(world(), path.includes('change-') ? 'PUT' : 'POST', path, body(), { ...send, token: token?.() })
  const operation = (operationName: string, input: () => object, token?: () => string) => async (send: Send) =>
    await graphql(world(), operationName, input(), { ...send, token: token?.() })
  const attempts: readonly { name: string; mount: string; attempt: (send: Send) => Promise<Answer> }[] = [
    { name: 'POST /users/register', mount: '/users', attempt: post('/users/register', () => ({ email: fresh(), ...secrets })) },
    { name: 'POST /users/login', mount: '/users', attempt: post('/users/login', () => ({ email: fresh(), password: WRONG })) },
    { name: 'POST /v1/auth/signup', mount: '/v1', attempt: post('/v1/auth/signup', () => ({ email: fresh(), ...name, ...secrets })) },
    { name: 'POST /v1/auth/login', mount: '/v1', attempt: post('/v1/auth/login', () => ({ email: fresh(), password: WRONG })) },
    { name: 'POST /v1/auth/verify-totp', mount: '/v1', attempt: post('/v1/auth/verify-totp', () => ({ loginCode: 'x', code: '000000' })) },
    { name: 'POST /v1/security/forget-password', mount: '/v1', attempt: post('/v1/security/forget-password', () => ({ email: fresh() })) },
    {
      name: 'POST /v1/security/reset-password',
      mount: '/v1',
      attempt: post('/v1/security/reset-password', () => ({ token: 'x', password: PASSWORD })),
    },
    {
      name: 'PUT /v1/account/change-email',
      mount: '/v1',
      attempt: post(
        '/v1/account/change-email',
        () => ({ email: boss.email }),
        () => owner.token,
      ),
    },
    { name: 'POST /auth/register', mount: '/auth', attempt: post('/auth/register', () => ({ email: fresh(), ...name, ...secrets })) },
    { name: 'POST /auth/login', mount: '/auth', attempt: post('/auth/login', () => ({ email: fresh(), password: WRONG })) },
    { name: 'POST /auth/refresh-tokens', mount: '/auth', attempt: post('/auth/refresh-tokens', () => ({ refreshToken: 'x' })) },
    { name: 'POST /auth/forgot-password', mount: '/auth', attempt: post('/auth/forgot-password', () => ({ email: fresh() })) },
    { name: 'POST /auth/reset-password', mount: '/auth', attempt: post('/auth/reset-password?token=x', () => ({ password: PASSWORD })) },
    { name: 'signUp', mount: '/graphql', attempt: operation('signUp', () => ({ email: fresh(), password: PASSWORD })) },
    { name: 'signIn', mount: '/graphql', attempt: operation('signIn', () => ({ identifier: fresh(), password: WRONG })) },
    { name: 'verifyTwoFactor', mount: '/graphql', attempt: operation('verifyTwoFactor', () => ({ loginCode: 'x', code: '000000' })) },
    { name: 'refreshSession', mount: '/graphql', attempt: operation('refreshSession', () => ({ refreshToken: 'x' })) },
    { name: 'requestPasswordReset', mount: '/graphql', attempt: operation('requestPasswordReset', () => ({ email: fresh() })) },
    { name: 'resetPassword', mount: '/graphql', attempt: operation('resetPassword', () => ({ token: 'x', newPassword: PASSWORD })) },
    {
      name: 'changeEmail',
      mount: '/graphql',
      attempt: operation(
        'changeEmail',
        () => ({ email: boss.email }),
        () => owner.token,
      ),
    },
  ]
  const cheap = attempts.find((one) => one.name === 'POST /auth/refresh-tokens') ?? attempts[0]
  const use = async (send: Send, count: number) => {
    for (let tried = 0; tried < count; tried += 1) expect((await cheap?.attempt(send))?.status).toBe(401)
  }
  const isOpen = (answer: Answer) => answer.status !== 429 && answer.body.data?.result.code !== 'TOO_MANY_REQUESTS'

  it.each([
    ['GraphQL', operation('signUp', () => ({ email: 'nobody', password: PASSWORD }))],
    ['GraphQL, without a name to sign in by', operation('signUp', () => ({ password: PASSWORD }))],
    ['/users', post('/users/register', () => ({ email: 'nobody', ...secrets }))],
    ['/v1', post('/v1/auth/signup', () => ({ email: 'nobody', ...name, ...secrets }))],
    ['/auth', post('/auth/register', () => ({ email: 'nobody', ...name, ...secrets }))],
  ])('a sign-up that breaks a rule is none, through %s', async (_surface, attempt) => {
    const send = from(next())
    for (let tried = 0; tried <= LIMIT; tried += 1) expect(isOpen(await attempt(send))).toBe(true)
    await use(send, LIMIT)
  })

  it.each(attempts)('$name takes one of them, and is refused when there is none', async ({ mount, attempt }) => {
    const here = from(next())
    expect(isOpen(await attempt(here))).toBe(true)
    await use(here, LIMIT - 1)
    expect(expectTooMany(mount, await attempt(here))).toBeLessThanOrEqual(60)
    expectTooMany('/auth', await (cheap as (typeof attempts)[number]).attempt(here))
  })

  it('a mix of all shuts them all for a minute; what needs no attempt goes on', async () => {
    const here = from(next())
    for (const { attempt } of attempts.slice(0, LIMIT)) expect(isOpen(await attempt(here))).toBe(true)
    for (const { mount, attempt } of attempts) expectTooMany(mount, await attempt(here))
    expect((await world().request('GET', '/v1/profile', { ...here, token: owner.token })).status).toBe(200)
    expect((await ask(world(), 'POST', '/graphql', { query: '{ me { id } }' }, { ...here, token: owner.token })).body.data.me.id).toBe(
      owner.id,
    )
    world().advance(MINUTE + SECOND)
    for (const { attempt } of attempts.slice(0, LIMIT)) expect(isOpen(await attempt(here))).toBe(true)
  })

  it.each<[string, string[], string]>([
    [
      'IPv6 counts by /64',
      ['2001:db8:1:2::1', '2001:DB8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2:0:0:0:9', '2001:0db8:0001:0002::a'],
      '2001:db8:1:3::1',
    ],
    ['IPv4 in IPv6 is IPv4', ['198.51.100.7', '::ffff:198.51.100.7', '::FFFF:c633:6407'], '198.51.100.8'],
    ['IPv4 counts by address', ['192.0.2.1', ' 192.0.2.1 '], '192.0.2.2'],
  ])('%s', async (_name, same, other) => {
    for (let tried = 0; tried < LIMIT; tried += 1) await use(from(same[tried % same.length] ?? ''), 1)
    for (const address of same) expectTooMany('/auth', await (cheap as (typeof attempts)[number]).attempt(from(address)))
    await use(from(other), 1)
  })
})

/** The address that a sign-in was seen to come from. */
const seenFrom = async (world: World, owner: Person, send: Send): Promise<string> => {
  const { body } = await ask(world, 'POST', '/auth/login', { email: owner.email, password: PASSWORD }, send)
  const query = '{ me { sessions { clientAddress current } } }'
  const answer = await ask(world, 'POST', '/graphql', { query }, { token: body.tokens.access.token })
  return answer.body.data.me.sessions.find(({ current }: { current: boolean }) => current).clientAddress
}

describe('TRUSTED_PROXIES', () => {
  describe('loopback and 10.0.0.0/8', () => {
    const world = useWorld({ TRUSTED_PROXIES: 'loopback, 10.0.0.0/8, 2001:db8::/32', LIMIT_ADDRESS_PER_MINUTE: '300' })
    it.each([
      ['203.0.113.5', '203.0.113.5'],
      ['203.0.113.5, 10.1.2.3', '203.0.113.5'],
      ['198.51.100.1, 203.0.113.5, 10.1.2.3, 10.200.0.1', '203.0.113.5'],
      ['10.1.2.3, 203.0.113.5', '203.0.113.5'],
      ['127.0.0.1, 203.0.113.5', '203.0.113.5'],
      ['203.0.113.5,2001:db8::1', '203.0.113.5'],
      ['::ffff:203.0.113.5', '203.0.113.5'],
      ['not an address, 203.0.113.5', '203.0.113.5'],
      ['203.0.113.5:4711, 10.1.2.3:80', '203.0.113.5'],
      ['[2001:db9::7]:4711, [2001:db8::1]:443', '2001:db9::7'],
      ['::FFFF:cb00:7105, ::ffff:10.1.2.3', '203.0.113.5'],
      ['203.0.113.5, ,10.1.2.3,', '203.0.113.5'],
      ['203.0.113.5, 0x7f.1', 'unknown'],
      ['203.0.113.5, 127.1', 'unknown'],
      ['203.0.113.5, 2130706433', 'unknown'],
      ['203.0.113.5, 0177.0.0.1', 'unknown'],
      ['203.0.113.5, 10.1', 'unknown'],
      ['203.0.113.5, ::ffff:0x7f.1', 'unknown'],
      ['fe80::1%eth0', 'unknown'],
      ['10.1.2.3', '10.1.2.3'],
    ])('X-Forwarded-For: %s comes from %s', async (forwarded, address) => {
      expect(await seenFrom(world(), await person(world()), from(forwarded))).toBe(address)
    })

    it('other headers say nothing', async () => {
      const owner = await person(world())
      for (const name of [
        'forwarded',
        'x-real-ip',
        'client-ip',
        'true-client-ip',
        'cf-connecting-ip',
        'x-client-ip',
        'x-cluster-client-ip',
      ]) {
        const value = name === 'forwarded' ? 'for=203.0.113.5' : '203.0.113.5'
        expect(await seenFrom(world(), owner, { headers: { [name]: value } })).toBe('127.0.0.1')
      }
    })

    it('300 attempts a minute, unless set otherwise: the 301st is refused on every surface', async () => {
      const here = from('203.0.113.9')
      for (let tried = 0; tried < 300; tried += 1) {
        const answer =
          tried % 2 === 0
            ? await ask(world(), 'POST', '/auth/refresh-tokens', { refreshToken: 'x' }, here)
            : await ask(world(), 'POST', '/v1/auth/verify-totp', { loginCode: 'x', code: '000000' }, here)
        expect(answer.status).toBe(401)
      }
      for (const way of signIns) expectTooMany(way.mount, await way.attempt(world(), 'nobody', WRONG, here))
      const other = await (signIns[0] as Way).attempt(world(), 'nobody', WRONG, from('203.0.113.10'))
      expect(other.status).toBe(401)
    })

    it('what a client writes to the left of its address changes nothing', async () => {
      const { email } = await person(world())
      for (let tried = 0; tried < 10; tried += 1) await wrong(world(), email, 1, from(`192.0.2.${tried}, 203.0.113.5, 10.0.0.1`))
      await everyWayIsShut(world(), email, PASSWORD, from('192.0.2.99, 203.0.113.5'))
    })
  })

  describe('none', () => {
    const world = useWorld()
    const warnings = () => world().logs.filter(({ level, message }) => level === 'warn' && /forwarded/i.test(message))
    it('the header of a stranger is ignored, and warned about once', async () => {
      const owner = await person(world())
      expect(warnings()).toEqual([])
      expect(await seenFrom(world(), owner, from('203.0.113.5'))).toBe('127.0.0.1')
      for (let tried = 0; tried < 10; tried += 1) await wrong(world(), owner.email, 1, from(`203.0.113.${tried}`))
      await everyWayIsShut(world(), owner.email, PASSWORD, from('203.0.113.99'))
      expect(warnings()).toHaveLength(1)
    })
  })

  describe('some, but not this peer', () => {
    const world = useWorld({ TRUSTED_PROXIES: '10.0.0.0/8, uniquelocal' })
    it('its header is ignored', async () => {
      expect(await seenFrom(world(), await person(world()), from('203.0.113.5, 10.0.0.1'))).toBe('127.0.0.1')
    })
  })
})
