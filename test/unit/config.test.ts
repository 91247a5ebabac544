/** The settings as a whole: defaults, every error at once, `.env`, and the generated documents. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, namesInDoubt, readConfig, readEnvironment, settings } from '../../src/config.ts'
import { envExample, settingsMarkdown } from '../../src/tools/settingsDocs.ts'

const root = new URL('../../', import.meta.url)

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
  }
  return []
}

describe('readConfig', () => {
  test.each([
    ['TRUSTED_PROXIES', 'nobody'],
    ['TRUSTED_PROXIES', '10.0.0.0/99'],
    ['SMTP_URL', 'smtp://[bad'],
    ['PUBLIC_URL', 'https://a.example/?x=1'],
    ['PUBLIC_URL', 'https://me:secret@a.example'],
    ['ADMIN_EMAIL', 'nobody'],
    ['DEFAULT_LOCALE', 'EN'],
    ['REFRESH_TOKEN_LIFE', '999999999y'],
  ])('%s=%s is refused, by its name', (name, value) => {
    const problems = problemsOf({ [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${name}: `))
    expect(problems[0]).not.toContain('secret')
  })

  test('an empty environment gives the documented defaults', () => {
    expect(readConfig({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 4000,
      PUBLIC_URL: 'http://localhost:4000',
      DATA_DIR: './data',
      DIALECTS: ['idiot', 'wekan', 'xiot', 'authentication'],
      REGISTRATION: 'open',
      DEFAULT_LOCALE: 'en',
      GRAPHIQL: true,
      API_DOCS: true,
      INTROSPECTION: true,
      FIRST_ACCOUNT_IS_ADMIN: true,
      FORGET_PASSWORD_DISCLOSES: true,
      production: false,
    })
    expect(readConfig({})).not.toHaveProperty('DATABASE_URL')
  })

  test('production turns the conveniences off, and each can be switched on', () => {
    const off = { GRAPHIQL: false, API_DOCS: false, INTROSPECTION: false, FIRST_ACCOUNT_IS_ADMIN: false, FORGET_PASSWORD_DISCLOSES: false }
    expect(readConfig({ NODE_ENV: 'production' })).toMatchObject({ ...off, production: true })
    expect(readConfig({ NODE_ENV: 'production', GRAPHIQL: 'true' })).toMatchObject({ ...off, GRAPHIQL: true })
  })

  test('readConfig names every wrong setting at once', () => {
    const wrong = {
      PORT: '65536',
      REGISTRATION: 'maybe',
      ACCESS_TOKEN_LIFE: 'soon',
      DATABASE_URL: 'mysql://x',
      TRUSTED_PROXIES: 'loopback',
      GRAPHIQL: 'yes',
      WEKAN_PREFIX: 'boards',
      DIALECTS: 'idiot,klingon',
    }
    const names = problemsOf(wrong).map((problem) => problem.split(':')[0])
    expect(names.sort()).toEqual(['ACCESS_TOKEN_LIFE', 'DATABASE_URL', 'DIALECTS', 'GRAPHIQL', 'PORT', 'REGISTRATION', 'WEKAN_PREFIX'])
  })

  test.each([
    [
      'an ADMIN_PASSWORD of four decomposed letters',
      { ADMIN_PASSWORD: 'e\u0301a\u0300u\u0308o\u0308' },
      /ADMIN_PASSWORD: must have at least 8/,
    ],
    [
      'an ADMIN_PASSWORD of four signs beyond the first plane',
      { ADMIN_PASSWORD: '\u{1f600}'.repeat(4) },
      /ADMIN_PASSWORD: must have at least 8/,
    ],
    ['an ADMIN_PASSWORD of 129 characters', { ADMIN_PASSWORD: 'x'.repeat(129) }, /ADMIN_PASSWORD: must have at most 128/],
    ['ADMIN_EMAIL without ADMIN_PASSWORD', { ADMIN_EMAIL: 'a@example.com' }, /ADMIN_EMAIL and ADMIN_PASSWORD/],
    ['production with DATABASE_URL needs SECRET_KEY', { NODE_ENV: 'production', DATABASE_URL: 'postgresql://db/x' }, /SECRET_KEY/],
    // Hashes of more memory or work are not checked, so everybody would be locked out.
    ['more memory for a hash than is checked', { ARGON2_MEMORY_KIB: '262145' }, /ARGON2_MEMORY_KIB: must be at most 262144/],
    ['more work for a hash than is checked', { ARGON2_MEMORY_KIB: '262144', ARGON2_PASSES: '5' }, /ARGON2_PASSES: times ARGON2_MEMORY_KIB/],
    ['limits in the wrong order', { LIMIT_CODE_FAILURES: '20', LIMIT_CODE_FAILURES_HARD: '10' }, /LIMIT_CODE_FAILURES_HARD/],
  ])('%s', (_name, env, problem) => {
    expect(problemsOf(env as Record<string, string>)).toEqual([expect.stringMatching(problem)])
  })

  test.each(['idiot,acme', 'acme,idiot,wekann'])('DIALECTS=%s: the first wrong entry is named', (DIALECTS) => {
    expect(problemsOf({ DIALECTS })).toEqual([
      `DIALECTS: "acme" is neither idiot, wekan, xiot, authentication nor the path of a module such as ./dialects/acme.mjs`,
    ])
  })

  test('no problem repeats the value of a secret', () => {
    const problems = problemsOf({ SECRET_KEY: 'hunter2', DATABASE_URL: 'mysql://hunter2', ADMIN_PASSWORD: 'hunter2', SMTP_URL: 'hunter2' })
    expect(problems).toHaveLength(4)
    expect(problems.join()).not.toContain('hunter2')
  })

  test('an empty variable is an absent one, and the result is frozen', () => {
    const config = readConfig({ PORT: '', SMTP_URL: '' })
    expect(config).toMatchObject({ PORT: 4000 })
    expect(config).not.toHaveProperty('SMTP_URL')
    expect(Object.isFrozen(config)).toBe(true)
  })

  test('lists are trimmed, origins and URLs are brought into one form', () => {
    const config = readConfig({ CORS_ORIGINS: ' https://app.example.com , http://localhost:3000', PUBLIC_URL: 'https://id.example.com//' })
    expect(config.CORS_ORIGINS).toEqual(['https://app.example.com', 'http://localhost:3000'])
    expect(config.PUBLIC_URL).toBe('https://id.example.com')
  })
})

describe('readEnvironment', () => {
  let directory: string
  const write = (text: string | Buffer): void => writeFileSync(join(directory, '.env'), text)
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vestibule-env-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  test('readEnvironment without a file is the environment', () => {
    expect(readEnvironment(directory)).toMatchObject({ PATH: process.env.PATH })
  })

  test('readEnvironment reads comments, quotes, several lines, CRLF, `export` and a byte order mark; the environment wins', () => {
    write('\uFEFF# comment\r\nVT_A=1\r\n\r\nexport VT_B="two\nlines" # why\nVT_C = spaced # note\nVT_D=\nPATH=/nowhere')
    expect(readEnvironment(directory)).toMatchObject({ VT_A: '1', VT_B: 'two\nlines', VT_C: 'spaced', VT_D: '', PATH: process.env.PATH })
  })

  test.each([
    ['a line without =', 'VT_A=1\nVT_B 2\n', /line 2 /],
    ['a quote that does not end', 'VT_A=1\n\nVT_B="x\nVT_C=1\n', /line 3 /],
    ['text after a quote', 'VT_A="x" y', /line 1 /],
    ['no text at all', Buffer.from([0xff, 0xfe, 0x41, 0x00]), /UTF-8/],
  ])('%s is one clear error', (_name, text, message) => {
    write(text)
    expect(() => readEnvironment(directory)).toThrow(message)
    expect(() => readEnvironment(directory)).toThrow(ConfigError)
  })

  test('what cannot be read is one clear error', () => {
    mkdirSync(join(directory, '.env'))
    expect(() => readEnvironment(directory)).toThrow('.env: cannot be read (EISDIR)')
  })
})

describe('the generated documents', () => {
  test.each([
    ['.env.example', envExample],
    ['docs/settings.md', settingsMarkdown],
  ])('%s is current (npm run docs:settings)', (file, make) => {
    expect(readFileSync(new URL(file, root), 'utf8')).toBe(make())
  })

  test('the example with every # removed is a valid environment with nothing but defaults', () => {
    const uncommented = envExample().replace(/^# (?=[A-Z0-9_]+=)/gm, '')
    const env = parseEnv(uncommented)
    expect(Object.keys(env).sort()).toEqual(Object.keys(settings).sort())
    expect(readConfig(env)).toEqual(readConfig({}))
  })

  test('the example with every # removed is a .env that every program reads alike', () => {
    const directory = mkdtempSync(join(tmpdir(), 'vestibule-example-'))
    writeFileSync(join(directory, '.env'), envExample().replace(/^# (?=[A-Z0-9_]+=)/gm, ''))
    expect(readEnvironment(directory)).toMatchObject({ MAIL_FROM: 'Vestibule <no-reply@localhost>', ACCESS_TOKEN_LIFE: '30m' })
    expect(namesInDoubt(directory)).toEqual([])
    rmSync(directory, { recursive: true })
  })

  test('no other source file reads the environment', () => {
    const found = execFileSync(
      'grep',
      ['-rlE', String.raw`process\.env\b|process\[['"]env|import\.meta\.env`, 'src', '--include=*.ts', '--exclude-dir=generated'],
      { cwd: root, encoding: 'utf8' },
    )
    expect(found.trim().split('\n')).toEqual(['src/config.ts'])
  })
})
