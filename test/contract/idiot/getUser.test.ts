/**
 * `GET /v1/users/{id}` of `idiot`.
 */
import { describe, expect, it } from 'vitest'
import { type Person, person, signIn, unique } from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { enter, expectInvalid, expectOk, expectProblem, someText, wekanPerson } from '../v1/support.ts'
import { NO_ONE, useIdiot } from './support.ts'

const { world } = useIdiot()

describe('GET /v1/users/{id}', () => {
  commonCases(world, { method: 'GET', path: `/v1/users/${NO_ONE}`, methods: ['GET', 'DELETE'], who: 'session' })

  const forms: readonly [string, (who: Person) => Promise<string>][] = [
    ['a sess_ token', async (who) => (await enter(world(), who)).token],
    ['the JWT of /v1', async (who) => (await enter(world(), who)).accessToken],
    ['a token of GraphQL', async (who) => await signIn(world(), who)],
    ['the access token of authentication', async (who) => (await world().post('/auth/login', who)).body.tokens.access.token],
    ['a token of Wekan', async (who) => (await world().post('/users/login', { email: who.email, password: who.password })).body.token],
  ]
  it.each(forms)('200 with %s, of any session', async (_name, tokenOf) => {
    const [caller, other] = [await person(world()), await person(world())]
    const answer = await world().get(`/v1/users/${other.id}`, await tokenOf(caller))
    expectOk(answer, { id: other.id, name: expect.stringMatching(/^Person Number/), email: other.email })
  })

  it.each(['bearer', 'BEARER', 'bEaReR', 'Bearer  '])('200 with the scheme written %j', async (scheme) => {
    const { id, email } = await person(world())
    const answer = await world().request('GET', `/v1/users/${id}`, { headers: { authorization: `${scheme} ${world.admin()}` } })
    expectOk(answer, { id, name: someText, email, permissions: [] })
  })

  it("GET /v1/users/{id} is 200 for one's own account", async () => {
    const { id, email, token } = await person(world(), { name: 'My Self' })
    expectOk(await world().get(`/v1/users/${id}`, token), { id, name: 'My Self', email, permissions: [] })
  })

  it('200 for an account with a Meteor id and without an e-mail: "" is printed', async () => {
    const username = `board${unique()}`
    const { id } = await wekanPerson(world(), { username, password: 'tester' })
    expectOk(await world().get(`/v1/users/${id}`, world.admin()), { id, name: username, email: '', permissions: [] })
  })

  it('HEAD as GET, without the body', async () => {
    const { id, token } = await person(world())
    const found = await world().request('HEAD', `/v1/users/${id}`, { token })
    expect([found.status, found.text]).toEqual([200, ''])
    const missing = await world().request('HEAD', `/v1/users/${NO_ONE}`, { token })
    expect([missing.status, missing.text]).toEqual([404, ''])
  })

  it.each([
    NO_ONE,
    NO_ONE.slice(1),
    'x',
    '2'.repeat(17),
    'me',
    '0',
    '-1',
    '%20',
    '%ff',
    '%F0%9F%98%80',
    '%27%20OR%201%3D1',
    '__proto__',
    'User:1',
    'i'.repeat(5_000),
  ])('404 for the unknown or malformed id %s', async (id) => {
    expectProblem(await world().get(`/v1/users/${id}`, world.admin()), 404)
  })

  it('400 for an id with NUL', async () => {
    expectInvalid(await world().get('/v1/users/a%00b', world.admin()), ['id'])
  })

  it('404 for a username or an e-mail in the place of the id', async () => {
    const { username, email, token } = await person(world())
    expectProblem(await world().get(`/v1/users/${username}`, token), 404)
    expectProblem(await world().get(`/v1/users/${email}`, token), 404)
  })

  it('404 in the body of /v1 for a path below the id', async () => {
    const { id, token } = await person(world())
    expectProblem(await world().get(`/v1/users/${id}/more`, token), 404)
  })
})
