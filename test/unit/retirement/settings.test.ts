/**
 * The settings that retire dialects: every list is read back as it was meant, what is wrong is refused in one line that names the
 * setting and the target, and nothing is accepted that would have no effect.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../../../src/config.ts'
import { enabledDialects } from '../../../src/rest/dialects.ts'

type Settings = Readonly<Record<string, string>>

const problemsOf = (settings: Settings, read: (settings: Settings) => unknown): readonly string[] => {
  try {
    read(settings)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const LISTS = ['READ_ONLY', 'SWITCHED_OFF', 'DEPRECATION', 'SUNSET'] as const
const dated = (list: string): boolean => list === 'DEPRECATION' || list === 'SUNSET'

const dialect = fc.stringMatching(/^[a-z][a-z\d-]{0,31}$/)
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE')
const word = fc.stringMatching(/^[\w.~-]{1,8}$/)
const parameter = fc.stringMatching(/^\w{1,8}$/)
const segment = fc.oneof(
  word.map((text) => [text, text]),
  parameter.chain((name) => fc.constantFrom([`{${name}}`, `:${name}`], [`:${name}`, `:${name}`])),
)
const route = fc.record({ method, segments: fc.array(segment, { maxLength: 4 }) }).map(({ method: verb, segments }) => {
  const path = (index: 0 | 1) => `${verb} /${segments.map((parts) => parts[index]).join('/')}`
  return { given: path(0), meant: path(1) }
})
const target = fc.record({ dialect, route: fc.option(route, { nil: undefined }) }).map((one) => ({
  name: one.route === undefined ? one.dialect : `${one.dialect}:${one.route.given}`,
  dialect: one.dialect,
  ...(one.route === undefined ? {} : { route: one.route.meant }),
}))
const targets = fc.uniqueArray(target, { maxLength: 6, selector: (one) => `${one.dialect}:${'route' in one ? one.route : ''}` })
const moment = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000))
const day = moment.map((date) => new Date(Math.floor(date.getTime() / 86_400_000) * 86_400_000))
const datedTargets = fc.tuple(targets, fc.infiniteStream(fc.tuple(moment, day, fc.boolean()))).map(([list, dates]) =>
  list.map((one) => {
    const [at, midnight, whole] = dates.next().value as [Date, Date, boolean]
    const iso = (whole ? midnight : at).toISOString()
    return { one: { ...one, date: whole ? midnight : at }, text: `${one.name}=${whole ? iso.slice(0, 10) : iso.replace('.000', '')}` }
  }),
)
const space = fc.constantFrom('', ' ', '\t', '\n ')

describe('lists of targets', () => {
  it.each(LISTS)('%s: are read back as they were meant', (list) => {
    const entries = dated(list) ? datedTargets : targets.map((found) => found.map((one) => ({ one, text: one.name })))
    fc.assert(
      fc.property(entries, space, space, (meant, before, after) => {
        const text = meant.map((entry) => entry.text).join(`${before},${after}`)
        expect(readConfig({ [list]: text })[list]).toEqual(meant.map(({ one }) => one))
      }),
      { numRuns: 300 },
    )
  })

  it.each(LISTS)('%s: any text is understood, or refused in one line that names it', (list) => {
    const part = fc.constantFrom(
      'wekan',
      'xiot',
      ':',
      'GET',
      'POST ',
      ' ',
      '/v1/users',
      '/{id}',
      '=',
      ',',
      '2027-01-31',
      'T12:00:00Z',
      '\n',
      '-',
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, (given) => {
        const problems = problemsOf({ [list]: given }, readConfig)
        expect(problems.length).toBeLessThan(2)
        for (const problem of problems) expect(problem).toMatch(new RegExp(`^${list}: .+$`))
      }),
      { numRuns: 500 },
    )
  })

  it('lists of targets are empty by default', () => {
    const config = readConfig({})
    for (const list of LISTS) expect(config[list]).toEqual([])
    expect(config).not.toHaveProperty('MIGRATION_GUIDE')
    expect(
      enabledDialects(config).flatMap(({ mounts }) => mounts.flatMap(({ rows }) => rows.filter((row) => 'retirement' in row))),
    ).toEqual([])
  })
})

describe('what has not the form of a setting', () => {
  const noTarget = (name: string) => `${JSON.stringify(name)} is neither a dialect nor a route such as xiot:PUT /v1/profile`
  const undatedTarget = (entry: string) => `${JSON.stringify(entry)} must be a dialect or a route, and a date: xiot=2027-01-31`
  const noDate = (entry: string) => `${JSON.stringify(entry)} must end in a date like 2027-01-31 or 2027-01-31T12:00:00Z`
  it.each([
    ['READ_ONLY', 'Wekan', noTarget('Wekan')],
    ['READ_ONLY', 'wekan,xiot:', noTarget('xiot:')],
    ['READ_ONLY', 'xiot:/v1/profile', noTarget('xiot:/v1/profile')],
    ['READ_ONLY', 'xiot:put /v1/profile', noTarget('xiot:put /v1/profile')],
    ['READ_ONLY', 'xiot:PATCH /v1/profile', noTarget('xiot:PATCH /v1/profile')],
    ['SWITCHED_OFF', 'xiot:PUT v1/profile', noTarget('xiot:PUT v1/profile')],
    ['SWITCHED_OFF', 'PUT /v1/profile', noTarget('PUT /v1/profile')],
    ['SWITCHED_OFF', 'xiot:GET /v1/profile?x', noTarget('xiot:GET /v1/profile?x')],
    ['SWITCHED_OFF', 'xiot=2027-01-31', noTarget('xiot=2027-01-31')],
    ['SWITCHED_OFF', 'wekan, wekan', '"wekan" is listed twice'],
    ['READ_ONLY', 'idiot:DELETE /v1/users/{id},idiot:DELETE /v1/users/:id', '"idiot:DELETE /v1/users/:id" is listed twice'],
    ['DEPRECATION', 'wekan', undatedTarget('wekan')],
    ['DEPRECATION', '=2027-01-31', undatedTarget('=2027-01-31')],
    ['DEPRECATION', 'wekan=', noDate('wekan=')],
    ['DEPRECATION', 'wekan=2027-02-29', noDate('wekan=2027-02-29')],
    ['DEPRECATION', 'wekan=2027-1-31', noDate('wekan=2027-1-31')],
    ['SUNSET', 'wekan=2027-01-31T12:00', noDate('wekan=2027-01-31T12:00')],
    ['SUNSET', 'wekan=2027-01-31T12:00:00', noDate('wekan=2027-01-31T12:00:00')],
    ['SUNSET', 'wekan=2027-01-31T12:00:00+01:00', noDate('wekan=2027-01-31T12:00:00+01:00')],
    ['SUNSET', 'wekan=2027-01-31T12:00:00.5Z', noDate('wekan=2027-01-31T12:00:00.5Z')],
    ['SUNSET', 'wekan=@1801396800', noDate('wekan=@1801396800')],
    ['SUNSET', 'wekan=2027-01-31,wekan=2027-02-28', '"wekan" is listed twice'],
    ['MIGRATION_GUIDE', 'docs/guide.html', 'must be an http or https URL'],
    ['MIGRATION_GUIDE', 'ftp://example.com/', 'must be an http or https URL'],
    ['MIGRATION_GUIDE', 'https://me:secret@example.com/', 'must have no user'],
  ])('%s=%s', (setting, text, problem) => {
    expect(problemsOf({ [setting]: text }, readConfig)).toEqual([`${setting}: ${problem}`])
  })

  it('each setting that has not its form is reported at once', () => {
    const problems = problemsOf({ DEPRECATION: 'x', SUNSET: 'x', READ_ONLY: 'X', SWITCHED_OFF: 'X', MIGRATION_GUIDE: 'x' }, readConfig)
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'DEPRECATION',
      'SUNSET',
      'MIGRATION_GUIDE',
      'READ_ONLY',
      'SWITCHED_OFF',
    ])
  })
})

describe('what names nothing that is there', () => {
  const refused = (settings: Settings) => problemsOf(settings, (given) => enabledDialects(readConfig(given)))
  const authentication =
    'POST /auth, POST /auth/register, POST /auth/login, POST /auth/logout, POST /auth/refresh-tokens, POST /auth/forgot-password, POST /auth/reset-password'

  it.each(LISTS)('%s: a dialect that nobody knows, or that DIALECTS does not serve', (list) => {
    const date = dated(list) ? '=2027-01-31' : ''
    expect(refused({ [list]: `klingon${date}` })).toEqual([`${list}: klingon: DIALECTS serves no klingon`])
    expect(refused({ DIALECTS: 'idiot', [list]: `xiot:PUT /v1/profile${date}` })).toEqual([
      `${list}: xiot:PUT /v1/profile: DIALECTS serves no xiot`,
    ])
  })

  it.each(LISTS)('%s: a route that the dialect does not have, with those that it has', (list) => {
    const date = dated(list) ? '=2027-01-31' : ''
    for (const route of ['GET /auth', 'POST /auth/', 'POST /v1/users', 'POST /auth/{id}'])
      expect(refused({ [list]: `authentication:${route}${date}` })).toEqual([
        `${list}: authentication:${route}: authentication has no such route, but ${authentication}`,
      ])
  })

  it('a path with the prefix of the settings', () => {
    expect(refused({ WEKAN_PREFIX: '/boards', SWITCHED_OFF: 'wekan:GET /boards/api/user' })).toEqual([
      expect.stringMatching(/^SWITCHED_OFF: wekan:GET \/boards\/api\/user: wekan has no such route, but POST \/users\/register, /),
    ])
    expect(refused({ WEKAN_PREFIX: '/boards', SWITCHED_OFF: 'wekan:GET /api/user' })).toEqual([])
  })

  it('a route in READ_ONLY that changes no account', () => {
    for (const name of ['idiot:GET /v1/users', 'xiot:POST /v1/auth/login', 'authentication:POST /auth/refresh-tokens'])
      expect(refused({ READ_ONLY: name })).toEqual([`READ_ONLY: ${name}: the route changes no account`])
  })

  it('a sunset before its deprecation, whichever entries they are of', () => {
    const route = 'idiot:GET /v1/users'
    const early = (sunset: string, deprecation: string) => [`SUNSET: ${sunset}: must not be earlier than DEPRECATION of ${deprecation}`]
    expect(refused({ DEPRECATION: 'idiot=2027-01-02', SUNSET: 'idiot=2027-01-01' })).toEqual(early('idiot', 'idiot'))
    expect(refused({ DEPRECATION: `${route}=2027-01-02`, SUNSET: 'idiot=2027-01-01' })).toEqual(early('idiot', route))
    expect(refused({ DEPRECATION: 'idiot=2027-01-01T00:00:01Z', SUNSET: `${route}=2027-01-01` })).toEqual(early(route, 'idiot'))
    expect(refused({ DEPRECATION: `idiot=2027-01-02,${route}=2027-01-01`, SUNSET: `${route}=2027-01-01` })).toEqual([])
    expect(refused({ DEPRECATION: 'idiot=2027-01-02', SUNSET: 'wekan=2027-01-01' })).toEqual([])
  })

  it('all settings that name nothing are reported at once', () => {
    const problems = refused({
      DEPRECATION: 'klingon=2027-01-31,idiot=2027-02-01',
      SUNSET: 'idiot=2027-01-31',
      READ_ONLY: 'wekan:GET /api/user',
      SWITCHED_OFF: 'xiot:GET /v1/nope',
    })
    expect(problems.map((problem) => problem.split(': ').slice(0, 2).join(': '))).toEqual([
      'DEPRECATION: klingon',
      'READ_ONLY: wekan:GET /api/user',
      'SWITCHED_OFF: xiot:GET /v1/nope',
      'SUNSET: idiot',
    ])
  })
})
