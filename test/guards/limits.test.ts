/**
 * The limits of the contract: one counter for an operation, whichever surface, route and spelling it is reached by, in
 * each surface's own body; and what does not count as a failure.
 */
import { availableParallelism } from 'node:os'
import { beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import {
  admin,
  PASSWORD,
  type Person,
  person,
  type TwoFactorPerson,
  totp,
  unique,
  v1WithTwoFactor as withTwoFactor,
} from '../support/accounts.ts'
import { isFullSize } from '../support/fullSize.ts'
import { type Answer, type Send, useWorld } from '../support/world.ts'
import {
  ask,
  everyWayIsShut,
  expectTooMany,
  from,
  graphql,
  MINUTE,
  SECOND,
  signIns,
  succeeds,
  TRUSTING,
  type Way,
  WRONG,
  wrong,
} from './attempts.ts'
import { expectError } from './routes.ts'

/** More at once than there are cores to check them. */
const BURST = 20 + 2 * availableParallelism()

describe('passwords: 10 failures for what is typed and one address, whichever surface; and reset mails', () => {
  const world = useWorld(TRUSTING)
  beforeAll(async () => {
    await admin(world())
  })

  it('5 on wekan and 5 on xiot: the next on GraphQL, and anywhere, is too many', async () => {
    const { email } = await person(world())
    await wrong(world(), email, 5, undefined, signIns.slice(1, 2))
    await wrong(world(), email, 5, undefined, signIns.slice(2, 3))
    expectTooMany('/graphql', await graphql(world(), 'signIn', { identifier: email, password: WRONG }))
    await everyWayIsShut(world(), email, PASSWORD)
  })

  it('10 spread over all shut them all, for the right password as well', async () => {
    const { email } = await person(world())
    await wrong(world(), email, 10)
    await everyWayIsShut(world(), email, PASSWORD)
    await everyWayIsShut(world(), email, WRONG)
  })

  it('however it is spelt: in capitals, with spaces, decomposed', async () => {
    const { username } = await person(world(), { username: 'Zo\u00eb Number One' })
    for (const spelt of [username, ` ${username} `, username.toUpperCase(), username.normalize('NFD'), `\t${username}`])
      await wrong(world(), spelt, 2, undefined, signIns.slice(4))
    await everyWayIsShut(world(), username, PASSWORD)
  })

  it('10 by the username say nothing of the e-mail address, and the reverse, nor does a right password', async () => {
    const { email, username } = await person(world())
    await wrong(world(), username, 10)
    await wrong(world(), email, 9)
    const [, wekan] = signIns as [Way, Way]
    succeeds(wekan, await wekan.attempt(world(), email, PASSWORD))
    await everyWayIsShut(world(), username, PASSWORD)
    await wrong(world(), email, 10)
    await everyWayIsShut(world(), email, PASSWORD)
  })

  it('an account that nobody has counts and answers alike', async () => {
    const nobody = `nobody${unique()}@example.com`
    const { email } = await person(world())
    for (const way of signIns) {
      const [unknown, known] = [await way.attempt(world(), nobody, WRONG), await way.attempt(world(), email, WRONG)]
      const plain = ({ status, body }: Answer) => ({ status, body: { ...body, request_id: '' } })
      expect(plain(unknown)).toEqual(plain(known))
    }
    await wrong(world(), nobody, 5)
    await wrong(world(), email, 5)
    await everyWayIsShut(world(), nobody, WRONG)
    await everyWayIsShut(world(), email, WRONG)
    await everyWayIsShut(world(), nobody.toUpperCase(), WRONG)
  })

  it('another address is not shut out, and no other account', async () => {
    const [victim, other] = [await person(world()), await person(world())]
    await wrong(world(), victim.email, 10, from('203.0.113.1'))
    await everyWayIsShut(world(), victim.email, PASSWORD, from('203.0.113.1'))
    for (const way of signIns) succeeds(way, await way.attempt(world(), victim.email, PASSWORD, from('203.0.113.2')))
    for (const way of signIns) succeeds(way, await way.attempt(world(), other.email, PASSWORD, from('203.0.113.1')))
    await everyWayIsShut(world(), victim.email, PASSWORD, from('203.0.113.1'))
  })

  it('trying while it waits does not make the wait longer', async () => {
    const { email } = await person(world())
    const way = signIns[3] as Way
    await wrong(world(), email, 10)
    const wait = expectTooMany(way.mount, await way.attempt(world(), email, WRONG))
    for (let tried = 0; tried < 10; tried += 1) expectTooMany(way.mount, await way.attempt(world(), email, WRONG))
    world().advance(wait * SECOND)
    succeeds(way, await way.attempt(world(), email, PASSWORD))
  })

  it('9 failures, and 15 minutes later 9 more, are not too many', async () => {
    const { email } = await person(world())
    await wrong(world(), email, 9)
    world().advance(15 * MINUTE + SECOND)
    await wrong(world(), email, 9)
    const way = signIns[0] as Way
    succeeds(way, await way.attempt(world(), email, PASSWORD))
  })

  it('a wrong password given as a proof counts, with sign-ins together', async () => {
    const owner = await person(world())
    const token = { token: owner.token }
    const change = async (oldPassword: string) =>
      await ask(
        world(),
        'PUT',
        '/v1/security/change-password',
        { oldPassword, password: 'another password', passwordConfirmation: 'another password' },
        token,
      )
    for (let tried = 0; tried < 2; tried += 1) {
      const answer = await change(WRONG)
      expectError('/v1', answer, 400)
      expect(Object.keys(answer.body.errors)).toEqual(['oldPassword'])
    }
    for (const [name, input] of [
      ['changePassword', { oldPassword: WRONG, newPassword: 'another password' }],
      ['reauthenticate', { password: WRONG }],
      ['deleteAccount', { password: WRONG }],
    ] as const) {
      for (let tried = 0; tried < 2; tried += 1)
        expect((await graphql(world(), name, input, token)).body.data.result.code).toBe('WRONG_PASSWORD')
    }
    await wrong(world(), owner.email, 2)
    expectTooMany('/v1', await change(PASSWORD))
    expectTooMany('/graphql', await graphql(world(), 'changePassword', { oldPassword: PASSWORD, newPassword: 'another password' }, token))
    expectTooMany('/graphql', await graphql(world(), 'reauthenticate', { password: PASSWORD }, token))
    expectTooMany('/graphql', await graphql(world(), 'deleteAccount', { password: PASSWORD }, token))
    await everyWayIsShut(world(), owner.email, PASSWORD)
    expect((await world().get('/v1/profile', owner.token)).status).toBe(200)
  })

  it('a wrong password at twofactor-disable counts as well', async () => {
    const owner = await withTwoFactor(world())
    for (let tried = 0; tried < 5; tried += 1) {
      expect((await ask(world(), 'POST', '/v1/security/twofactor-disable', { password: WRONG }, { token: owner.token })).status).toBe(400)
      expect(
        (await graphql(world(), 'disableTwoFactor', { proof: { password: WRONG } }, { token: owner.token })).body.data.result.code,
      ).toBe('WRONG_PASSWORD')
    }
    expectTooMany('/v1', await ask(world(), 'POST', '/v1/security/twofactor-disable', { password: PASSWORD }, { token: owner.token }))
    await everyWayIsShut(world(), owner.email, PASSWORD)
  })

  it('invalid input counts as no failure', async () => {
    const { email } = await person(world())
    for (let tried = 0; tried < 4; tried += 1) {
      for (const { mount, attempt } of signIns) {
        for (const password of ['', 'a\0', '\ud800', 42, null, undefined, { $ne: 1 }, ['a']]) {
          const answer = await attempt(world(), email, password as string)
          if (mount !== '/graphql') expectError(mount, answer, 400)
        }
      }
    }
    await wrong(world(), email, 10)
    await everyWayIsShut(world(), email, PASSWORD)
  })

  it('no code where one is needed counts as no failure, of either kind', async () => {
    const owner = await withTwoFactor(world())
    for (let tried = 0; tried < 15; tried += 1) {
      const answer = await ask(world(), 'POST', '/users/login', { username: owner.username, password: PASSWORD })
      expect([answer.status, answer.body.error]).toEqual([403, 'no-2fa-code'])
      expect((await ask(world(), 'POST', '/v1/auth/login', { email: owner.email, password: PASSWORD })).body.loginCode).toEqual(
        expect.any(String),
      )
    }
    expect((await ask(world(), 'POST', '/users/login', { username: owner.username, password: PASSWORD, code: owner.code() })).status).toBe(
      200,
    )
  })

  it('a burst of parallel tries gets 10, and those that the other cores had begun', async () => {
    const { email } = await person(world())
    const answers = await Promise.all(Array.from({ length: BURST }, () => (signIns[2] as Way).attempt(world(), email, WRONG)))
    const tried = answers.filter(({ status }) => status === 401).length
    expect(answers.filter(({ status }) => status === 429).length).toBe(BURST - tried)
    expect(tried).toBeGreaterThanOrEqual(10)
    expect(tried).toBeLessThan(10 + availableParallelism())
  })

  it('the limit of wrong passwords is by default what the settings say', () => {
    const {
      LIMIT_PASSWORD_FAILURES,
      LIMIT_PASSWORD_WINDOW,
      LIMIT_CODE_FAILURES,
      LIMIT_CODE_FAILURES_HARD,
      LIMIT_RESET_MAILS,
      LIMIT_RESET_WINDOW,
      LIMIT_ADDRESS_PER_MINUTE,
    } = readConfig({})
    expect([LIMIT_PASSWORD_FAILURES, LIMIT_PASSWORD_WINDOW, LIMIT_CODE_FAILURES, LIMIT_CODE_FAILURES_HARD]).toEqual([
      10,
      15 * MINUTE,
      10,
      100,
    ])
    expect([LIMIT_RESET_MAILS, LIMIT_RESET_WINDOW, LIMIT_ADDRESS_PER_MINUTE]).toEqual([3, 15 * MINUTE, 300])
  })

  describe('reset mails: 3 a mailbox in 15 minutes', () => {
    const requests: readonly [string, (email: string, send?: Send) => Promise<Answer>][] = [
      ['xiot', (email, send) => ask(world(), 'POST', '/v1/security/forget-password', { email }, send)],
      ['authentication', (email, send) => ask(world(), 'POST', '/auth/forgot-password', { email }, send)],
      ['GraphQL', (email, send) => graphql(world(), 'requestPasswordReset', { email }, send)],
    ]
    const mailsTo = (email: string) => world().mails.filter(({ to, subject }) => to === email && subject.startsWith('Reset')).length

    it('then the same answer and no mail, on every surface, from every address, until the time is over', async () => {
      const owner = await person(world())
      const first: unknown[] = []
      const plain = ({ status, body }: Answer) => ({ status, body })
      for (const [, request] of requests) first.push(plain(await request(owner.email, from('203.0.113.1'))))
      expect(mailsTo(owner.email)).toBe(3)
      for (const spelt of [owner.email, owner.email.toUpperCase(), ` ${owner.email}`]) {
        for (const [at, [, request]] of requests.entries())
          expect(plain(await request(spelt, from(`203.0.113.${at + 2}`)))).toEqual(first[at])
      }
      expect(mailsTo(owner.email)).toBe(3)
      world().advance(15 * MINUTE + SECOND)
      for (const [, request] of requests) await request(owner.email)
      expect(mailsTo(owner.email)).toBe(6)
    })
  })
})

describe('second-factor codes: 10 for one account, whatever the address, on any route', () => {
  const world = useWorld({ ...TRUSTING, LIMIT_PASSWORD_WINDOW: '1m' })
  beforeAll(async () => {
    await admin(world())
  })
  const loginCode = async ({ email }: Person, send?: Send): Promise<string> =>
    (await ask(world(), 'POST', '/v1/auth/login', { email, password: PASSWORD }, send)).body.loginCode
  const bad = ({ secret }: TwoFactorPerson) => {
    const good = [-2, -1, 0, 1].map((steps) => totp(secret, steps))
    return ['000000', '111111', '222222', '333333', '444444'].find((code) => !good.includes(code)) ?? '555555'
  }
  interface CodeWay {
    readonly name: string
    readonly mount: string
    readonly attempt: (owner: TwoFactorPerson, code: string, send?: Send) => Promise<Answer>
  }
  const ways: readonly CodeWay[] = [
    {
      name: '/v1/auth/verify-totp',
      mount: '/v1',
      attempt: async (owner, code, send) =>
        ask(world(), 'POST', '/v1/auth/verify-totp', { loginCode: await loginCode(owner, send), code }, send),
    },
    {
      name: 'verifyTwoFactor',
      mount: '/graphql',
      attempt: async (owner, code, send) => graphql(world(), 'verifyTwoFactor', { loginCode: await loginCode(owner, send), code }, send),
    },
    {
      name: '/users/login',
      mount: '/users',
      attempt: (owner, code, send) => ask(world(), 'POST', '/users/login', { email: owner.email, password: PASSWORD, code }, send),
    },
    {
      name: 'signIn',
      mount: '/graphql',
      attempt: (owner, code, send) => graphql(world(), 'signIn', { identifier: owner.email, password: PASSWORD, code }, send),
    },
    {
      name: '/v1/security/twofactor-disable',
      mount: '/v1',
      attempt: (owner, code, send) => ask(world(), 'POST', '/v1/security/twofactor-disable', { code }, { ...send, token: owner.token }),
    },
    {
      name: 'disableTwoFactor',
      mount: '/graphql',
      attempt: (owner, code, send) => graphql(world(), 'disableTwoFactor', { proof: { code } }, { ...send, token: owner.token }),
    },
    {
      name: 'reauthenticate',
      mount: '/graphql',
      attempt: (owner, code, send) => graphql(world(), 'reauthenticate', { password: PASSWORD, code }, { ...send, token: owner.token }),
    },
    {
      name: 'deleteAccount',
      mount: '/graphql',
      attempt: (owner, code, send) => graphql(world(), 'deleteAccount', { password: PASSWORD, code }, { ...send, token: owner.token }),
    },
  ]
  const codeOf = ({ status, body }: Answer) => body.data?.result.code ?? body.error ?? status
  const wrongCodes = async (owner: TwoFactorPerson, count: number, of = ways) => {
    for (let tried = 0; tried < count; tried += 1) {
      const answer = await (of[tried % of.length] as CodeWay).attempt(owner, bad(owner), from(`203.0.113.${tried + 1}`))
      expect(['INVALID_TWO_FACTOR_CODE', 'WRONG_CODE', 'invalid-2fa-code', 401, 400]).toContain(codeOf(answer))
    }
  }

  it('10 wrong ones spread over all shut them all, for the right code too, until the wait is over', async () => {
    const owner = await withTwoFactor(world())
    await wrongCodes(owner, 10)
    let wait = 0
    for (const { mount, attempt } of ways) wait = expectTooMany(mount, await attempt(owner, totp(owner.secret), from('198.51.100.1')))
    world().advance(wait * SECOND)
    expect((await (ways[2] as CodeWay).attempt(owner, owner.code(), from('198.51.100.1'))).status).toBe(200)
  })

  describe('a wrong one', () => {
    let owner: TwoFactorPerson
    beforeAll(async () => {
      owner = await withTwoFactor(world())
    })
    it.each(ways)('a wrong code at $name is one of the ten failures', async (way) => {
      owner = { ...owner, token: (await (ways[2] as CodeWay).attempt(owner, owner.code())).body.token }
      await wrongCodes(owner, 9, ways.slice(4, 6))
      await wrongCodes(owner, 1, [way])
      const wait = expectTooMany(way.mount, await way.attempt(owner, totp(owner.secret)))
      world().advance(wait * SECOND)
    })
  })

  it('login codes without end give no more guesses: the delay grows all the same', async () => {
    const owner = await withTwoFactor(world())
    const [way] = ways as [CodeWay]
    await wrongCodes(owner, 10, [way])
    const waits: number[] = []
    for (let round = 0; round < 4; round += 1) {
      waits.push(expectTooMany(way.mount, await way.attempt(owner, bad(owner))))
      world().advance((waits.at(-1) ?? 0) * SECOND)
      await wrongCodes(owner, 1, [way])
    }
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0)
    expect(Math.max(...waits)).toBeLessThanOrEqual(60)
  })

  it('a right code sets the count back', async () => {
    const owner = await withTwoFactor(world())
    await wrongCodes(owner, 9, ways.slice(4, 6))
    expect((await (ways[2] as CodeWay).attempt(owner, owner.code())).status).toBe(200)
    await wrongCodes(owner, 9, ways.slice(4, 6))
    expect((await (ways[2] as CodeWay).attempt(owner, owner.code())).status).toBe(200)
  })

  it('10 parallel guesses and 30 more do not outrun the limit', async () => {
    const owner = await withTwoFactor(world())
    const code = bad(owner)
    const answers = await Promise.all(Array.from({ length: 40 }, () => (ways[4] as CodeWay).attempt(owner, code)))
    expect(answers.filter(({ status }) => status === 400).length).toBe(10)
    expect(answers.filter(({ status }) => status === 429).length).toBe(30)
  })

  /** An account with 100 wrong codes in a row, and no wait left. */
  const after100 = async (): Promise<TwoFactorPerson> => {
    const owner = await withTwoFactor(world())
    const way = ways[4] as CodeWay
    for (let tried = 0; tried < 100; ) {
      const answer = await way.attempt(owner, bad(owner))
      if (answer.status === 429) world().advance(expectTooMany(way.mount, answer) * SECOND)
      else {
        expect(answer.status).toBe(400)
        tried += 1
      }
    }
    world().advance(2 * MINUTE)
    return owner
  }

  it('after 100 wrong codes in a row only a recovery code helps, on every route', async () => {
    const owner = await after100()
    for (const other of ways.filter(({ name }) => name !== 'disableTwoFactor')) {
      expectTooMany(other.mount, await other.attempt(owner, owner.code()))
      world().advance(2 * MINUTE)
    }
    const [recovery = ''] = owner.recoveryCodes
    expect((await (ways[2] as CodeWay).attempt(owner, recovery)).status).toBe(200)
    expect((await (ways[2] as CodeWay).attempt(owner, owner.code())).status).toBe(200)
  })

  it.skipIf(!isFullSize)('after 100 wrong codes in a row an administrator helps', async () => {
    const owner = await after100()
    expectTooMany('/users', await (ways[2] as CodeWay).attempt(owner, owner.code()))
    const boss = (await admin(world())).email
    const { body } = await ask(world(), 'POST', '/users/login', { email: boss, password: PASSWORD })
    const reset = await graphql(world(), 'resetTwoFactor', { id: owner.id }, { token: body.token })
    expect(reset.body.data.result.__typename).toBe('ResetTwoFactorSuccess')
    expect((await ask(world(), 'POST', '/users/login', { email: owner.email, password: PASSWORD })).status).toBe(200)
  })
})

describe('more password hashes than can wait', () => {
  const world = useWorld({ LIMIT_HASH_QUEUE: '1', ARGON2_PASSES: '5' }, { realHashes: true })
  it.each(signIns)('$name: 503 with Retry-After, which counts as no failure', async (way) => {
    const { email } = await person(world())
    const answers = await Promise.all(Array.from({ length: BURST }, () => way.attempt(world(), email, PASSWORD)))
    const overloaded = answers.filter(({ status, body }) => status === 503 || body.data?.result.code === 'OVERLOADED')
    expect(overloaded.length).toBeGreaterThan(0)
    expect(overloaded.length).toBeLessThan(BURST)
    for (const answer of overloaded) {
      if (way.mount === '/graphql') expect(answer.body.data.result.retryAfter).toBeGreaterThanOrEqual(1)
      else {
        expectError(way.mount, answer, 503)
        expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
      }
    }
    for (const answer of answers.filter((one) => !overloaded.includes(one))) succeeds(way, answer)
    succeeds(way, await way.attempt(world(), email, PASSWORD))
  })
})
