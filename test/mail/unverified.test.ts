/**
 * An address that was never verified may be anybody's: it gets mails to verify it and to reset the password, and no notice, whatever
 * happens to the account. The same happenings are mailed to an address that was verified.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { adminToken, mailedToken, mutate } from '../graphql/ask.ts'
import { admin, PASSWORD, type Person, person, signIn, totp, unique, v1Person, verify } from '../support/accounts.ts'
import { isFullSize } from '../support/fullSize.ts'
import { useWorld } from '../support/world.ts'
import { askForReset, HOUR } from './support.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

/** Everything that is mailed to an owner, and its subject. */
const happenings: Readonly<Record<string, (someone: Person) => Promise<unknown>>> = {
  'New sign-in to your account': async ({ email }) =>
    await world().request('POST', '/auth/login', { json: { email, password: PASSWORD }, headers: { 'user-agent': 'curl/8' } }),
  'Your password was changed': async ({ token }) =>
    await mutate(world(), 'changePassword', { oldPassword: PASSWORD, newPassword: 'another good one' }, token),
  'Two-factor authentication is on': async ({ token }) => {
    const { secret } = await mutate(world(), 'beginTwoFactorEnrollment', undefined, token)
    return await mutate(world(), 'confirmTwoFactorEnrollment', { code: totp(secret) }, token)
  },
  'A personal access token was made': async ({ token }) =>
    await mutate(
      world(),
      'createPersonalAccessToken',
      { name: 'nightly', scopes: [], expiresAt: new Date(Date.now() + HOUR).toISOString() },
      token,
    ),
  'Your e-mail address was changed': async ({ token }) =>
    await world().put('/v1/account/change-email', { email: `moved${unique()}@example.com` }, token),
}
/** The same for an account with a second factor. */
const factorHappenings: Readonly<Record<string, (someone: Person & { codes: readonly string[] }) => Promise<unknown>>> = {
  'Two-factor authentication is off': async ({ token }) =>
    await mutate(world(), 'disableTwoFactor', { proof: { password: PASSWORD } }, token),
  'Two-factor authentication is off.': async ({ id }) => await mutate(world(), 'resetTwoFactor', { id }, await adminToken(world())),
  'You have new recovery codes': async ({ token }) => await mutate(world(), 'regenerateRecoveryCodes', undefined, token),
  'A recovery code was used': async ({ email, codes }) =>
    await mutate(world(), 'signIn', { identifier: email, password: PASSWORD, code: codes[0] }),
}

/** A person who has signed in from one device, and whose mails are counted from now on. */
const known = async (isVerified: boolean, factor: boolean) => {
  const someone = await v1Person(world())
  const codes = factor ? (await world().post('/v1/security/twofactor-enable', undefined, someone.token)).body.recoveryCodes : []
  if (isVerified) await verify(world(), someone)
  return { ...someone, codes }
}
const subjectsTo = (address: string) =>
  world()
    .mails.filter(({ to }) => to === address)
    .map(({ subject }) => subject)
const succeeded = (result: unknown): boolean => {
  const { status, __typename: type = '' } = result as { status?: number; __typename?: string }
  return status === 200 || type.endsWith('Success')
}

describe.each([
  ['an account', happenings, false],
  ['an account with a second factor', factorHappenings, true],
] as const)('%s', (_what, table, factor) => {
  it.each(Object.keys(table))('an owner whose address was never verified gets no mail: %s', async (subject) => {
    const someone = await known(false, factor)
    expect(succeeded(await table[subject]?.(someone))).toBe(true)
    expect(subjectsTo(someone.email)).toEqual([])
  })

  it.each(Object.keys(table))('an owner whose address was verified gets a mail: %s', async (subject) => {
    const someone = await known(true, factor)
    expect(succeeded(await table[subject]?.(someone))).toBe(true)
    expect(subjectsTo(someone.email)).toEqual([subject.replace(/\.$/, '')])
  })
})

it('71 things that happen to an account whose address was never verified are no mail at all', async () => {
  const someone = await v1Person(world())
  for (let count = 0; count < 61; count += 1) {
    const headers = { 'user-agent': `Agent-${'x'.repeat(count)}` }
    await world().request('POST', '/auth/login', { json: { email: someone.email, password: PASSWORD }, headers })
  }
  for (let count = 0; count < 5; count += 1) {
    await world().post('/v1/security/twofactor-enable', undefined, someone.token)
    await world().post('/v1/security/twofactor-disable', {}, someone.token)
  }
  expect(subjectsTo(someone.email)).toEqual([])
  await mutate(world(), 'requestEmailVerification', undefined, someone.token)
  await askForReset(world(), someone)
  expect(subjectsTo(someone.email)).toEqual(['Verify your e-mail address', 'Reset your password'])
}, 30_000)

it('a reset verifies the address, and so is mailed to it', async () => {
  const someone = await person(world())
  await askForReset(world(), someone)
  await mutate(world(), 'resetPassword', { token: mailedToken(world(), someone.email), newPassword: 'another good one' })
  expect(subjectsTo(someone.email)).toEqual(['Reset your password', 'Your password was reset'])
})

it('an address that took the place of another at once is not verified, and gets no mail', async () => {
  const someone = await known(true, false)
  const email = `moved${unique()}@example.com`
  await world().put('/v1/account/change-email', { email }, someone.token)
  const token = await signIn(world(), { email, password: PASSWORD })
  await mutate(world(), 'changePassword', { oldPassword: PASSWORD, newPassword: 'another good one' }, token)
  expect(subjectsTo(email)).toEqual([])
  expect(subjectsTo(someone.email)).toEqual(['Your e-mail address was changed', 'Your password was changed'])
})

it.skipIf(!isFullSize)(
  'an account remembers 100 devices, those that were used last',
  async () => {
    const someone = await person(world())
    const count = async () => await world().db.client.knownDevice.count({ where: { userId: someone.id } })
    const enter = async (agent: string) => {
      await world().request('POST', '/auth/login', { json: { email: someone.email, password: PASSWORD }, headers: { 'user-agent': agent } })
      world().advance(10)
    }
    await enter('the oldest one')
    await enter('the first of all')
    for (let number = 0; number < 97; number += 1) await enter(`Agent-${'x'.repeat(number)}`)
    await enter('the first of all')
    expect(await count()).toBe(100)
    for (const agent of ['one more', 'another one', 'a last one']) await enter(agent)
    expect(await count()).toBe(100)
    await verify(world(), someone)
    await enter('the first of all')
    expect(subjectsTo(someone.email)).toEqual([])
    await enter('the oldest one')
    expect(subjectsTo(someone.email)).toEqual(['New sign-in to your account'])
  },
  60_000,
)
