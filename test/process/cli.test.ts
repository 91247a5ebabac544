/**
 * Every command that administers, with `--json` and its exit code, beside a running server with the embedded database, which does the work; and on
 * PostgreSQL, which commands open themselves, those that show that the server notices. The mail server is dead all the time.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSync } from 'otplib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cli, cliIn, documents, type Ended } from '../support/cli.ts'
import { createPostgresDatabase, type PostgresDatabase } from '../support/database.ts'
import { killAll, type Program, startProgram } from '../support/program.ts'

const DEAD_MAIL = { SMTP_URL: 'smtp://127.0.0.1:1', FIRST_ACCOUNT_IS_ADMIN: 'false' }
const PASSWORD = 'violet otter parade 19'
const NEXT = 'another otter parade 20'
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

let postgres: PostgresDatabase
beforeAll(async () => {
  postgres = await createPostgresDatabase({ empty: true })
})
afterAll(async () => {
  await killAll()
  await postgres.drop()
})

/** What ends with an error prints one line on standard error, and nothing else. */
const refused = (code: number, message: string | RegExp): Ended =>
  ({ code, out: '', errors: expect.stringMatching(typeof message === 'string' ? `^vestibule: ${message}\n$` : message) }) as Ended

describe.each(['the embedded database of a running server', 'PostgreSQL'])('on %s', (where) => {
  const isEmbedded = where !== 'PostgreSQL'
  let directory: string
  let cli: Cli
  let program: Program
  let base: string
  let rootPassword: string
  let ada: string
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'vestibule-cli-'))
    const settings = { ...DEAD_MAIL, ...(isEmbedded ? {} : { DATABASE_URL: postgres.url }) }
    cli = cliIn(directory, settings)
    program = startProgram(directory, settings)
    base = await program.ready()
  })
  afterAll(async () => {
    program.signal('SIGTERM')
    expect(await program.exit).toEqual({ code: 0, signal: null })
    rmSync(directory, { recursive: true, force: true })
  })

  /** What does not depend on who opens the database. */
  const testThere = (name: string, run: () => Promise<void>): void => {
    if (isEmbedded) test(name, run)
  }

  /** Runs it with `--json`; what it printed, if it ended with 0. */
  const json = async (words: readonly string[], input = ''): Promise<Record<string, unknown>> => {
    const { code, out, errors } = await cli([...words, '--json'], { input })
    expect({ words, code, errors }).toEqual({ words, code: 0, errors: '' })
    return JSON.parse(out) as Record<string, unknown>
  }

  const graphql = async (query: string, token?: string) => {
    const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
    const answer = await fetch(`${base}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
    return ((await answer.json()) as { data: Record<string, unknown> }).data
  }
  const signIn = async (identifier: string, password: string): Promise<string | undefined> => {
    const query = `mutation { result: signIn(input: { identifier: "${identifier}", password: "${password}" }) {
      ... on SignInSuccess { credentials { accessToken { token } } } ... on Error { code } } }`
    const { result } = (await graphql(query)) as { result: { credentials?: { accessToken: { token: string } }; code?: string } }
    return result.credentials?.accessToken.token ?? result.code
  }

  test('an administrator is made while mail is dead, and can sign in', async () => {
    const made = await json(['user', 'create', '--username', 'root', '--admin', '--generate'])
    expect(made).toMatchObject({ id: expect.stringMatching(ID), username: 'root', email: null, isAdmin: true, mustChangePassword: true })
    rootPassword = String(made.password)
    expect(rootPassword).toMatch(/^[2-9A-HJ-NP-Za-km-z]{20}$/)
    expect(await signIn('root', rootPassword)).toMatch(/^[\w.-]{40,}$/)
  })

  test('an account is made with the password of standard input, once', async () => {
    const words = ['user', 'create', '--email', 'Ada@example.com', '--full-name', 'Ada Lovelace', '--scope', 'users:read']
    const made = await json(words, `${PASSWORD}\nrest\n`)
    expect(made).toMatchObject({ username: 'Ada', email: 'Ada@example.com', name: 'Ada Lovelace', isAdmin: false, scopes: ['users:read'] })
    expect(made).not.toHaveProperty('password')
    ada = String(made.id)
    if (!isEmbedded) return
    const [again, short, nobody, unspoken, byArgument] = await Promise.all([
      cli([...words, '--json'], { input: PASSWORD }),
      cli(['user', 'create', '--email', 'b@example.com'], { input: 'short\n' }),
      cli(['user', 'create'], { input: PASSWORD }),
      cli(['user', 'create', '--email', 'b@example.com']),
      cli(['user', 'create', '--email', 'b@example.com', '--password', PASSWORD]),
    ])
    expect(again).toEqual(refused(4, 'email: E-mail already in use'))
    expect(short).toEqual(refused(2, 'password: must have at least 8 characters'))
    expect(nobody).toEqual(refused(2, 'an account needs --email or --username'))
    expect(unspoken).toEqual(refused(2, 'nothing was given on standard input'))
    expect(byArgument).toEqual(refused(2, "unknown option '--password'"))
  })

  test('accounts are listed, and found by id, username and address', async () => {
    if (!isEmbedded) {
      expect(documents((await cli(['user', 'list', '--json'])).out).map(({ username }) => username)).toEqual(['root', 'Ada'])
      return
    }
    const [all, admins, one, found, text, wrong] = await Promise.all([
      cli(['user', 'list', '--json']),
      cli(['user', 'list', '--admins', '--json']),
      cli(['user', 'list', '--limit', '1', '--json']),
      cli(['user', 'list', '--search', 'LOVE', '--json']),
      cli(['user', 'list']),
      cli(['user', 'list', '--limit', 'none']),
    ])
    const names = ({ out }: Ended) => documents(out).map(({ username }) => username)
    expect([all, admins, one, found].map(names)).toEqual([['root', 'Ada'], ['root'], ['root'], ['Ada']])
    expect(text.out).toMatch(/^\S{36} {2}root {2}- {2}administrator\n\S{36} {2}Ada {2}Ada@example\.com\n$/)
    expect(wrong).toEqual(refused(2, '--limit: must be a whole number from 1 on'))
    const [byId, byName, byAddress, nobody] = await Promise.all([
      json(['user', 'show', ada]),
      json(['user', 'show', 'ADA']),
      json(['user', 'show', 'ada@example.com']),
      cli(['user', 'show', 'nobody@example.com', '--json']),
    ])
    expect(byId).toMatchObject({ id: ada, hasPassword: true, sessions: 0, personalAccessTokens: 0 })
    expect([byName, byAddress]).toEqual([byId, byId])
    expect(JSON.stringify(byId)).not.toMatch(/argon2|passwordHash|twoFactorSecret/)
    expect(nobody).toEqual(refused(3, 'No account has the id, username or e-mail address nobody@example.com'))
  })

  testThere('rights are given and taken away, but not those of the last administrator', async () => {
    expect(await json(['user', 'grant', 'Ada', '--admin', '--scope', 'users:create'])).toMatchObject({
      isAdmin: true,
      scopes: ['users:read', 'users:create'],
    })
    expect(await json(['user', 'grant', 'Ada', '--revoke', '--admin', '--scope', 'users:read'])).toMatchObject({
      isAdmin: false,
      scopes: ['users:create'],
    })
    const [last, unknown, nothing, nobody] = await Promise.all([
      cli(['user', 'grant', 'root', '--admin', '--revoke', '--json']),
      cli(['user', 'grant', 'Ada', '--admin', '--scope', 'users:reed']),
      cli(['user', 'grant', 'Ada']),
      cli(['user', 'grant', 'nobody', '--admin']),
    ])
    expect(last).toEqual(refused(4, 'The last enabled administrator cannot be deleted, disabled or demoted\\.'))
    expect(unknown).toEqual(refused(2, 'scopes.1: is not a known scope'))
    expect(nothing).toEqual(refused(2, 'say what: --admin or --scope'))
    expect(nobody.code).toBe(3)
    expect(await json(['user', 'show', 'Ada'])).toMatchObject({ isAdmin: false, scopes: ['users:create'] })
  })

  test('sign-in is refused and allowed again, but not to the last administrator', async () => {
    const token = await signIn('Ada', PASSWORD)
    expect(await json(['user', 'disable', 'ada@example.com'])).toMatchObject({ id: ada, loginDisabled: true })
    expect((await fetch(`${base}/api/user`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401)
    expect(await signIn('Ada', PASSWORD)).toBe('ACCOUNT_DISABLED')
    expect(await json(['user', 'enable', 'Ada'])).toMatchObject({ loginDisabled: false })
    expect(await signIn('Ada', PASSWORD)).toMatch(/^[\w.-]{40,}$/)
    if (!isEmbedded) return
    expect(await cli(['user', 'disable', 'root'])).toMatchObject({ code: 4, out: '' })
    expect((await cli(['user', 'enable', 'nobody'])).code).toBe(3)
  })

  test('sessions are listed and ended, one or all', async () => {
    const listed = async () => documents((await cli(['session', 'list', 'Ada', '--json'])).out)
    const [first] = await listed()
    expect(first).toMatchObject({ id: expect.stringMatching(ID), surface: 'graphql', clientAddress: '127.0.0.1' })
    expect(await json(['session', 'end', String(first?.id)])).toEqual({ id: first?.id, userId: ada, ended: 1 })
    if (!isEmbedded) return
    expect(await listed()).toEqual([])
    await signIn('Ada', PASSWORD)
    const token = await signIn('Ada', PASSWORD)
    expect(await json(['session', 'end', '--all-of', 'Ada'])).toEqual({ userId: ada, ended: 2 })
    expect((await fetch(`${base}/api/user`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401)
    const [gone, neither, both] = await Promise.all([
      cli(['session', 'end', String(first?.id)]),
      cli(['session', 'end', '--json']),
      cli(['session', 'end', String(first?.id), '--all-of', 'Ada']),
    ])
    expect(gone).toEqual(refused(3, `There is no live session ${first?.id}`))
    expect([neither.code, both.code]).toEqual([2, 2])
  })

  testThere('personal access tokens are listed without their secrets, and revoked', async () => {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
    const made = await graphql(
      `mutation { result: createPersonalAccessToken(input: { name: "nightly", scopes: [USERS_CREATE], expiresAt: "${expiresAt}" }) {
        ... on CreatePersonalAccessTokenSuccess { token } ... on Error { code message } } }`,
      await signIn('Ada', PASSWORD),
    )
    const secret = String((made.result as { token?: string }).token)
    expect(secret.length).toBeGreaterThan(30)
    const listed = await cli(['token', 'list', 'Ada', '--json'])
    expect(listed.out).not.toContain(secret)
    const [token] = documents(listed.out)
    expect(token).toMatchObject({ name: 'nightly', scopes: ['users:create'], expiresAt })
    expect(await json(['token', 'revoke', String(token?.id)])).toMatchObject({ id: token?.id, userId: ada, name: 'nightly' })
    expect((await fetch(`${base}/api/user`, { headers: { authorization: `Bearer ${secret}` } })).status).toBe(401)
    expect(await cli(['token', 'revoke', String(token?.id)])).toEqual(refused(3, `There is no live personal access token ${token?.id}`))
    expect(await cli(['token', 'list', 'Ada', '--json'])).toEqual({ code: 0, out: '', errors: '' })
  })

  testThere('a password is set, and the old one signs in no more', async () => {
    const words = ['user', 'set-password', 'Ada', '--no-must-change']
    expect(await json(words, NEXT)).toEqual({ id: ada, username: 'Ada', mustChangePassword: false })
    expect(await signIn('Ada', PASSWORD)).toBe('BAD_CREDENTIALS')
    expect(await signIn('Ada', NEXT)).toMatch(/^[\w.-]{40,}$/)
    const { password, mustChangePassword } = await json(['user', 'set-password', 'Ada', '--generate'])
    expect(mustChangePassword).toBe(true)
    expect(await signIn('Ada', String(password))).toMatch(/^[\w.-]{40,}$/)
    expect(await cli(words, { input: 'password\n' })).toMatchObject({ code: 2, out: '' })
    await json(words, PASSWORD)
  })

  testThere('a lost second factor is reset, only after a yes to a question, or with --yes', async () => {
    const token = await signIn('Ada', PASSWORD)
    const begun = await graphql(
      'mutation { result: beginTwoFactorEnrollment { ... on BeginTwoFactorEnrollmentSuccess { secret } } }',
      token,
    )
    const code = generateSync({ secret: String((begun.result as { secret?: string }).secret) })
    await graphql(`mutation { result: confirmTwoFactorEnrollment(input: { code: "${code}" }) { __typename } }`, token)
    expect(await signIn('Ada', PASSWORD)).toBe('TWO_FACTOR_REQUIRED')
    expect(await cli(['user', 'reset-2fa', 'Ada', '--json'])).toEqual(refused(2, /^vestibule: Remove the second factor of Ada .*--yes\n$/))
    expect(await json(['user', 'show', 'Ada'])).toMatchObject({ id: ada, twoFactorEnabled: true })
    expect(await json(['user', 'reset-2fa', 'Ada', '--yes'])).toMatchObject({ id: ada, twoFactorEnabled: false })
    expect(await signIn('Ada', PASSWORD)).toMatch(/^[\w.-]{40,}$/)
    expect(await cli(['user', 'reset-2fa', 'Ada', '--yes'])).toEqual(
      refused(4, 'The account has no second factor, or its enrolment has not begun\\.'),
    )
  })

  testThere('an account is deleted, only after a yes to a question, or with --yes', async () => {
    expect(await cli(['user', 'delete', 'Ada'])).toEqual(refused(2, /^vestibule: Delete the account Ada .*--yes\n$/))
    expect(await cli(['user', 'delete', 'root', '--yes'])).toMatchObject({ code: 4, out: '' })
    expect(await json(['user', 'delete', 'Ada', '--yes'])).toEqual({ id: ada, username: 'Ada', email: 'Ada@example.com', deleted: true })
    expect((await cli(['user', 'delete', ada, '--yes'])).code).toBe(3)
  })

  test('a new signing key signs, and nobody is signed out', async () => {
    const token = await signIn('root', rootPassword)
    const { kid } = await json(['keys', 'rotate'])
    expect(kid).toMatch(/^[\w-]{43}$/)
    expect(await graphql('{ me { username } }', token)).toEqual({ me: { username: 'root' } })
    // Another process reads the keys once a minute.
    if (!isEmbedded) return
    const published = (await (await fetch(`${base}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }
    expect(published.keys.map((key) => key.kid)).toContain(kid)
  })

  test('usage, migrate and doctor say what they find', async () => {
    const [usage, unknown, migrated, doctor] = await Promise.all([
      json(['usage', '--dialect', 'wekan']),
      cli(['usage', '--dialect', 'esperanto', '--json']),
      cli(['migrate', '--json']),
      cli(['doctor', '--json']),
    ])
    if (isEmbedded)
      expect(usage.routes).toContainEqual(expect.objectContaining({ dialect: 'wekan', route: 'GET /api/user', requests: 3, failures: 3 }))
    expect(unknown).toEqual(refused(2, '--dialect: there is no dialect esperanto'))
    if (isEmbedded)
      expect(migrated).toEqual(
        refused(1, /^vestibule: The data directory \S+ is in use by process \d+\. A server applies the migrations when it starts\n$/),
      )
    else expect(migrated).toEqual({ code: 0, out: '{\n  "applied": []\n}\n', errors: '' })
    expect({ code: doctor.code, errors: doctor.errors }).toEqual({ code: 1, errors: '' })
    const { checks } = JSON.parse(doctor.out) as { checks: { name: string; status: string; found: string; remedy?: string }[] }
    expect(checks.filter(({ status }) => status === 'failed')).toEqual([
      { name: 'mail', status: 'failed', found: expect.stringContaining('ECONNREFUSED'), remedy: expect.stringContaining('SMTP_URL') },
    ])
    const looked = new Set(checks.filter(({ status }) => status === 'ok').map(({ name }) => name))
    for (const name of ['settings', 'proxy', 'database', 'database rights', 'migrations', 'clock', 'secret key', 'signing keys', 'disk'])
      expect(looked).toContain(name)
    if (!isEmbedded) for (const name of ['time of the database', 'connections']) expect(looked).toContain(name)
  })

  test('the audit log has all of it, as done by nobody with an account, on the surface CLI', async () => {
    const token = await signIn('root', rootPassword)
    const query = '{ auditEvents(first: 100) { edges { node { type surface actorKind actorId } } } }'
    const { auditEvents } = (await graphql(query, token)) as unknown as {
      auditEvents: { edges: { node: { type: string; surface: string; actorKind: string; actorId: string | null } }[] }
    }
    const done = auditEvents.edges
      .map(({ node }) => node)
      .filter(({ surface }) => surface === 'CLI')
      .reverse()
    expect(done.filter(({ actorId, actorKind }) => actorId !== null || actorKind !== 'OPERATOR')).toEqual([])
    const onlyThere = (...types: string[]): string[] => (isEmbedded ? types : [])
    expect(done.map(({ type }) => type)).toEqual([
      'ACCOUNT_CREATED',
      'ACCOUNT_ADMIN_GRANTED',
      'ACCOUNT_CREATED',
      ...onlyThere('ACCOUNT_SCOPES_SET', 'ACCOUNT_ADMIN_GRANTED', 'ACCOUNT_SCOPES_SET', 'ACCOUNT_ADMIN_REVOKED', 'ACCESS_REFUSED'),
      'ACCOUNT_LOGIN_DISABLED',
      'ACCOUNT_LOGIN_ENABLED',
      ...onlyThere('ACCESS_REFUSED'),
      'SESSION_ENDED',
      ...onlyThere('SESSION_ALL_ENDED', 'TOKEN_REVOKED', 'PASSWORD_SET', 'PASSWORD_SET', 'PASSWORD_SET', 'TWO_FACTOR_DISABLED'),
      ...onlyThere('ACCESS_REFUSED', 'ACCOUNT_DELETED'),
      'KEYS_ROTATED',
    ])
  })
})
