/** Lists hold what can have an effect: an entry that never could is refused, in one line that says what it probably meant. */
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { problemsOf } from './problems.ts'

const KEY = 'a key of thirty-two characters or more'

describe('CORS_ORIGINS', () => {
  test('CORS_ORIGINS takes origins as browsers send them', () => {
    const origins = [
      'https://app.example.com',
      'http://localhost:3000',
      'http://127.0.0.1:5173',
      'http://[::1]:3000',
      'https://xn--bcher-kva.example',
    ]
    expect(readConfig({ CORS_ORIGINS: origins.join(' ,\n') }).CORS_ORIGINS).toEqual(origins)
  })

  test.each([
    ['https://app.example.com/', 'https://app.example.com'],
    ['http://a/b', 'http://a'],
    ['https://app.example.com?x=1', 'https://app.example.com'],
    ['https://app.example.com#top', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['http://localhost:80', 'http://localhost'],
    ['https://App.Example.com', 'https://app.example.com'],
    ['HTTPS://app.example.com', 'https://app.example.com'],
    ['https:app.example.com', 'https://app.example.com'],
    ['https:///app.example.com', 'https://app.example.com'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['http://127.1:3000', 'http://127.0.0.1:3000'],
    ['app.example.com', 'https://app.example.com'],
    ['localhost:3000', 'http://localhost:3000'],
  ])('%s is refused, and %s is what was meant', (given, meant) => {
    expect(problemsOf({ CORS_ORIGINS: given })).toEqual([`CORS_ORIGINS: "${given}" is not an origin: ${meant}?`])
  })

  test.each(['*', 'https://*', 'https://*.example.com', 'http://*:3000'])('%s is refused: each origin is listed by itself', (given) => {
    expect(problemsOf({ CORS_ORIGINS: given })).toEqual([
      `CORS_ORIGINS: "${given}" is not an origin such as https://app.example.com: wildcards are not supported, list each origin`,
    ])
  })

  test.each([
    'null',
    'https://a.example;https://b.example',
    'https://a.example https://b.example',
    'ftp://a.example',
    'https://',
    'https://a..b',
    'file:///x',
  ])('%s is refused', (given) => {
    expect(problemsOf({ CORS_ORIGINS: given })).toEqual([`CORS_ORIGINS: "${given}" is not an origin such as https://app.example.com`])
  })

  test('a user and a password are refused and never repeated', () => {
    expect(problemsOf({ CORS_ORIGINS: 'https://me:hunter2@a.example' })).toEqual(['CORS_ORIGINS: an entry has a user: https://a.example?'])
  })
})

describe('TRUSTED_PROXIES', () => {
  test('TRUSTED_PROXIES takes addresses, networks and the three names', () => {
    const proxies = [
      'loopback',
      'linklocal',
      'uniquelocal',
      '10.0.0.0/8',
      '192.0.2.1',
      '2001:db8::/32',
      '::1',
      '::ffff:192.0.2.7',
      '192.0.2.9/32',
    ]
    expect(readConfig({ TRUSTED_PROXIES: proxies.join(', ') }).TRUSTED_PROXIES).toEqual(proxies)
  })

  const NONE = 'is not an address, a network such as 10.0.0.0/8, or one of loopback, linklocal, uniquelocal'
  test.each([
    '1',
    '127.1',
    '0x7f.1',
    '0x7f000001',
    '2130706433',
    '010.0.0.1',
    '10.0.0.0/255.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/99',
    '10.0.0.0/08',
    '::1/129',
    'nobody',
    'Loopback',
    '*',
    'true',
    'fe80::1%eth0',
    '::ffff:0x7f.1',
    'proxy.example.com',
    '10.0.0.1:80',
    '[::1]',
  ])('%s is refused', (given) => {
    expect(problemsOf({ TRUSTED_PROXIES: given })).toEqual([`TRUSTED_PROXIES: "${given}" ${NONE}`])
  })

  test.each([
    ['10.1.2.3/8', '10.0.0.0/8 or 10.1.2.3/32?'],
    ['192.168.1.1/24', '192.168.1.0/24 or 192.168.1.1/32?'],
    ['2001:db8::1/32', '2001:db8::/32 or 2001:db8::1/128?'],
  ])('%s is refused: it is an address and a network', (given, meant) => {
    expect(problemsOf({ TRUSTED_PROXIES: given })).toEqual([
      `TRUSTED_PROXIES: "${given}" is not the first address of its network: ${meant}`,
    ])
  })

  test.each(['0.0.0.0/0', '::/0'])('%s is refused: everybody is no proxy', (given) => {
    expect(problemsOf({ TRUSTED_PROXIES: given })).toEqual([
      `TRUSTED_PROXIES: "${given}" includes everybody, so that each client could choose its address: name your proxies`,
    ])
  })
})

describe('every list', () => {
  const LISTS = ['TRUSTED_PROXIES', 'CORS_ORIGINS', 'SECRET_KEY', 'DIALECTS', 'DEPRECATION', 'SUNSET', 'READ_ONLY', 'SWITCHED_OFF']
  test.each(LISTS)('%s: an entry that is empty is refused', (name) => {
    for (const value of [',', 'x,', ',x', 'x,,y', 'x, ,y']) expect(problemsOf({ [name]: value })).toEqual([`${name}: has an empty entry`])
  })

  test.each([
    ['TRUSTED_PROXIES', '10.0.0.1,10.0.0.1', '"10.0.0.1" is listed twice'],
    ['CORS_ORIGINS', 'https://a.example, https://a.example', '"https://a.example" is listed twice'],
    ['DIALECTS', 'wekan,idiot,wekan', '"wekan" is listed twice'],
    ['DIALECTS', './a.mjs,./a.mjs', '"./a.mjs" is listed twice'],
    ['READ_ONLY', 'wekan,wekan', '"wekan" is listed twice'],
    ['SECRET_KEY', `${KEY},${KEY}`, 'has the same key twice'],
  ])('%s=%s: %s', (name, value, problem) => {
    expect(problemsOf({ [name]: value })).toEqual([`${name}: ${problem}`])
  })

  test('SECRET_KEY names no key that is too short', () => {
    expect(problemsOf({ SECRET_KEY: `${KEY},hunter2` })).toEqual(['SECRET_KEY: must have at least 32 characters'])
  })
})

describe('DIALECTS', () => {
  test('DIALECTS=none serves no dialect', () => {
    expect(readConfig({ DIALECTS: 'none' }).DIALECTS).toEqual([])
  })

  test('empty is the default, as every empty setting', () => {
    expect(readConfig({ DIALECTS: '' }).DIALECTS).toEqual(['idiot', 'wekan', 'xiot', 'authentication'])
  })

  test.each([
    ['wekan,none', '"none" cannot be combined with other entries'],
    ['wekann', '"wekann" is neither idiot, wekan, xiot, authentication nor the path of a module such as ./dialects/acme.mjs: wekan?'],
    ['Wekan', '"Wekan" is neither idiot, wekan, xiot, authentication nor the path of a module such as ./dialects/acme.mjs: wekan?'],
    ['klingon', '"klingon" is neither idiot, wekan, xiot, authentication nor the path of a module such as ./dialects/acme.mjs'],
  ])('%s: %s', (value, problem) => {
    expect(problemsOf({ DIALECTS: value })).toEqual([`DIALECTS: ${problem}`])
  })
})

describe('URLs', () => {
  test.each([
    ['https://id.example.com//', 'https://id.example.com'],
    ['https://ID.example.com/Accounts/', 'https://id.example.com/Accounts'],
    ['http://localhost:4000', 'http://localhost:4000'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('PUBLIC_URL=%s is %s', (given, meant) => {
    expect(readConfig({ PUBLIC_URL: given }).PUBLIC_URL).toBe(meant)
  })

  test.each([
    ['PUBLIC_URL', 'https://*.example.com', 'has an invalid host: "*.example.com"'],
    ['PUBLIC_URL', 'https:id.example.com', 'must be an http or https URL'],
    ['PUBLIC_URL', 'id.example.com', 'must be an http or https URL'],
    ['PUBLIC_URL', 'https://a.example;https://b.example', 'must be an http or https URL'],
    ['PUBLIC_URL', 'https://a.example/?x=1', 'must have no query, fragment or user'],
    ['PUBLIC_URL', 'https://a.example/?', 'must have no query, fragment or user'],
    ['PWNED_PASSWORDS_URL', 'api.pwnedpasswords.com/range/', 'must be an http or https URL'],
    ['MIGRATION_GUIDE', 'https://example.com/a\r\nb: c', 'contains a line break or another control character'],
    ['SMTP_URL', 'smtp:mail.example.com', 'must be a URL that begins with smtp:// or smtps://'],
    ['SMTP_URL', 'smtp://user:25#word@mail.example.com', 'has a #: in a user name or password, write %23'],
    ['SMTP_URL', 'mail.example.com:25', 'must be a URL that begins with smtp:// or smtps://'],
  ])('%s=%s is refused', (name, value, problem) => {
    expect(problemsOf({ [name]: value })).toEqual([`${name}: ${problem}`])
  })
})
