/**
 * `Deprecation`, `Sunset` and `Link`: on every answer of a route that the settings deprecate, whatever the answer is, and on no
 * other; and pages of allowed origins may read them.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { routes, urlOf } from '../guards/routes.ts'
import { admin, type Person, person } from '../support/accounts.ts'
import { type Answer, useWorld } from '../support/world.ts'
import { answersTo } from './support.ts'

const GUIDE = 'https://docs.example.com/leaving-rest'
const ORIGIN = 'https://app.example.com'

const toldBy = ({ headers }: Answer) => ({
  deprecation: headers.get('deprecation'),
  sunset: headers.get('sunset'),
  link: headers.get('link'),
})
const SILENT = { deprecation: null, sunset: null, link: null }
const BOTH = `<${GUIDE}>; rel="deprecation"; type="text/html", <${GUIDE}>; rel="sunset"; type="text/html"`

describe('where all dialects are deprecated', () => {
  const world = useWorld({
    DEPRECATION: 'idiot=2026-01-01,wekan=2027-02-01T06:30:00Z,xiot=2026-03-01,authentication=2026-04-01,xiot:PUT /v1/profile=2027-01-01',
    SUNSET: 'idiot=2027-01-31,wekan=2028-02-29T23:59:59Z,idiot:GET /v1/users/{id}=2027-06-30,xiot:POST /v1/auth/login=2027-01-15',
    MIGRATION_GUIDE: GUIDE,
    CORS_ORIGINS: ORIGIN,
  })
  let boss: Person
  beforeAll(async () => {
    boss = await admin(world())
  })

  const only = `<${GUIDE}>; rel="deprecation"; type="text/html"`
  const ofDialects = {
    idiot: { deprecation: '@1767225600', sunset: 'Sun, 31 Jan 2027 00:00:00 GMT', link: BOTH },
    wekan: { deprecation: '@1801463400', sunset: 'Tue, 29 Feb 2028 23:59:59 GMT', link: BOTH },
    xiot: { deprecation: '@1772323200', sunset: null, link: only },
    authentication: { deprecation: '@1775001600', sunset: null, link: only },
  }
  const own: Readonly<Record<string, object>> = {
    'PUT /v1/profile': { ...ofDialects.xiot, deprecation: '@1798761600' },
    'GET /v1/users/:id': { ...ofDialects.idiot, sunset: 'Wed, 30 Jun 2027 00:00:00 GMT' },
    'POST /v1/auth/login': { deprecation: '@1772323200', sunset: 'Sun, 31 Jan 2027 00:00:00 GMT', link: BOTH },
  }
  const expected = (name: string, mount: string): object => {
    if (own[name] !== undefined) return own[name]
    if (mount === '/auth') return ofDialects.authentication
    if (mount !== '/v1') return ofDialects.wekan
    return /\/v1\/(users|auth\/logout)/.test(name) ? ofDialects.idiot : ofDialects.xiot
  }

  it.each(routes)('$name: every answer says so', async (route) => {
    const answers = await answersTo(world(), route, (await person(world())).token)
    expect(new Set(answers.map(([, { status }]) => status)).size).toBeGreaterThan(1)
    for (const [kind, answer] of answers) {
      expect([kind, toldBy(answer)]).toEqual([kind, expected(route.name, route.mount)])
      expect(answer.status).not.toBe(410)
    }
  })

  it.each(['/v1/users', '/api/users'])('GET %s: a list of some pages, streamed, says so', async (path) => {
    const now = new Date()
    const made = Array.from({ length: 501 }, (_, index) => {
      const id = `imported-${path}-${index}`
      return { id, username: id, name: 'Imported', firstName: 'Imported', createdAt: now, updatedAt: now }
    })
    await world().db.client.user.createMany({ data: made })
    const answer = await world().get(path, boss.token)
    expect(answer.body.length).toBeGreaterThan(500)
    expect(toldBy(answer)).toEqual(path === '/v1/users' ? ofDialects.idiot : ofDialects.wekan)
  })

  it.each([
    ['GET', '/v1/nowhere'],
    ['GET', '/api/nowhere'],
    ['PATCH', '/v1/profile'],
    ['DELETE', '/users/login'],
    ['GET', '/graphql'],
    ['GET', '/healthz'],
    ['GET', '/nowhere'],
  ])('%s %s is no such route and says nothing', async (method, path) => {
    expect(toldBy(await world().request(method, path))).toEqual(SILENT)
  })

  it.each(routes)('$name: OPTIONS is as ever', async (route) => {
    const answer = await world().request('OPTIONS', urlOf(route))
    expect(answer.status).toBe(204)
    expect(answer.headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining([route.method, 'OPTIONS']))
    expect(toldBy(answer)).toEqual(SILENT)
  })

  it('pages of allowed origins may read them, on errors too', async () => {
    for (const token of [boss.token, undefined]) {
      const answer = await world().request('GET', '/v1/profile', { token, headers: { origin: ORIGIN } })
      expect(answer.headers.get('access-control-expose-headers')?.split(', ')).toEqual(
        expect.arrayContaining(['deprecation', 'sunset', 'link']),
      )
    }
  })

  it('GraphQL goes on in silence', async () => {
    const answer = await world().graphql('{ me { id } }', {}, boss.token)
    expect([answer.body, toldBy(answer)]).toEqual([{ me: { id: boss.id } }, SILENT])
  })

  it('the log says it at start, in one line a dialect', () => {
    const lines = world().logs.filter(({ message }) => message === 'a dialect is being retired')
    expect(lines.map(({ level, fields }) => ({ level, ...fields }))).toEqual([
      { level: 'info', dialect: 'idiot', deprecated: 'all', sunset: 'all' },
      { level: 'info', dialect: 'wekan', deprecated: 'all', sunset: 'all' },
      { level: 'info', dialect: 'xiot', deprecated: 'all', sunset: ['POST /v1/auth/login'] },
      { level: 'info', dialect: 'authentication', deprecated: 'all' },
    ])
  })
})

describe('where one route has a sunset', () => {
  const world = useWorld({ SUNSET: 'wekan:GET /api/users/{id}=2030-12-31', WEKAN_PREFIX: '/boards', MIGRATION_GUIDE: GUIDE })
  const TOLD = { deprecation: null, sunset: 'Tue, 31 Dec 2030 00:00:00 GMT', link: `<${GUIDE}>; rel="sunset"; type="text/html"` }

  it('it says so, below its prefix, and no other', async () => {
    const boss = await admin(world())
    expect(toldBy(await world().get(`/boards/api/users/${boss.id}`, boss.token))).toEqual(TOLD)
    expect(toldBy(await world().get('/boards/api/users/nobody', boss.token))).toEqual(TOLD)
    expect(toldBy(await world().get('/boards/api/users/nobody/', boss.token))).toEqual(TOLD)
    expect(toldBy(await world().put('/boards/api/users/nobody', {}, boss.token))).toEqual(SILENT)
    expect(toldBy(await world().get('/boards/api/users', boss.token))).toEqual(SILENT)
    expect(toldBy(await world().get('/v1/users', boss.token))).toEqual(SILENT)
  })
})
