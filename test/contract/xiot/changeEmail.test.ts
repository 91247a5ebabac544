/**
 * `PUT /v1/account/change-email` of `xiot`.
 */
import { describe, expect, it } from 'vitest'
import {
  PASSWORD,
  v1Person as person,
  signInOnV1,
  unique,
  v1VerifiedPerson as verifiedPerson,
  v1WithTwoFactor as withTwoFactor,
  withUsername,
} from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { enter, expectInvalid, expectOk, expectProblem, resetTokenOf, wekanPerson } from '../v1/support.ts'
import { EMAILS, NEW_PASSWORD, useXiot } from './support.ts'

const { world, profile, isLive, isVerified, signsIn, mailsTo, eventsOf } = useXiot()

describe('PUT /v1/account/change-email', () => {
  const change = async (email: unknown, token: string) => await world().put('/v1/account/change-email', { email }, token)
  const address = () => `moved${unique()}@example.com`

  commonCases(world, { method: 'PUT', path: '/v1/account/change-email', methods: ['PUT'], who: 'session', required: ['email'] })

  it('200: it counts at once', async () => {
    const someone = await person(world())
    const email = address()
    expectOk(await change(email, someone.token), { statusCode: 200, message: 'E-mail changed successfully' })
    expect((await profile(someone.token)).email).toBe(email)
    expect([await signsIn(email, PASSWORD), await signsIn(someone.email, PASSWORD)]).toEqual([200, 401])
  })

  it('the new address is trimmed and kept as typed', async () => {
    const { token } = await person(world())
    const number = unique()
    expect((await change(`  Moved${number}@Example.com `, token)).status).toBe(200)
    expect((await profile(token)).email).toBe(`Moved${number}@Example.com`)
    expect(await signsIn(`moved${number}@example.com`, PASSWORD)).toBe(200)
  })

  it('the new address starts unverified', async () => {
    const someone = await person(world())
    await world().post('/v1/security/reset-password', { token: await resetTokenOf(world(), someone), password: NEW_PASSWORD })
    const { token } = await enter(world(), { ...someone, password: NEW_PASSWORD })
    expect(await isVerified(token)).toBe(true)
    await change(address(), token)
    expect(await isVerified(token)).toBe(false)
  })

  it('the old address gets a mail, and an event is written', async () => {
    const someone = await verifiedPerson(world())
    const email = address()
    await change(email, someone.token)
    expect(mailsTo(someone.email)).toHaveLength(1)
    expect(mailsTo(email)).toEqual([])
    expect(await eventsOf(someone.id)).toContain('email.changed')
  })

  it('an account that had no address gets one', async () => {
    const username = `board${unique()}`
    await wekanPerson(world(), { username, password: 'tester' })
    const email = address()
    const token = await signInOnV1(world(), { email: username, password: 'tester' })
    expect((await change(email, token)).status).toBe(200)
    expect(await signsIn(email, 'tester')).toBe(200)
  })

  it('kills pending reset tokens', async () => {
    const someone = await person(world())
    const token = await resetTokenOf(world(), someone)
    await change(address(), someone.token)
    expectProblem(await world().post('/v1/security/reset-password', { token, password: NEW_PASSWORD }), 401)
  })

  it('400 for an address that is taken, whatever its case', async () => {
    const [one, two] = [await person(world()), await person(world())]
    for (const email of [two.email, ` ${two.email.toUpperCase()} `])
      expectProblem(await change(email, one.token), 400, { errors: ['email'] })
    expect((await profile(one.token)).email).toBe(one.email)
  })

  it('400 for the address that the account has, whatever its case', async () => {
    const { email, token } = await person(world())
    for (const own of [email, email.toUpperCase(), ` ${email} `]) expectProblem(await change(own, token), 400, { errors: ['email'] })
    expect(mailsTo(email)).toEqual([])
  })

  it("400 for an address that is another's username", async () => {
    const email = address()
    await withUsername(world(), { username: email })
    expectProblem(await change(email, (await person(world())).token), 400, { errors: ['email'] })
  })

  it('an address that was taken cannot become a username', async () => {
    const email = address()
    await change(email, (await person(world())).token)
    const { status, body } = await world().post('/users/register', { username: email, password: 'tester' })
    expect([status, body]).toEqual([400, { error: 403, reason: 'Username already exists.' }])
  })

  it('the old address is free again', async () => {
    const someone = await person(world())
    await change(address(), someone.token)
    expect((await person(world(), { email: someone.email })).id).not.toBe(someone.id)
  })

  it('of two in parallel to one address, one moves', async () => {
    const [one, two] = [await person(world()), await person(world())]
    const email = address()
    const answers = await Promise.all([change(email, one.token), change(email, two.token)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  it.each(EMAILS)('400 errors.email for %j', async (email) => {
    expectInvalid(await change(email, world.admin()), ['email'])
  })

  it('the second factor stays on, and this session goes on', async () => {
    const someone = await withTwoFactor(world())
    const email = address()
    await change(email, someone.token)
    expect(await isLive(someone.token)).toBe(true)
    expect(await enter(world(), { email, password: PASSWORD })).toHaveProperty('loginCode')
  })
})
