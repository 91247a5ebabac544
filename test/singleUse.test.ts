/**
 * What may be used once is used once: 20 uses at the same time, through every surface that has a way, have one winner; and a code of
 * the authenticator that one way has taken is taken by no other. PostgreSQL runs the 20 side by side; PGlite, which has one connection,
 * one after the other.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mutate } from './graphql/ask.ts'
import { admin, PASSWORD, type Person, person, signIn, type TwoFactorPerson, totp, v1Person, withTwoFactor } from './support/accounts.ts'
import { databaseKind } from './support/database.ts'
import { type Answer, useWorld } from './support/world.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const USES = 20
/** Runs all 20 at once; `ways` take turns. */
const atOnce = <T>(ways: readonly ((index: number) => Promise<T>)[]): Promise<T[]> =>
  Promise.all(Array.from({ length: USES }, (_, index) => (ways[index % ways.length] as (index: number) => Promise<T>)(index)))
const winners = (results: readonly boolean[]): number => results.filter(Boolean).length
const isOk = ({ status, body }: Answer): boolean => status === 200 && body.loginCode === undefined
const succeeded = async (result: Promise<{ __typename: string }>): Promise<boolean> => (await result).__typename.endsWith('Success')
const liveSessions = ({ id }: Person) => world().db.client.session.count({ where: { userId: id, endedAt: null } })

const summary: string[] = []
afterAll(() => void process.stdout.write(`${USES} parallel uses on ${databaseKind()}: ${summary.join(', ')}\n`))

type Way = (owner: Person, code: string) => Promise<boolean>
const credentials = ({ email, password }: Person) => ({ email, password })
const loginCodeOf = async (path: string, owner: Person): Promise<string> => (await world().post(path, credentials(owner))).body.loginCode

/** Every way that takes a second-factor code and ends in a session. */
const SIGN_INS: Readonly<Record<string, Way>> = {
  signIn: (owner, code) => succeeded(mutate(world(), 'signIn', { identifier: owner.email, password: PASSWORD, code })),
  'POST /users/login': async (owner, code) => isOk(await world().post('/users/login', { ...credentials(owner), code })),
  verifyTwoFactor: async (owner, code) =>
    await succeeded(mutate(world(), 'verifyTwoFactor', { loginCode: await loginCodeOf('/auth/login', owner), code })),
  'POST /v1/auth/verify-totp': async (owner, code) =>
    isOk(await world().post('/v1/auth/verify-totp', { loginCode: await loginCodeOf('/v1/auth/login', owner), code })),
}
/** And those that take it as a proof within one. */
const PROOFS: Readonly<Record<string, Way>> = {
  reauthenticate: ({ token }, code) => succeeded(mutate(world(), 'reauthenticate', { password: PASSWORD, code }, token)),
  deleteAccount: ({ token }, code) => succeeded(mutate(world(), 'deleteAccount', { password: PASSWORD, code }, token)),
  disableTwoFactor: ({ token }, code) => succeeded(mutate(world(), 'disableTwoFactor', { proof: { code } }, token)),
  'POST /v1/security/twofactor-disable': async ({ token }, code) =>
    isOk(await world().post('/v1/security/twofactor-disable', { code }, token)),
}

describe('20 parallel uses of', () => {
  const CODES: Readonly<Record<string, (owner: TwoFactorPerson) => string>> = {
    'TOTP code': (owner) => owner.code(),
    'recovery code': ({ recoveryCodes }) => recoveryCodes[0] ?? '',
  }
  it.each(Object.entries(CODES))('one %s through 4 ways open one session', async (what, codeOf) => {
    const owner = await withTwoFactor(world())
    const before = await liveSessions(owner)
    const code = codeOf(owner)
    const won = winners(await atOnce(Object.values(SIGN_INS).map((way) => () => way(owner, code))))
    expect(await liveSessions(owner)).toBe(before + won)
    summary.push(`${what} ${won} winner`)
    expect(won).toBe(1)
  })

  it.each(Object.entries(CODES))('one %s through 5 ways, one of them a proof in a session, have one winner', async (_what, codeOf) => {
    const owner = await withTwoFactor(world())
    const code = codeOf(owner)
    const ways = [PROOFS.reauthenticate as Way, ...Object.values(SIGN_INS)]
    expect(winners(await atOnce(ways.map((way) => () => way(owner, code))))).toBe(1)
  })

  it('one login code through 2 surfaces, each with a good code, open one session', async () => {
    const owner = await withTwoFactor(world())
    const before = await liveSessions(owner)
    const loginCode = await loginCodeOf('/v1/auth/login', owner)
    const codes = [owner.code(), totp(owner.secret, -1), ...owner.recoveryCodes]
    const codeOf = (index: number) => codes[index % codes.length] ?? ''
    const results = await atOnce([
      (index) => succeeded(mutate(world(), 'verifyTwoFactor', { loginCode, code: codeOf(index) })),
      async (index) => isOk(await world().post('/v1/auth/verify-totp', { loginCode, code: codeOf(index) })),
    ])
    expect(await liveSessions(owner)).toBe(before + 1)
    summary.push(`login code ${winners(results)} winner`)
    expect(winners(results)).toBe(1)
  })

  it('one reset link through 3 surfaces set one password', async () => {
    const { email } = await person(world())
    await mutate(world(), 'requestPasswordReset', { email })
    const token = /#token=([\w-]+)/.exec(world().mails.findLast(({ to }) => to === email)?.text ?? '')?.[1]
    const chosen = (index: number) => `password of try ${index}`
    const results = await atOnce([
      (index) => succeeded(mutate(world(), 'resetPassword', { token, newPassword: chosen(index) })),
      async (index) => isOk(await world().post(`/auth/reset-password?token=${token}`, { password: chosen(index) })),
      async (index) => isOk(await world().post('/v1/security/reset-password', { token, password: chosen(index) })),
    ])
    summary.push(`reset link ${winners(results)} winner`)
    expect(winners(results)).toBe(1)
    expect(await signIn(world(), { email, password: chosen(results.indexOf(true)) })).toMatch(/^[\w-]+\./)
  })

  it('one refresh token through 2 surfaces make one rotation, which all learn', async () => {
    const owner = await person(world())
    const { refreshToken } = owner
    const successors = await atOnce<string>([
      async () => (await mutate(world(), 'refreshSession', { refreshToken })).credentials.refreshToken.token,
      async () => (await world().post('/auth/refresh-tokens', { refreshToken })).body.refresh.token,
    ])
    expect(await world().db.client.session.findMany({ where: { userId: owner.id } })).toMatchObject([{ refreshCounter: 1, endedAt: null }])
    summary.push(`refresh token ${new Set(successors).size} successor`)
    expect(new Set(successors).size).toBe(1)
    expect(successors[0]).not.toBe(refreshToken)
    expect((await world().post('/auth/refresh-tokens', { refreshToken: successors[0] })).status).toBe(200)
  })
})

describe('20 parallel makings of recovery codes', () => {
  const CHANGES: Readonly<
    Record<string, () => Promise<{ owner: Person; make: () => Promise<{ recoveryCodes?: string[]; code?: string }> }>>
  > = {
    confirmation: async () => {
      const owner = await person(world())
      const { secret } = await mutate(world(), 'beginTwoFactorEnrollment', undefined, owner.token)
      const code = totp(secret)
      return { owner, make: () => mutate(world(), 'confirmTwoFactorEnrollment', { code }, owner.token) }
    },
    regeneration: async () => {
      const owner = await withTwoFactor(world())
      return { owner, make: () => mutate(world(), 'regenerateRecoveryCodes', undefined, owner.token) }
    },
    'enrolment in one call': async () => {
      const owner = await v1Person(world())
      const make = async () => {
        const { status, body } = await world().post('/v1/security/twofactor-enable', undefined, owner.token)
        return status === 200 ? body : { code: String(status) }
      }
      return { owner, make }
    },
  }
  const LOST = ['TWO_FACTOR_ALREADY_ENABLED', 'REAUTHENTICATION_REQUIRED', 'TOO_MANY_REQUESTS', '400']

  it.each(Object.entries(CHANGES))(
    '20 parallel makings of recovery codes by %s leave one set of ten, those of one answer',
    async (what, prepare) => {
      const { owner, make } = await prepare()
      const results = await atOnce([make])
      const made = results.flatMap(({ recoveryCodes }) => (recoveryCodes === undefined ? [] : [recoveryCodes]))
      summary.push(`${what} ${made.length} set of recovery codes`)
      expect(made).toHaveLength(1)
      for (const { recoveryCodes, code } of results) if (recoveryCodes === undefined) expect(LOST).toContain(code)
      const stored = await world().db.client.recoveryCode.findMany({ where: { userId: owner.id } })
      expect(stored.map(({ selector }) => selector).sort()).toEqual(made[0]?.map((code) => code.slice(0, 4)).sort())
      world().advance(60_000)
      for (const code of made[0] ?? []) expect(await SIGN_INS['POST /users/login']?.(owner, code)).toBe(true)
    },
  )
})

describe('a TOTP code that was taken by', () => {
  const ENROL = 'confirmTwoFactorEnrollment'
  const ALL = { ...SIGN_INS, ...PROOFS }

  it.each([ENROL, ...Object.keys(SIGN_INS), 'reauthenticate'])('%s is taken by no other way', async (first) => {
    const owner = await person(world())
    const { secret } = await mutate(world(), 'beginTwoFactorEnrollment', undefined, owner.token)
    expect((await mutate(world(), ENROL, { code: totp(secret) }, owner.token)).recoveryCodes).toHaveLength(10)
    if (first !== ENROL) {
      world().advance(30_000)
      expect(await ALL[first as keyof typeof ALL]?.(owner, totp(secret))).toBe(true)
    }
    const code = totp(secret)
    const taken = []
    for (const [name, way] of Object.entries(ALL)) if (await way(owner, code)) taken.push(name)
    expect(taken).toEqual([])
    const before = totp(secret, -1)
    for (const [name, way] of Object.entries(SIGN_INS).slice(0, 2)) if (await way(owner, before)) taken.push(name)
    expect(taken).toEqual([])
  })
})
