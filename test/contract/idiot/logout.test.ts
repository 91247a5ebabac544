/**
 * `POST /v1/auth/logout` of `idiot`.
 */
import { describe, expect, it } from 'vitest'
import { person, unique } from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { enter, expectOk, expectProblem, wekanPerson } from '../v1/support.ts'
import { useIdiot } from './support.ts'

const { world } = useIdiot()

describe('POST /v1/auth/logout', () => {
  const logout = async (token?: string) => await world().post('/v1/auth/logout', undefined, token)

  commonCases(world, { method: 'POST', path: '/v1/auth/logout', methods: ['POST'], who: 'session' })

  /** What each surface says to a token. */
  const seenBy = async (token: string): Promise<number[]> => [
    (await world().get('/v1/profile', token)).status,
    (await world().get('/api/user', token)).status,
    (await world().post('/auth', undefined, token)).status,
    (await world().graphql('{ result: me { id } }', {}, token)).body.result === null ? 401 : 200,
  ]

  it('200 {}; a second call is 401', async () => {
    const { token } = await enter(world(), await person(world()))
    expectOk(await logout(token), {})
    expectProblem(await logout(token), 401)
  })

  it.each(['token', 'accessToken'])(
    'POST /v1/auth/logout by the %s: both tokens of the session are dead, on every surface',
    async (presented) => {
      const session = await enter(world(), await person(world()))
      expect(await seenBy(session.token)).toEqual([200, 200, 200, 200])
      expect(await seenBy(session.accessToken)).toEqual([200, 200, 200, 200])
      expectOk(await logout(session[presented]), {})
      expect(await seenBy(session.token)).toEqual([401, 401, 401, 401])
      expect(await seenBy(session.accessToken)).toEqual([401, 401, 401, 401])
    },
  )

  it('POST /v1/auth/logout ends only the presented session', async () => {
    const someone = await person(world())
    const [one, two] = [await enter(world(), someone), await enter(world(), someone)]
    await logout(one.token)
    expect((await world().get('/v1/profile', one.token)).status).toBe(401)
    expect((await world().get('/v1/profile', two.token)).status).toBe(200)
    expect((await world().get('/v1/profile', someone.token)).status).toBe(200)
  })

  it("POST /v1/auth/logout ends a session of Wekan's", async () => {
    const { token } = await wekanPerson(world(), { username: `board${unique()}`, password: 'tester' })
    expectOk(await logout(token), {})
    expect(await seenBy(token)).toEqual([401, 401, 401, 401])
  })

  it('POST /v1/auth/logout ends a session of authentication, with its refresh token', async () => {
    const { tokens } = (await world().post('/auth/login', await person(world()))).body
    expectOk(await logout(tokens.access.token), {})
    expect(await seenBy(tokens.access.token)).toEqual([401, 401, 401, 401])
    expect((await world().post('/auth/refresh-tokens', { refreshToken: tokens.refresh.token })).status).toBe(401)
  })

  it('POST /v1/auth/logout ends a session of GraphQL, with its refresh token', async () => {
    const { token, refreshToken } = await person(world())
    expectOk(await logout(token), {})
    expect(await seenBy(token)).toEqual([401, 401, 401, 401])
    expect((await world().post('/auth/refresh-tokens', { refreshToken })).status).toBe(401)
  })

  it('of two calls in parallel, one ends it', async () => {
    const { token } = await person(world())
    const answers = await Promise.all([logout(token), logout(token)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
  })

  it('a body that nobody asked for is no error', async () => {
    const { token } = await person(world())
    expectOk(await world().post('/v1/auth/logout', { everything: true }, token), {})
  })
})
