/** A typing error in a setting never means something weaker: it means what was meant, or the start is refused in a line that says so. */
import { describe, expect, test } from 'vitest'
import { readConfig, settings } from '../../../src/config.ts'
import { problemsOf } from './problems.ts'

const KEY = 'a key of thirty-two characters, or more'

describe('white space around a value', () => {
  test.each([
    ['NODE_ENV', 'production ', 'production'],
    ['NODE_ENV', 'production\n', 'production'],
    ['DATA_DIR', 'data ', 'data'],
    ['HOST', ' 0.0.0.0\t', '0.0.0.0'],
    ['LOG_LEVEL', 'warn\r', 'warn'],
    ['REGISTRATION', ' closed', 'closed'],
    ['GRAPHIQL', 'false ', false],
    ['PORT', ' 5000 ', 5000],
    ['ACCESS_TOKEN_LIFE', ' 30m\n', 1_800_000],
    ['WEKAN_PREFIX', '/boards ', '/boards'],
    ['DATABASE_URL', 'postgresql://db/x\n', 'postgresql://db/x'],
    ['SMTP_URL', ' smtp://mail.example.com ', 'smtp://mail.example.com'],
    ['PERSISTED_OPERATIONS', ' manifest.json\n', 'manifest.json'],
  ])('%s=%j is what was meant', (name, value, meant) => {
    expect(readConfig({ [name]: value })).toMatchObject({ [name]: meant })
  })

  test('production with a space is production, with all that it turns off', () => {
    expect(readConfig({ NODE_ENV: ' production ' })).toMatchObject({
      production: true,
      GRAPHIQL: false,
      API_DOCS: false,
      INTROSPECTION: false,
      FIRST_ACCOUNT_IS_ADMIN: false,
      FORGET_PASSWORD_DISCLOSES: false,
    })
  })

  test.each(Object.keys(settings))('a %s of white space alone is an absent one', (name) => {
    expect(readConfig({ [name]: ' \t\n' })).toEqual(readConfig({}))
  })

  test.each([
    ['ADMIN_PASSWORD', 'secret-pass\n'],
    ['ADMIN_PASSWORD', ' secret-pass'],
    ['SECRET_KEY', `${KEY}\r\n`],
    ['SECRET_KEY', ` ${KEY}`],
  ])('%s=%j is refused, as nobody can tell whether it belongs to it', (name, value) => {
    const problems = problemsOf({ ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: 'secret-pass', [name]: value })
    expect(problems).toEqual([`${name}: begins or ends with white space or a line break: remove it`])
  })

  test.each(['DATA_DIR', 'HOST', 'MAIL_FROM', 'ADMIN_PASSWORD', 'SECRET_KEY', 'PERSISTED_OPERATIONS'])(
    'a control character within %s is refused',
    (name) => {
      const problems = problemsOf({ ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: 'secret-pass', [name]: `${KEY}\n${KEY}` })
      expect(problems).toEqual([`${name}: contains a line break or another control character`])
    },
  )
})

describe('NODE_ENV', () => {
  test.each(['development', 'production', 'test'])('%s is a NODE_ENV', (value) => {
    expect(readConfig({ NODE_ENV: value }).NODE_ENV).toBe(value)
  })

  test.each([
    ['prod', 'production'],
    ['Production', 'production'],
    ['PRODUCTION', 'production'],
    ['producton', 'production'],
    ['dev', 'development'],
    ['testing', 'test'],
    ['staging', 'production'],
    ['live', 'production'],
  ])('%s is none, and %s is what was meant', (value, meant) => {
    expect(problemsOf({ NODE_ENV: value })).toEqual([`NODE_ENV: "${value}" is none of development, production, test: ${meant}?`])
  })
})

describe('one of several words', () => {
  test.each([
    ['GRAPHIQL', 'True', '"True" is none of true, false: true?'],
    ['REQUIRE_ADMIN_TWO_FACTOR', 'ture', '"ture" is none of true, false: true?'],
    ['REQUIRE_ADMIN_TWO_FACTOR', 'yes', '"yes" is none of true, false: true?'],
    ['REQUIRE_ADMIN_TWO_FACTOR', '1', '"1" is none of true, false: true?'],
    ['COMMON_PASSWORDS_GRAPHQL', 'off', '"off" is none of true, false: false?'],
    ['COMMON_PASSWORDS_DIALECTS', 'TRUE', '"TRUE" is none of true, false: true?'],
    ['REGISTRATION', 'close', '"close" is none of open, closed: closed?'],
    ['REGISTRATION', 'Closed', '"Closed" is none of open, closed: closed?'],
    ['LOG_LEVEL', 'warning', '"warning" is none of trace, debug, info, warn, error, silent: warn?'],
    ['LOG_LEVEL', 'INFO', '"INFO" is none of trace, debug, info, warn, error, silent: info?'],
    ['WEKAN_ERROR_STATUS', 'reel', '"reel" is none of real, 200: real?'],
    ['DEFAULT_LOCALE', 'AR', '"AR" is none of en, ar: ar?'],
    ['DEFAULT_LOCALE', 'french', '"french" is none of en, ar'],
  ])('%s=%s: %s', (name, value, problem) => {
    expect(problemsOf({ [name]: value })).toEqual([`${name}: ${problem}`])
  })
})

describe('HOST', () => {
  test.each(['127.0.0.1', '0.0.0.0', '::', '::1', 'fe80::1%eth0', 'localhost', 'db-1.internal', 'my_host', '3f2a9c1b'])(
    '%s is a host',
    (value) => {
      expect(readConfig({ HOST: value }).HOST).toBe(value)
    },
  )

  test.each([
    '*',
    '0',
    '127.1',
    '0x7f.1',
    '010.0.0.1',
    '1.2.3',
    '[::1]',
    'localhost:4000',
    'http://localhost',
    'a b',
    'a..b',
    '-a',
    '256.1.1.1',
  ])('%s is not a host', (value) => {
    expect(problemsOf({ HOST: value })).toEqual(['HOST: must be an IP address or a host name, such as 127.0.0.1, :: or localhost'])
  })
})

describe('a number that is no limit', () => {
  test.each([
    ['LIMIT_PASSWORD_FAILURES', '999999999', 'must be at most 1000000'],
    ['LIMIT_ADDRESS_PER_MINUTE', '1000001', 'must be at most 1000000'],
    ['MAX_SESSIONS', '100000000', 'must be at most 1000000'],
    ['LIMIT_HASH_QUEUE', '0', 'must be at least 1'],
    ['LIMIT_CODE_FAILURES', '-1', 'must be a whole number'],
    ['LIMIT_CODE_FAILURES', '10.5', 'must be a whole number'],
    ['LIMIT_CODE_FAILURES', '1e3', 'must be a whole number'],
    ['ARGON2_MEMORY_KIB', '100000000', 'must be at most 262144'],
    ['ARGON2_MEMORY_KIB', '19455', 'must be at least 19456'],
    ['PORT', '70000', 'must be a port'],
  ])('%s=%s %s', (name, value, problem) => {
    expect(problemsOf({ [name]: value })).toEqual([`${name}: ${problem}`])
  })
})

describe('ADMIN_PASSWORD', () => {
  test.each([
    ['é'.normalize('NFD').repeat(7), 'must have at least 8 characters'],
    ['1234567', 'must have at least 8 characters'],
    ['x'.repeat(129), 'must have at most 128 characters'],
  ])('%j %s, as its characters are counted', (value, problem) => {
    expect(problemsOf({ ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: value })).toEqual([`ADMIN_PASSWORD: ${problem}`])
  })

  test('128 characters outside the basic plane are 128', () => {
    const password = '🔑'.repeat(128)
    expect(readConfig({ ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: password }).ADMIN_PASSWORD).toBe(password)
  })
})
