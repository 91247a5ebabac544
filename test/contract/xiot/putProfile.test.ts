/**
 * `PUT /v1/profile` of `xiot`.
 */
import { describe, expect, it } from 'vitest'
import { type Person, v1Person as person } from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { aDate, enter, expectInvalid, expectOk, expectProblem } from '../v1/support.ts'
import { LETTERS, NO_LETTERS, NO_PHONES, PHONES, useXiot } from './support.ts'

const { world, profile } = useXiot()

describe('PUT /v1/profile', () => {
  const update = async (json: unknown, token: string) => await world().put('/v1/profile', json, token)

  commonCases(world, { method: 'PUT', path: '/v1/profile', methods: ['GET', 'PUT'], who: 'session', required: [] })

  it('200 with the changed record', async () => {
    const { id, email, token } = await person(world())
    expectOk(await update({ firstName: 'Omar', lastName: 'Sharif', phone: '01012345678' }, token), {
      statusCode: 200,
      message: 'Profile updated successfully',
      user: {
        id,
        email,
        firstName: 'Omar',
        lastName: 'Sharif',
        phone: '01012345678',
        name: 'Omar Sharif',
        twoFactorEnabled: false,
        createdAt: aDate,
        updatedAt: aDate,
      },
    })
    expect(await profile(token)).toMatchObject({ firstName: 'Omar', lastName: 'Sharif', name: 'Omar Sharif', phone: '01012345678' })
  })

  it.each([
    [{ firstName: 'Omar' }, { firstName: 'Omar', lastName: 'Lisa', name: 'Omar Lisa', phone: null }],
    [{ lastName: 'Sharif' }, { firstName: 'Mona', lastName: 'Sharif', name: 'Mona Sharif', phone: null }],
    [{ phone: '01512345678' }, { firstName: 'Mona', lastName: 'Lisa', name: 'Mona Lisa', phone: '01512345678' }],
    [{}, { firstName: 'Mona', lastName: 'Lisa', name: 'Mona Lisa', phone: null }],
    [{ firstName: '  Omar ' }, { firstName: 'Omar', lastName: 'Lisa', name: 'Omar Lisa', phone: null }],
  ])('%j changes that and nothing else', async (body, expected) => {
    const { token } = await person(world(), { name: 'Mona Lisa' })
    expect((await update(body, token)).body.user).toMatchObject(expected)
    expect(await profile(token)).toMatchObject(expected)
  })

  it('what is changed shows on the other surfaces', async () => {
    const { id, token } = await person(world())
    await update({ firstName: 'Omar', lastName: 'Sharif' }, token)
    expect((await world().get(`/v1/users/${id}`, token)).body.name).toBe('Omar Sharif')
    expect((await world().post('/auth', undefined, token)).body.message).toBe('Welcome Omar Sharif')
  })

  it.each(PHONES)('PUT /v1/profile takes the phone %s, prints it as sent, keeps %s', async (phone, e164) => {
    const { id, token } = await one()
    expect((await update({ phone }, token)).body.user.phone).toBe(phone)
    expect(await world().db.client.user.findUnique({ where: { id } })).toMatchObject({ phone, phoneE164: e164 })
  })

  it.each([null, ''])('the phone %j clears it', async (phone) => {
    const { id, token } = await one()
    await update({ phone: '01012345678' }, token)
    expect((await update({ phone }, token)).body.user.phone).toBeNull()
    expect(await world().db.client.user.findUnique({ where: { id } })).toMatchObject({ phone: null, phoneE164: null })
  })

  it.each(NO_PHONES)('400 for the phone %j', async (phone) => {
    expectInvalid(await update({ phone }, (await one()).token), ['phone'])
  })

  it.each(LETTERS)('PUT /v1/profile takes %j as a name', async (letters) => {
    const { token } = await one()
    expect((await update({ firstName: letters, lastName: letters }, token)).body.user).toMatchObject({
      firstName: letters,
      lastName: letters,
      name: `${letters} ${letters}`,
    })
  })

  it.each([...NO_LETTERS, null])('400 for %j as a name', async (letters) => {
    const { token } = await one()
    const before = await profile(token)
    expectInvalid(await update({ firstName: letters, lastName: letters }, token), ['firstName', 'lastName'])
    expect(await profile(token)).toEqual(before)
  })

  it('400 with all wrong fields at once, and nothing is changed', async () => {
    const { token } = await one()
    const before = await profile(token)
    expectInvalid(await update({ firstName: 'x', lastName: '1', phone: 'x' }, token), ['firstName', 'lastName', 'phone'])
    expectInvalid(await update({ firstName: 'Good', phone: 'x' }, token), ['phone'])
    expect(await profile(token)).toEqual(before)
  })

  it('unknown keys have no effect: no e-mail, no id, no scope', async () => {
    const { token } = await one()
    const before = await profile(token)
    const answer = await update(
      { email: 'other@example.com', id: 'x', isAdmin: true, scopes: ['perm'], name: 'No Body', password: 'x' },
      token,
    )
    expect({ ...answer.body.user, updatedAt: '' }).toEqual({ ...before, updatedAt: '' })
    expectProblem(await world().get('/v1/users', token), 403, { message: 'missing permission users:read' })
  })

  let known: Promise<Person> | undefined
  async function one(): Promise<Person> {
    known ??= person(world()).then(async (made) => ({ ...made, token: (await enter(world(), made)).token }))
    return await known
  }
})
