/** The program as a process: how it starts, how it refuses to, and how it ends. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type ClientRequest, createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createPostgresDatabase, useProgramDatabase } from '../support/database.ts'
import { killAll, logLines, type Program, START, startProgram } from '../support/program.ts'

const storage = useProgramDatabase()
let directory: string
const fresh = (): string => mkdtempSync(join(directory, 'run-'))

const query = JSON.stringify({ query: '{ __typename }' })

/** A request whose body is half sent. */
const openRequest = async (base: string): Promise<{ request: ClientRequest; answer: Promise<IncomingMessage> }> => {
  const request = httpRequest(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': query.length },
  })
  const answer = new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject))
  answer.catch(() => undefined)
  request.write(query.slice(0, 5))
  await delay(300)
  return { request, answer }
}

const expectOneLine = (program: Program, line: RegExp): void => {
  expect(program.errors()).toMatch(line)
  expect(program.errors().trimEnd().split('\n')).toHaveLength(1)
  expect(program.out()).not.toContain('ready')
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-main-'))
  const first = startProgram(directory)
  await first.ready()
  first.signal('SIGTERM')
  await first.exit
}, 120_000)
afterEach(killAll)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('a start', () => {
  test('a start is announced by one line of the log, on the port that was free, and answers there', async () => {
    const program = startProgram(fresh())
    const base = await program.ready()
    expect(new URL(base).port).not.toBe('0')
    for (const path of ['/healthz', '/readyz']) expect((await fetch(`${base}${path}`)).status).toBe(200)
    expect(logLines(program.out()).find(({ msg }) => msg === 'ready')).toMatchObject({
      level: 'info',
      url: base,
      publicUrl: base,
      port: Number(new URL(base).port),
      graphiql: true,
      pages: ['/', '/sign-in', '/account', '/admin'],
      apiDocs: true,
      dialects: { idiot: ['/v1'], wekan: ['/users', '/api'], xiot: ['/v1'], authentication: ['/auth'] },
      database: 'pglite',
      storage: 'embedded (PGlite) in ./data',
      administrator: 'the first account that registers, on any surface',
      mail: 'kept as files in data/outbox',
      hashing: 'argon2id by @node-rs/argon2',
    })
    expect(program.errors()).toBe('')
    program.signal('SIGTERM')
    expect(await program.exit).toEqual({ code: 0, signal: null })
    expect(logLines(program.out()).map((line) => JSON.stringify(line))).toEqual(program.out().trimEnd().split('\n'))
  })

  test.skipIf(!existsSync('/usr/bin/script'))('a start on a terminal has a banner for people beside it', async () => {
    const cwd = fresh()
    const command = `exec ${process.execPath} ${START}`
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0' }
    const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk
    })
    await expect.poll(() => said, { timeout: 30_000 }).toContain('"msg":"ready"')
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('close', resolve))
    const url = /ready at (http:\S+)/.exec(said)?.[1]
    expect(said.replaceAll('\r\n', '\n')).toContain(`
Vestibule is ready at ${url}
  begin here      open ${url} in a browser
  pages           /, /sign-in, /account, /admin
  GraphQL         ${url}/graphql (open it in a browser for GraphiQL)
  REST documents  ${url}/docs
  idiot           /v1
  wekan           /users, /api
  xiot            /v1
  authentication  /auth
  database        embedded (PGlite) in ./data
  administrator   the first account that registers, on any surface
  mail            kept as files in data/outbox
  passwords       argon2id by @node-rs/argon2
  probes          /healthz (process runs), /readyz (ready to serve)
`)
  })

  test('warns of names that are no settings, and of settings that are seldom meant', async () => {
    const cwd = fresh()
    writeFileSync(join(cwd, '.env'), "PROT=5000\nPOSTGRES_PASSWORD='x'\n")
    const program = startProgram(cwd, {
      ...storage(),
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://id.example.com',
      LIMIT_PASSWORD_FAILURES_HARD: '5000',
    })
    await program.ready()
    expect(logLines(program.out()).filter(({ level }) => level === 'warn')).toMatchObject([
      { msg: '.env: PROT is not a setting: PORT?' },
      { setting: 'LIMIT_PASSWORD_FAILURES_HARD', msg: 'LIMIT_PASSWORD_FAILURES_HARD allows more than 100 wrong passwords in a row' },
      { setting: 'SMTP_URL', msg: 'SMTP_URL is not set: no mail is sent, each becomes a file in data/outbox' },
    ])
    expect(program.errors()).toBe('')
  })

  test('a start makes a line of the log of what Node.js warns of', async () => {
    const program = startProgram(fresh(), {
      ...storage(),
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      SMTP_URL: 'smtps://127.0.0.1:1',
      ADMIN_EMAIL: 'a@example.com',
      ADMIN_PASSWORD: 'first programmer',
    })
    const base = await program.ready()
    const body = JSON.stringify({ email: 'a@example.com' })
    await fetch(`${base}/v1/security/forget-password`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    await expect
      .poll(() => logLines(program.out()).filter(({ warning }) => warning !== undefined), { timeout: 15_000 })
      .toMatchObject([{ level: 'warn', warning: 'Warning', msg: expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED') }])
    expect(program.errors()).toBe('')
  })

  test('a start on a directory that was used before is quick', async () => {
    const begun = performance.now()
    const program = startProgram(directory)
    await program.ready()
    const ms = performance.now() - begun
    process.stdout.write(`second start: ready after ${Math.round(ms)} ms\n`)
    expect(ms).toBeLessThan(15_000)
  })

  test('a start prints no secret', async () => {
    const secret = 'hunter2-hunter2-hunter2-hunter2-hunter2'
    const database = await createPostgresDatabase({ empty: true })
    const program = startProgram(fresh(), {
      DATABASE_URL: database.url,
      LOG_LEVEL: 'trace',
      SECRET_KEY: secret,
      ADMIN_EMAIL: 'admin@example.com',
      ADMIN_PASSWORD: secret,
      SMTP_URL: `smtp://user:${secret}@127.0.0.1:1`,
    })
    await program.ready()
    program.signal('SIGTERM')
    await program.exit
    await database.drop()
    expect(program.out() + program.errors()).not.toContain(secret)
    expect(program.out()).toContain('127.0.0.1:1')
  })

  test('a start reads .env of the directory that it is started in', async () => {
    const cwd = fresh()
    writeFileSync(join(cwd, '.env'), 'DIALECTS=wekan\nWEKAN_PREFIX=/boards\nDATA_DIR=elsewhere\n')
    const program = startProgram(cwd)
    const base = await program.ready()
    expect(program.out()).toContain('/boards/users')
    expect(program.out()).not.toContain('/v1')
    expect(program.out()).toContain('elsewhere')
    expect((await fetch(`${base}/readyz`)).status).toBe(200)
  })
})

describe('is refused with one clear line and exit code 1', () => {
  test('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const program = startProgram(fresh(), { PORT: String(port) })
    expect(await program.exit).toEqual({ code: 1, signal: null })
    expectOneLine(program, new RegExp(`port ${port}.*in use`))
    other.close()
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['one bad setting', { REGISTRATION: 'maybe' }, /bad setting: REGISTRATION/],
    ['a data directory that is none', { DATA_DIR: '/dev/null/data' }, /data directory \/dev\/null\/data cannot be used: ENOTDIR/],
    [
      'a data directory that is none, where the key is a setting',
      { DATA_DIR: '/dev/null/data', SECRET_KEY: 'a key of thirty-two characters or more' },
      /data directory \/dev\/null\/data cannot be used: ENOTDIR/,
    ],
    ['a data directory that nobody can write', { DATA_DIR: '/proc/data' }, /data directory \/proc\/data cannot be used: ENOENT \(/],
    [
      'an address that is not of this machine',
      { HOST: '192.0.2.1' },
      /Cannot listen on 192\.0\.2\.1 port 0: this machine does not have that address/,
    ],
    ['a host that there is not', { HOST: 'nowhere.invalid' }, /Cannot listen on nowhere\.invalid port 0: .*set HOST/],
    ['a word for production', { NODE_ENV: 'prod' }, /bad setting: NODE_ENV: "prod" is none of development, production, test: production\?/],
    ['a duration without a unit', { ACCESS_TOKEN_LIFE: '1800' }, /bad setting: ACCESS_TOKEN_LIFE: 1800 has no unit: 30m or 1800s\?/],
    ['a dialect that is a directory', { DIALECTS: './' }, /bad setting: DIALECTS: \.\/: cannot be loaded: /],
    ['a manifest that is a directory', { PERSISTED_OPERATIONS: '.' }, /bad setting: PERSISTED_OPERATIONS: \. cannot be read \(EISDIR\)/],
    ['a key that is too short', { SECRET_KEY: 'hunter2' }, /bad setting: SECRET_KEY: must have at least 32 characters/],
    ['a database that is away', { DATABASE_URL: 'postgresql://user:hunter2@127.0.0.1:1/db' }, /database.*127\.0\.0\.1:1/i],
    [
      'a manifest that is not there',
      { PERSISTED_OPERATIONS: 'none.json' },
      /bad setting: PERSISTED_OPERATIONS: none\.json cannot be read \(ENOENT\)/,
    ],
    ['a registration that nobody can open', { REGISTRATION: 'closed' }, /REGISTRATION/],
  ])('%s', async (_name, env, line) => {
    const program = startProgram(fresh(), env)
    expect(await program.exit).toEqual({ code: 1, signal: null })
    expectOneLine(program, line)
    expect(program.errors()).not.toContain('hunter2')
  })

  test('a data directory that another process has open', async () => {
    const cwd = fresh()
    const first = startProgram(cwd)
    const base = await first.ready()
    const second = startProgram(cwd)
    expect(await second.exit).toEqual({ code: 1, signal: null })
    expectOneLine(second, /data/)
    expect((await fetch(`${base}/readyz`)).status).toBe(200)
  })

  test('a disk that takes no more: no half of a key is left, so that the next start needs no help', async () => {
    const cwd = fresh()
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0' }
    const child = spawn('sh', ['-c', `trap '' XFSZ; ulimit -f 0; exec '${process.execPath}' '${START}'`], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [said, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
    expect([said, errors]).toEqual([
      '',
      `vestibule: The data directory ${join(cwd, 'data')} cannot be used: EFBIG (the file would be too large)\n`,
    ])
    expect(existsSync(join(cwd, 'data/secret.key'))).toBe(false)
    const again = startProgram(cwd)
    expect((await fetch(`${await again.ready()}/readyz`)).status).toBe(200)
  })

  test('a key file that holds no key, and keys that do not fit the database', async () => {
    const cwd = fresh()
    mkdirSync(join(cwd, 'data'))
    writeFileSync(join(cwd, 'data/secret.key'), 'short\n')
    const short = startProgram(cwd)
    expect(await short.exit).toEqual({ code: 1, signal: null })
    expectOneLine(short, /secret\.key does not contain a key of at least 32 characters: restore it from a backup/)
    rmSync(join(cwd, 'data'), { recursive: true })
    const first = startProgram(cwd, { SECRET_KEY: 'a key of thirty-two characters or more' })
    await first.ready()
    first.signal('SIGTERM')
    await first.exit
    const other = startProgram(cwd, { SECRET_KEY: 'another key of thirty-two characters or more' })
    expect(await other.exit).toEqual({ code: 1, signal: null })
    expectOneLine(other, /^vestibule: SECRET_KEY does not fit the keys in the database: /)
  })

  test('a .env that is none', async () => {
    const cwd = fresh()
    writeFileSync(join(cwd, '.env'), 'PORT=0\nREGISTRATION open\n')
    const program = startProgram(cwd)
    expect(await program.exit).toEqual({ code: 1, signal: null })
    expectOneLine(program, /\.env: line 2/)
  })

  test('several bad settings: one line each, all at once', async () => {
    const program = startProgram(fresh(), { PORT: 'x', REGISTRATION: 'maybe', ACCESS_TOKEN_LIFE: 'soon' })
    expect(await program.exit).toEqual({ code: 1, signal: null })
    expect(program.errors()).toMatch(/^vestibule: 3 bad settings:\n {2}PORT: .*\n {2}REGISTRATION: .*\n {2}ACCESS_TOKEN_LIFE: .*\n$/)
  })
})

describe('the end', () => {
  test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    '%s lets an open request finish, closes idle connections, and exits with 0',
    async (signal) => {
      const program = startProgram(directory, storage())
      const base = await program.ready()
      await (await fetch(`${base}/healthz`)).text()
      const { request, answer } = await openRequest(base)
      program.signal(signal)
      // Longer than the second that the idle connection of the first request is left.
      await delay(1_500)
      await expect
        .poll(
          () =>
            fetch(`${base}/healthz`).then(
              () => 'answered',
              () => 'refused',
            ),
          { timeout: 10_000 },
        )
        .toBe('refused')
      request.end(query.slice(5))
      const response = await answer
      expect(response.statusCode).toBe(200)
      expect(response.headers.connection).toBe('close')
      expect(JSON.parse(await text(response))).toBeTypeOf('object')
      const finished = performance.now()
      expect(await program.exit).toEqual({ code: 0, signal: null })
      // Node keeps idle connections for 65 seconds.
      expect(performance.now() - finished).toBeLessThan(20_000)
      expect(program.errors()).toBe('')
    },
  )

  test('the two signals of one Ctrl-C under npm count as one, a later one exits at once', async () => {
    const program = startProgram(directory, storage())
    const { answer } = await openRequest(await program.ready())
    program.signal('SIGINT')
    await delay(50)
    program.signal('SIGINT')
    await delay(1_000)
    program.signal('SIGINT')
    const begun = performance.now()
    expect(await program.exit).toEqual({ code: 1, signal: null })
    expect(performance.now() - begun).toBeLessThan(2_000)
    await expect(answer).rejects.toThrow()
  })

  test('a hung request is cut after ten seconds, and the exit code is 0', async () => {
    const program = startProgram(directory, storage())
    const { answer } = await openRequest(await program.ready())
    const begun = performance.now()
    program.signal('SIGTERM')
    expect(await program.exit).toEqual({ code: 0, signal: null })
    expect(performance.now() - begun).toBeGreaterThan(9_500)
    await expect(answer).rejects.toThrow()
  })

  test('a signal in the middle of a start ends it well: the directory can be used again', async () => {
    const cwd = fresh()
    const first = startProgram(cwd, { PORT: '0' })
    await delay(700)
    first.signal('SIGTERM')
    expect([0, null]).toContain((await first.exit).code)
    const second = startProgram(cwd)
    expect((await fetch(`${await second.ready()}/readyz`)).status).toBe(200)
  })
})
