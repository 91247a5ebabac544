/**
 * The pages for people who run the server, followed as printed: every command of their `sh` blocks runs in a real shell, in a clean directory
 * beside a program that serves. Only ids and addresses of examples are replaced by real ones. In full size (`npm run test:how-to`).
 */
import { execFile, execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLI, documents, systemEnv } from '../support/cli.ts'
import { root } from '../support/database.ts'
import { isFullSize } from '../support/fullSize.ts'
import { freePort } from '../support/postgresServer.ts'
import { killAll, startProgram } from '../support/program.ts'

const run = promisify(execFile)
const PASSWORD = 'violet otter parade 19'
const SETTINGS = { WEBHOOK_ALLOWED_NETWORKS: 'loopback' }

/** The commands of the `sh` blocks below a heading, without comments. */
const commandsOf = async (page: string, heading: string): Promise<string[]> => {
  const text = await readFile(join(root, 'docs', page), 'utf8')
  const [, section] = text.split(`\n## ${heading}\n`)
  if (section === undefined) throw new Error(`docs/${page} has no heading ${heading}`)
  const [own = ''] = section.split('\n## ')
  return [...own.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    .flatMap(([, block = '']) => block.trimEnd().split('\n'))
    .map((line) => line.replace(/\s{2,}#.*$/, ''))
}

let place: string
let base: string
let program: ReturnType<typeof startProgram>

const shell = async (command: string): Promise<string> => {
  const env = { ...systemEnv(), ...SETTINGS, PATH: `${join(place, 'bin')}:${process.env.PATH}` }
  // A part of a pipe that fails is a failure.
  return (await run('bash', ['-o', 'pipefail', '-c', command], { cwd: place, env })).stdout
}

const post = async (path: string, body: object, token = ''): Promise<Record<string, unknown>> => {
  const headers = { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) }
  const answer = await fetch(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await answer.json()) as Record<string, unknown>
}

const signIn = async (username: string): Promise<string> => String((await post('/users/login', { username, password: PASSWORD })).token)

const serve = async (): Promise<void> => {
  program = startProgram(place, SETTINGS)
  base = await program.ready()
}

beforeAll(async () => {
  if (!isFullSize) return
  place = await mkdtemp(join(tmpdir(), 'vestibule-how-to-'))
  await mkdir(join(place, 'bin'))
  // As an installed package would be found.
  await writeFile(
    join(place, 'bin/npx'),
    `#!/bin/sh\n[ "$1" = vestibule ] && shift && exec '${process.execPath}' '${CLI}' "$@"\nexit 127\n`,
  )
  await chmod(join(place, 'bin/npx'), 0o755)
  await serve()
  // The first account of a user base is an administrator.
  for (const name of ['grace', 'ada', 'mallory'])
    await shell(`printf %s '${PASSWORD}' | npx vestibule user create --username ${name} --email ${name}@example.com`)
  await shell('npx vestibule user grant mallory --admin')
})
afterAll(async () => {
  await killAll()
  if (isFullSize) await rm(place, { recursive: true, force: true })
})

describe.runIf(isFullSize)('responding to an incident', () => {
  it('an account was taken over: it is closed, looked into, and given back', async () => {
    const token = await signIn('ada')
    const commands = await commandsOf('incidents.md', 'An account was taken over')
    expect(commands).toHaveLength(7)
    const [disable = '', show = '', exported = '', others = '', reset = '', setPassword = '', enable = ''] = commands
    await shell(disable)
    expect((await fetch(`${base}/api/user`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401)
    expect(await shell(show)).toContain('ada@example.com')
    await shell(exported)
    expect(JSON.parse(await readFile(join(place, 'ada.json'), 'utf8'))).toMatchObject({ account: expect.stringMatching(/^[\da-f-]{36}$/) })
    const events = documents(await shell('npx vestibule export audit -'))
    const address = String(events.find(({ type }) => type === 'session.signed_in')?.clientAddress)
    const rows = (await shell(others.replace('192.0.2.1', address))).trimEnd().split('\n')
    expect(rows.map((row) => JSON.parse(row)[1])).toContain('session.signed_in')
    await expect(shell(reset)).rejects.toThrow('has no second factor')
    const password = (await shell(setPassword)).trim().split(/\s+/).at(-1)
    await shell(enable)
    expect(await post('/users/login', { username: 'ada', password })).toMatchObject({ token: expect.any(String) })
    await shell(`printf %s '${PASSWORD}' | npx vestibule user set-password ada`)
  }, 60_000)

  it('an administrator was taken over: their rights end, and all that they did is listed', async () => {
    const commands = await commandsOf('incidents.md', 'An administrator was taken over')
    expect(commands).toHaveLength(5)
    const [revoke = '', admins = '', webhooks = '', rotate = '', acts = ''] = commands
    const names = async (): Promise<string[]> =>
      (await shell(admins))
        .trimEnd()
        .split('\n')
        .map((row) => row.split('\t')[0] ?? '')
    expect(await names()).toEqual(['grace', 'mallory'])
    await shell(revoke)
    expect(await names()).toEqual(['grace'])
    await shell(webhooks)
    await shell(rotate)
    const signedIn = documents(await shell('npx vestibule export audit - --type session.signed_in'))
    const actor = String(signedIn[0]?.userId)
    expect(await shell(acts.replace('5f0c…', actor))).toContain(`"session.signed_in","${actor}"`)
  }, 60_000)

  it('a token was stolen: its session or personal token ends, or all of them do', async () => {
    const token = await signIn('ada')
    const query = 'mutation { createPersonalAccessToken(input: { name: "ci", scopes: [], expiresAt: "TIME" }) { __typename } }'
    const inAWeek = new Date(Date.now() + 7 * 24 * 3_600_000).toISOString()
    expect(JSON.stringify(await post('/graphql', { query: query.replace('TIME', inAWeek) }, token))).toContain(
      'CreatePersonalAccessTokenSuccess',
    )
    const commands = await commandsOf('incidents.md', 'A token was stolen')
    expect(commands).toHaveLength(5)
    const [sessions = '', endOne = '', tokens = '', revoke = '', endAll = ''] = commands
    const sessionsThere = documents(await shell(`${sessions} --json`))
    await shell(endOne.replace('0b4e...', String(sessionsThere[0]?.id)))
    expect(documents(await shell(`${sessions} --json`))).toHaveLength(sessionsThere.length - 1)
    const [personal] = documents(await shell(`${tokens} --json`))
    await shell(revoke.replace('0b4e...', String(personal?.id)))
    expect(documents(await shell(`${tokens} --json`))).toEqual([])
    await signIn('ada')
    await shell(endAll)
    expect(documents(await shell(`${sessions} --json`))).toEqual([])
  }, 60_000)

  it('a copy of the log is kept, keys are rotated, and a flood is counted by its addresses', async () => {
    await post('/users/login', { username: 'ada', password: 'wrong' })
    const [keep = ''] = [
      ...(await readFile(join(root, 'docs/incidents.md'), 'utf8')).matchAll(/^npx vestibule export audit incident.*$/gm),
    ].flat()
    await shell(keep)
    expect(await readFile(join(place, 'incident.jsonl'), 'utf8')).toContain('session.sign_in_failed')
    const [rotate = '', doctor = ''] = await commandsOf('incidents.md', 'SECRET_KEY leaked')
    await shell(rotate)
    expect(await shell(doctor)).toContain('signing keys')
    const [flood = ''] = await commandsOf('incidents.md', 'A flood')
    expect(await shell(flood)).toMatch(/^\s+\d+ 127\.0\.0\.1\n/)
  }, 60_000)

  it('a secret of a webhook leaked: it gets another, and the old one signs no more', async () => {
    await shell('npx vestibule webhook create http://127.0.0.1:4999/hooks')
    const [webhook] = documents(await shell('npx vestibule webhook list --json'))
    const [rotate = ''] = await commandsOf('incidents.md', 'A secret of a webhook leaked')
    expect(await shell(rotate.replace('0b4e...', String(webhook?.id)))).toMatch(/whsec_/)
    expect(documents(await shell('npx vestibule webhook list --json'))[0]).toMatchObject({ previousUntil: null })
  }, 60_000)
})

describe.runIf(isFullSize)('backups', () => {
  it('the embedded database is backed up beside the server, and restored as it was', async () => {
    const [backup = ''] = await commandsOf('backup.md', 'The embedded database')
    const [restore = ''] = await commandsOf('backup.md', 'Restoring it')
    await shell(backup)
    await shell('npx vestibule user disable ada')
    program.signal('SIGTERM')
    await program.exit
    // A person is asked, and there is no terminal.
    await shell(`${restore} --yes`)
    await serve()
    expect(await signIn('ada')).toMatch(/^[\w.-]{20,}$/)
  }, 60_000)
})

/** Of Debian, with `pg_dump`, which the package that the tests use does not have. */
const newest = (directory: string): string | undefined => {
  try {
    return readdirSync(directory).sort((one, other) => Number(other) - Number(one))[0]
  } catch {
    return undefined
  }
}
const version = newest('/usr/lib/postgresql')

describe.runIf(isFullSize && version !== undefined)('backups of PostgreSQL', () => {
  const bin = `/usr/lib/postgresql/${version}/bin`
  let home: string
  const asOwner = (command: string, ...args: string[]): void => {
    const words = [join(bin, command), ...args]
    const [file = '', ...rest] =
      process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...words] : words
    execFileSync(file, rest, { cwd: '/', stdio: 'ignore' })
  }
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'vestibule-how-to-'))
    await chmod(home, 0o777)
    asOwner('initdb', '--pgdata', join(home, 'data'), '--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C', '--no-sync')
  })
  afterAll(async () => {
    asOwner('pg_ctl', '--pgdata', join(home, 'data'), '--mode=immediate', 'stop')
    await rm(home, { recursive: true, force: true })
  })

  it('the way back from an upgrade: what was dumped before is restored, the old version serves it, and it can be upgraded again', async () => {
    const port = await freePort()
    asOwner(
      'pg_ctl',
      '--pgdata',
      join(home, 'data'),
      '--wait',
      '-o',
      `-p ${port} -h 127.0.0.1 -k ${home}`,
      '--log',
      join(home, 'log'),
      'start',
    )
    const url = `postgresql://vestibule@127.0.0.1:${port}/vestibule`
    const env = {
      ...systemEnv(),
      PGHOST: '127.0.0.1',
      PGPORT: String(port),
      PGUSER: 'postgres',
      DATABASE_URL: url,
      SECRET_KEY: 'k'.repeat(44),
    }
    const here = async (command: string): Promise<string> => (await run('bash', ['-c', command], { cwd: home, env })).stdout
    await here(`psql -c 'CREATE ROLE vestibule LOGIN' -c 'CREATE DATABASE vestibule OWNER vestibule'`)

    // The version before the last migration.
    const old = join(home, 'old')
    for (const part of ['dist', 'package.json', 'prisma/migrations']) await cp(join(root, part), join(old, part), { recursive: true })
    await symlink(join(root, 'node_modules'), join(old, 'node_modules'))
    const last = readdirSync(join(old, 'prisma/migrations'))
      .filter((name) => /^\d/.test(name))
      .sort()
      .at(-1)
    await rm(join(old, 'prisma/migrations', String(last)), { recursive: true })
    const vestibule = (tree: string, words: string) =>
      here(`printf %s '${PASSWORD}' | '${process.execPath}' '${join(tree, 'dist/cli.js')}' ${words}`)
    await vestibule(old, 'migrate')
    await vestibule(old, 'user create --username ada')

    const [setUrl = '', dump = '', rename = '', create = '', restore = ''] = await commandsOf('backup.md', 'PostgreSQL')
    const givenUrl = setUrl.replace('postgresql://vestibule@db.example.com/vestibule', url)
    expect(givenUrl).not.toBe(setUrl)
    await here(`${givenUrl}; ${dump}`)
    expect(await vestibule(root, 'migrate')).toContain(last)
    for (const command of [rename, create]) await here(command)
    await here(`${givenUrl}; ${restore}`)
    expect(await vestibule(old, 'user list --json')).toContain('"username":"ada"')
    expect(await vestibule(root, 'migrate')).toContain(last)
  }, 120_000)
})
