/** Which legacy APIs are served, and how each is on its way out, for administrators. */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, type Person, person } from '../support/accounts.ts'
import { personalToken } from '../support/personalToken.ts'
import { useWorld, type World } from '../support/world.ts'
import { expectFailure, grantScopes, query } from './ask.ts'

const RETIRING = 'deprecatedAt sunsetAt isReadOnly isSwitchedOff'
const SELECTION = `dialects { name title pathPrefix migrationGuide ${RETIRING} routes { method path ${RETIRING} } }`
const ask = (world: World, token?: string) => query(world, SELECTION, token)

const STAYING = { deprecatedAt: null, sunsetAt: null, isReadOnly: false, isSwitchedOff: false }

interface Listed {
  readonly name: string
  readonly title: string
  readonly routes: readonly { readonly method: string; readonly path: string }[]
}
const route = ({ routes }: Listed, name: string) => routes.find(({ method, path }) => `${method} ${path}` === name)

describe('dialects', () => {
  const world = useWorld()
  let boss: Person
  beforeAll(async () => {
    boss = await admin(world())
  })

  it('dialects lists all that are served, with their routes, and nothing that is not the case', async () => {
    const dialects: Listed[] = await ask(world(), boss.token)
    const titles = ['iDIoT backend API', 'Wekan REST API', 'Users API', 'Authentication API']
    expect(dialects.map(({ name, routes, ...rest }) => ({ name, routes: routes.length, ...rest }))).toEqual(
      [
        ['idiot', 6],
        ['wekan', 9],
        ['xiot', 11],
        ['authentication', 7],
      ].map(([name, routes], index) => ({ name, routes, title: titles[index], pathPrefix: '', migrationGuide: null, ...STAYING })),
    )
    expect(route(dialects[1] as Listed, 'GET /api/users/:id')).toEqual({ method: 'GET', path: '/api/users/:id', ...STAYING })
  })

  it('dialects needs a session, and an administrator', async () => {
    expectFailure(await ask(world()), 'errors', 'UNAUTHENTICATED')
    const someone = await person(world())
    expectFailure(await ask(world(), someone.token), 'errors', 'FORBIDDEN')
    await grantScopes(world(), someone, ['perm'])
    expectFailure(await ask(world(), someone.token), 'errors', 'FORBIDDEN')
    expectFailure(await ask(world(), await personalToken(world(), boss, ['users'])), 'errors', 'FORBIDDEN')
  })
})

describe('dialects on their way out', () => {
  const GUIDE = 'https://docs.example.com/leaving-rest'
  const world = useWorld({
    DIALECTS: 'wekan,xiot,idiot',
    WEKAN_PREFIX: '/boards',
    DEPRECATION: 'wekan=2027-01-01,xiot:PUT /v1/profile=2027-02-01T06:30:00Z',
    SUNSET: 'wekan=2027-07-01,wekan:GET /api/users=2027-12-31',
    READ_ONLY: 'wekan,xiot:PUT /v1/profile',
    SWITCHED_OFF: 'idiot,xiot:GET /v1/profile',
    MIGRATION_GUIDE: GUIDE,
  })

  it('dialects tells what the settings say of a whole dialect, and what holds for each route', async () => {
    const [idiot, wekan, xiot] = (await ask(world(), (await admin(world())).token)) as [Listed, Listed, Listed]
    const dates = { deprecatedAt: '2027-01-01T00:00:00.000Z', sunsetAt: '2027-07-01T00:00:00.000Z' }
    expect(wekan).toMatchObject({
      name: 'wekan',
      pathPrefix: '/boards',
      migrationGuide: GUIDE,
      ...dates,
      isReadOnly: true,
      isSwitchedOff: false,
    })
    expect(route(wekan, 'GET /boards/api/users')).toMatchObject({ ...dates, sunsetAt: '2027-12-31T00:00:00.000Z', isReadOnly: false })
    expect(route(wekan, 'POST /boards/api/users')).toMatchObject({ ...dates, isReadOnly: true, isSwitchedOff: false })
    expect(xiot).toMatchObject({ name: 'xiot', pathPrefix: '', migrationGuide: GUIDE, ...STAYING })
    expect(route(xiot, 'PUT /v1/profile')).toMatchObject({ ...STAYING, deprecatedAt: '2027-02-01T06:30:00.000Z', isReadOnly: true })
    expect(route(xiot, 'GET /v1/profile')).toMatchObject({ ...STAYING, isSwitchedOff: true })
    expect(idiot).toMatchObject({ name: 'idiot', ...STAYING, isSwitchedOff: true })
    expect(route(idiot, 'GET /v1/users')).toMatchObject({ ...STAYING, isSwitchedOff: true })
    // The other dialect that shares it goes on.
    expect(route(idiot, 'POST /v1/auth/login')).toMatchObject(STAYING)
  })

  it('dialects says what a request finds', async () => {
    expect((await world().get('/v1/users')).status).toBe(410)
    expect((await world().post('/v1/auth/login', { email: 'nobody@example.com', password: 'nothing' })).status).toBe(401)
  })
})

describe('dialects of a server without any', () => {
  const none = useWorld({ DIALECTS: 'none' })

  it('dialects is empty', async () => {
    expect(await ask(none(), (await admin(none())).token)).toEqual([])
  })
})
