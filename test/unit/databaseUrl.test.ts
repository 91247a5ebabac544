/** DATABASE_URL by libpq's grammar, and what is said of it. */
import { describe, expect, it } from 'vitest'
import { connectionSettings, readDatabaseUrl, unusable } from '../../src/db/databaseUrl.ts'
import { DatabaseAway } from '../../src/db/passing.ts'

const read = (url: string) => {
  const { name, user, password, database, servers } = readDatabaseUrl(url)
  return { name, user, password, database, servers }
}
const one = { user: 'ada', password: undefined, database: 'base' }

describe('a URL', () => {
  it.each<[string, object]>([
    ['postgresql://ada@db.example/base', { ...one, servers: [{ host: 'db.example' }], name: 'db.example:5432/base' }],
    ['postgres://ada:se%40cret@db:6432/base', { ...one, password: 'se@cret', servers: [{ host: 'db', port: 6432 }], name: 'db:6432/base' }],
    ['postgresql://ada@/base?host=/run/pg', { ...one, servers: [{ host: '/run/pg' }], name: '/run/pg, database base' }],
    ['postgresql://ada@%2Frun%2Fpg:5433/base', { ...one, servers: [{ host: '/run/pg', port: 5433 }], name: '/run/pg, database base' }],
    ['postgresql://ada@[2001:db8::1]:6/base', { ...one, servers: [{ host: '2001:db8::1', port: 6 }], name: '[2001:db8::1]:6/base' }],
    ['postgresql://ada@a:1,b/base', { ...one, servers: [{ host: 'a', port: 1 }, { host: 'b' }], name: 'a:1,b:5432/base' }],
    [
      'postgresql://ada@/base?host=a,b&port=7',
      {
        ...one,
        servers: [
          { host: 'a', port: 7 },
          { host: 'b', port: 7 },
        ],
        name: 'a:7,b:7/base',
      },
    ],
    ['postgresql:///?dbname=base&user=ada', { ...one, servers: [{}], name: 'localhost:5432/base' }],
    ['postgresql://ada:p#w:100%@h/base', { ...one, password: 'p#w:100%', servers: [{ host: 'h' }], name: 'h:5432/base' }],
    ['postgresql://ada:p@w@h/base', { ...one, password: 'p@w', servers: [{ host: 'h' }], name: 'h:5432/base' }],
    ['postgresql://ada@h/m%C3%A4rz', { ...one, database: 'märz', servers: [{ host: 'h' }], name: 'h:5432/märz' }],
  ])('%s', (url, expected) => {
    expect(read(url)).toEqual(expected)
  })

  it.each([
    ['postgresql://a:secret@[bad/c', 'DATABASE_URL is not a valid URL'],
    ['postgresql://a:secret@b:none/c', 'DATABASE_URL: the port of a host is not valid'],
    ['postgresql://a:secret/c', 'DATABASE_URL: the port of a host is not valid'],
    ['postgresql://a:secret@b/c?host=x,y&port=1,2,3', 'DATABASE_URL: 3 ports for 2 hosts'],
    ['postgresql://a:secret@b/%ff', 'DATABASE_URL is not a valid URL: its percent-encoding is not UTF-8'],
    ['postgresql://a:secret@b/c?sslmode=strict', 'DATABASE_URL: sslmode "strict" is none of disable'],
    ['postgresql://a:secret@b/c?sslrootcert=/no/where.pem', 'DATABASE_URL: sslrootcert /no/where.pem cannot be read (ENOENT)'],
    ['postgresql://a:secret@b/c?target_session_attrs=standby', 'DATABASE_URL: `target_session_attrs` must be read-write'],
    ['postgresql://a:secret@b/c?schema=mine', 'DATABASE_URL: `schema` must be public; set the search_path instead'],
  ])('%s is refused in one line without its password', (url, line) => {
    const attempt = () => connectionSettings(readDatabaseUrl(url))
    expect(attempt).toThrow(line)
    expect(attempt).not.toThrow('secret')
  })

  it('of a replica is named by its own setting, and may ask for a standby', () => {
    const read = (query: string) => connectionSettings(readDatabaseUrl(`postgresql://a:secret@b/c?${query}`, 'DATABASE_READ_URL'))
    expect(() => read('sslmode=strict')).toThrow(/^DATABASE_READ_URL: sslmode "strict" is none of disable/)
    expect(() => read('schema=mine')).toThrow(/^DATABASE_READ_URL: `schema` must be public/)
    expect(read('target_session_attrs=standby')).toMatchObject({ user: 'a', database: 'c' })
  })
})

describe('sslmode', () => {
  const tls = (parameters: string) => connectionSettings(readDatabaseUrl(`postgresql://a@b/c?${parameters}`)).ssl
  it.each<[string, unknown]>([
    ['', undefined],
    ['sslmode=disable', false],
    ['sslmode=allow', {}],
    ['sslmode=prefer', {}],
    ['sslmode=require', {}],
    ['sslmode=verify-ca', {}],
    ['sslmode=verify-full', {}],
    ['sslmode=no-verify', { rejectUnauthorized: false }],
    ['ssl=true', {}],
    ['ssl=0', false],
    ['sslrootcert=system', {}],
    ['sslnegotiation=direct', {}],
    ['uselibpqcompat=true&sslmode=require', { rejectUnauthorized: false }],
    ['uselibpqcompat=true&sslmode=verify-full', {}],
  ])('%s', (parameters, expected) => {
    expect(tls(parameters)).toEqual(expected)
  })
})

it('a reason of a driver is reported without the password, however it is spelt', () => {
  const address = readDatabaseUrl('postgresql://ada:se%40cret@h/base')
  const away = new DatabaseAway('no pg_hba.conf entry for se@cret or se%40cret')
  expect(unusable(address, away).message).toBe('The database at h:5432/base cannot be reached: no pg_hba.conf entry for *** or ***')
})
