/**
 * What the settings make of each row: a route's own entry wins over its dialect's, a shared route is retired only as far as all
 * who share it agree, and the headers have the syntax of their RFCs.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import type { Retirement, Row } from '../../../src/rest/dialect.ts'
import { enabledDialects } from '../../../src/rest/dialects.ts'
import { retirementHeaders } from '../../../src/rest/retired.ts'
import { placesOf } from '../../../src/rest/routing.ts'

type Settings = Readonly<Record<string, string>>

const names = ['idiot', 'wekan', 'xiot', 'authentication'] as const
type Name = (typeof names)[number]

const rowsOf = (dialect: Name, settings: Settings): readonly Row[] =>
  enabledDialects(readConfig(settings))
    .find(({ name }) => name === dialect)
    ?.mounts.flatMap(({ rows }) => rows) ?? []
const nameOf = ({ method, path }: Row) => `${method} ${path}`

/** Of each row of a dialect by its name; undefined where nothing is said. */
const retirements = (dialect: Name, settings: Settings): Record<string, Retirement | undefined> =>
  Object.fromEntries(rowsOf(dialect, settings).map((row) => [nameOf(row), row.retirement]))

const LOGIN = 'POST /v1/auth/login'

describe('a route’s own entry', () => {
  it('wins over its dialect’s, date by date', () => {
    const found = retirements('wekan', {
      DEPRECATION: 'wekan:GET /api/users/{id}=2027-01-01,wekan=2027-02-01',
      SUNSET: 'wekan=2027-03-01,wekan:GET /api/user=2027-04-01T08:30:00Z',
    })
    const dates = (route: string) => [found[route]?.deprecation?.toISOString(), found[route]?.sunset?.toISOString()]
    expect(dates('GET /api/users')).toEqual(['2027-02-01T00:00:00.000Z', '2027-03-01T00:00:00.000Z'])
    expect(dates('GET /api/users/:id')).toEqual(['2027-01-01T00:00:00.000Z', '2027-03-01T00:00:00.000Z'])
    expect(dates('GET /api/user')).toEqual(['2027-02-01T00:00:00.000Z', '2027-04-01T08:30:00.000Z'])
  })

  it('a route’s own entry says nothing of the dialect’s other routes, nor of other methods of its path', () => {
    const found = retirements('wekan', { SWITCHED_OFF: 'wekan:PUT /api/users/{id}' })
    expect(Object.entries(found).filter(([, one]) => one !== undefined)).toEqual([
      ['PUT /api/users/:id', { deprecation: undefined, sunset: undefined, guide: undefined, readOnly: false, off: true, held: false }],
    ])
  })
})

describe('a dialect’s entry', () => {
  it.each(names)('%s: is the same as one for each of its routes', (dialect) => {
    const rows = rowsOf(dialect, {})
    const subset = fc.uniqueArray(fc.constantFrom('DEPRECATION', 'SUNSET', 'READ_ONLY', 'SWITCHED_OFF'))
    fc.assert(
      fc.property(subset, fc.boolean(), (lists, alone) => {
        const suffix: Settings = { DEPRECATION: '=2027-01-01', SUNSET: '=2027-06-30T10:00:00Z' }
        const each = (list: string) =>
          rows
            .filter(({ changes }) => list !== 'READ_ONLY' || changes === 'accounts')
            .map((row) => `${dialect}:${nameOf(row)}${suffix[list] ?? ''}`)
        const base: Settings = alone ? { DIALECTS: dialect } : {}
        const whole = { ...base, ...Object.fromEntries(lists.map((list) => [list, `${dialect}${suffix[list] ?? ''}`])) }
        const single = { ...base, ...Object.fromEntries(lists.map((list) => [list, each(list).join(',')])) }
        expect(retirements(dialect, whole)).toEqual(retirements(dialect, single))
      }),
    )
  })

  it('a dialect’s entry makes read-only what changes accounts, and nothing else', () => {
    for (const dialect of names) {
      const found = rowsOf(dialect, { READ_ONLY: names.join() })
      for (const row of found) expect([nameOf(row), row.retirement?.readOnly ?? false]).toEqual([nameOf(row), row.changes === 'accounts'])
    }
  })

  it('a dialect’s entry follows its routes below a prefix', () => {
    const found = retirements('wekan', { WEKAN_PREFIX: '/boards', SWITCHED_OFF: 'wekan:GET /api/user' })
    expect(found['GET /boards/api/user']?.off).toBe(true)
    expect(found['GET /boards/api/users']).toBeUndefined()
  })
})

describe('the route that idiot and xiot share', () => {
  const own = `idiot:${LOGIN}`
  const other = `xiot:${LOGIN}`
  const login = (settings: Settings) => {
    const [idiot, xiot] = [retirements('idiot', settings)[LOGIN], retirements('xiot', settings)[LOGIN]]
    const place = placesOf(enabledDialects(readConfig(settings)))
      .get('/v1/auth/login')
      ?.get('POST')
    expect(place?.row.retirement).toEqual(idiot)
    return { idiot, xiot }
  }

  it.each(['idiot', 'xiot', own, other])('the route that idiot and xiot share goes on where SWITCHED_OFF has %s alone', (name) => {
    const { idiot, xiot } = login({ SWITCHED_OFF: name })
    const [asked, silent] = name.startsWith('idiot') ? [idiot, xiot] : [xiot, idiot]
    expect(asked).toMatchObject({ off: false, held: true })
    expect(silent).toBeUndefined()
  })

  it.each([
    ['idiot', 'xiot'],
    ['idiot', other],
    [own, 'xiot'],
    [own, other],
  ])('the route that idiot and xiot share is off where SWITCHED_OFF has %s and %s', (one, two) => {
    const { idiot, xiot } = login({ SWITCHED_OFF: `${one},${two}` })
    expect([idiot, xiot]).toEqual([idiot, idiot])
    expect(idiot).toMatchObject({ off: true, held: false })
  })

  it('the route that idiot and xiot share has the later of the dates, and none that not all have', () => {
    const { idiot, xiot } = login({ DEPRECATION: `idiot=2027-01-01,${other}=2027-02-01`, SUNSET: 'idiot=2028-02-01,xiot=2028-01-01' })
    expect(xiot).toEqual(idiot)
    expect(idiot?.deprecation?.toISOString()).toBe('2027-02-01T00:00:00.000Z')
    expect(idiot?.sunset?.toISOString()).toBe('2028-02-01T00:00:00.000Z')
    const half = login({ DEPRECATION: 'idiot=2027-01-01,xiot=2027-01-01', SUNSET: 'xiot=2028-01-01' })
    expect(half.idiot).toMatchObject({ sunset: undefined, held: false })
    expect(half.xiot).toMatchObject({ sunset: undefined, held: true })
    expect(half.idiot?.deprecation).toEqual(half.xiot?.deprecation)
  })

  it.each<Settings>([{ DIALECTS: 'idiot,wekan' }, { XIOT_PREFIX: '/new' }])(
    'the route that idiot and xiot share is the dialect’s own where nobody shares it: %j',
    (settings) => {
      const found = retirements('idiot', { ...settings, SWITCHED_OFF: 'idiot' })
      expect(found[LOGIN]).toMatchObject({ off: true, held: false })
      expect(retirements('xiot', { ...settings, SWITCHED_OFF: 'idiot' })).not.toHaveProperty([`POST /new/v1/auth/login`, 'off'])
    },
  )
})

describe('the headers of a row', () => {
  const headersOf = (settings: Settings) => {
    const [row] = rowsOf('authentication', settings)
    if (row === undefined) throw new Error('no row')
    return retirementHeaders(row)
  }

  it('the headers of a row have the syntax of the RFCs’ own examples', () => {
    expect(headersOf({ DEPRECATION: 'authentication=2023-06-30T23:59:59Z' })).toEqual({ Deprecation: '@1688169599' })
    expect(headersOf({ SUNSET: 'authentication=2018-12-31T23:59:59Z' })).toEqual({ Sunset: 'Mon, 31 Dec 2018 23:59:59 GMT' })
  })

  it.each([
    ['1969-12-31', '@-86400', 'Wed, 31 Dec 1969 00:00:00 GMT'],
    ['1970-01-01', '@0', 'Thu, 01 Jan 1970 00:00:00 GMT'],
    ['2028-02-29', '@1835395200', 'Tue, 29 Feb 2028 00:00:00 GMT'],
  ])('%s is %s and %s', (day, Deprecation, Sunset) => {
    expect(headersOf({ DEPRECATION: `authentication=${day}`, SUNSET: `authentication=${day}` })).toEqual({ Deprecation, Sunset })
  })

  it('link to the guide beside a date, and only there', () => {
    const MIGRATION_GUIDE = 'https://docs.example.com/leaving'
    const deprecation = `<${MIGRATION_GUIDE}>; rel="deprecation"; type="text/html"`
    const sunset = `<${MIGRATION_GUIDE}>; rel="sunset"; type="text/html"`
    const [DEPRECATION, SUNSET] = ['authentication=2027-01-01', 'authentication=2027-06-30']
    expect(headersOf({ MIGRATION_GUIDE, DEPRECATION }).Link).toBe(deprecation)
    expect(headersOf({ MIGRATION_GUIDE, SUNSET }).Link).toBe(sunset)
    expect(headersOf({ MIGRATION_GUIDE, DEPRECATION, SUNSET }).Link).toBe(`${deprecation}, ${sunset}`)
    for (const settings of [{ DEPRECATION }, { MIGRATION_GUIDE, SWITCHED_OFF: 'authentication' }, { MIGRATION_GUIDE }])
      expect(headersOf(settings as unknown as Settings)).not.toHaveProperty('Link')
  })

  it.each([
    ['https://example.com', 'https://example.com/'],
    ['https://example.com/a?b=c,d;e#f', 'https://example.com/a?b=c,d;e#f'],
    ['https://example.com/<a>"b"?<c>"d"#<e>"f"', 'https://example.com/%3Ca%3E%22b%22?%3Cc%3E%22d%22#%3Ce%3E%22f%22'],
    ['https://bücher.example/é', 'https://xn--bcher-kva.example/%C3%A9'],
    ['https://example.com/a b: c', 'https://example.com/a%20b:%20c'],
  ])('write the guide %s so that a header can hold it', (MIGRATION_GUIDE, href) => {
    const { Link } = headersOf({ MIGRATION_GUIDE, SUNSET: 'authentication=2027-01-01' })
    expect(Link).toBe(`<${href}>; rel="sunset"; type="text/html"`)
    expect(new Headers({ link: Link ?? '' }).get('link')).toBe(Link)
  })

  it('the headers of a row are none where nothing is said', () => {
    expect(headersOf({})).toEqual({})
    expect(headersOf({ READ_ONLY: 'authentication', SWITCHED_OFF: 'authentication' })).toEqual({})
  })
})
