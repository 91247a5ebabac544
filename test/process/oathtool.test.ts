/**
 * A real authenticator against the server: enrolment and sign-in on every surface with codes of `oathtool`, which knows nothing
 * but the secret and the time.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { mutate } from '../graphql/ask.ts'
import { admin, PASSWORD, type Person, person, v1Person } from '../support/accounts.ts'
import { codeAt, findOathtool } from '../support/oathtool.ts'
import { useWorld } from '../support/world.ts'

const program = findOathtool()
const STEP = 30_000

describe.skipIf(program === undefined)('oathtool as the authenticator', () => {
  const world = useWorld()
  let owner: Person
  let secret: string
  const shown = (milliseconds = 0): string => codeAt(program ?? '', secret, new Date(Date.now() + milliseconds))
  const credentials = () => ({ email: owner.email, password: PASSWORD })

  const SIGN_INS: Readonly<Record<string, (code: string) => Promise<boolean>>> = {
    'GraphQL, in one call': async (code) =>
      (await mutate(world(), 'signIn', { identifier: owner.email, password: PASSWORD, code })).__typename === 'SignInSuccess',
    'GraphQL, in two': async (code) => {
      const { loginCode } = await mutate(world(), 'signIn', { identifier: owner.email, password: PASSWORD })
      return (await mutate(world(), 'verifyTwoFactor', { loginCode, code })).__typename === 'SignInSuccess'
    },
    'idiot and xiot': async (code) => {
      const { loginCode } = (await world().post('/v1/auth/login', credentials())).body
      return (await world().post('/v1/auth/verify-totp', { loginCode, code })).body.token !== undefined
    },
    wekan: async (code) => (await world().post('/users/login', { ...credentials(), code })).status === 200,
    authentication: async (code) => {
      const { loginCode } = (await world().post('/auth/login', credentials())).body
      return (await world().post('/v1/auth/verify-totp', { loginCode, code })).body.tokens !== undefined
    },
  }

  beforeAll(async () => {
    await admin(world())
    owner = await person(world())
    secret = (await mutate(world(), 'beginTwoFactorEnrollment', undefined, owner.token)).secret
    const { recoveryCodes } = await mutate(world(), 'confirmTwoFactorEnrollment', { code: shown() }, owner.token)
    expect(recoveryCodes).toHaveLength(10)
  })

  test.each(Object.entries(SIGN_INS))('%s: its code signs in, once', async (_surface, signIn) => {
    world().advance(STEP)
    const code = shown()
    expect(code).toMatch(/^\d{6}$/)
    expect(await signIn(code)).toBe(true)
    expect(await signIn(code)).toBe(false)
  })

  test('its code of the step before signs in, those of two before and of the next do not', async () => {
    const signIn = SIGN_INS.wekan as (code: string) => Promise<boolean>
    const untilNextStep = STEP - (Date.now() % STEP)
    world().advance(4 * STEP + untilNextStep)
    expect(await signIn(shown(-2 * STEP))).toBe(false)
    expect(await signIn(shown(STEP))).toBe(false)
    expect(await signIn(shown(-STEP))).toBe(true)
  })

  test('it reads the secret as it stands in the otpauth URL of xiot too', async () => {
    const { token, email } = await v1Person(world())
    const { otpauthUrl } = (await world().post('/v1/security/twofactor-enable', undefined, token)).body
    const code = codeAt(program ?? '', new URL(otpauthUrl).searchParams.get('secret') ?? '', new Date(Date.now()))
    expect((await world().post('/users/login', { email, password: PASSWORD, code })).status).toBe(200)
  })
})
