/**
 * Every command, once at a terminal and once with `--json`, beside a running server with the embedded database and after it, or
 * on PostgreSQL: its exit code, which docs/cli.md names.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashSync } from 'bcrypt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cli, cliIn, documents } from '../support/cli.ts'
import { createPostgresDatabase, type PostgresDatabase, root } from '../support/database.ts'
import { isFullSize } from '../support/fullSize.ts'
import { killAll, type Program, startProgram } from '../support/program.ts'
import { closeTerminals, hasTmux, openTerminal, type Terminal, withoutTmux } from '../support/terminal.ts'
import { AFTER_THE_SERVER, BESIDE_A_SERVER, IMPORTS, ON_POSTGRESQL, PASSWORD, type Row, type Who, WRONG } from './everyCommandTable.ts'

let directory: string
let cli: Cli
let program: Program
let postgres: PostgresDatabase
const targets: PostgresDatabase[] = []
const values: Record<Who, Record<string, string>> = { t: { who: 't', number: '101' }, j: { who: 'j', number: '102' } }
const both = ['t', 'j'] as const
const ALL = [...BESIDE_A_SERVER, ...ON_POSTGRESQL, ...AFTER_THE_SERVER]
const lineOf = (line: string, who: Who): string => line.replace(/\{(\w+)\}/g, (_, name: string) => values[who][name] ?? '')

const account = (username: string, more: object = {}) => ({
  username,
  passwordHash: hashSync(PASSWORD, 4),
  createdAt: '2020-01-01T00:00:00Z',
  ...more,
})
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/
const TOTP = { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' }

const post = async (url: string, body: object, token?: string): Promise<{ readonly token?: string }> => {
  const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await answer.json()) as { readonly token?: string }
}

/** Signs somebody in: a session and a personal access token, which commands end. */
const signIn = async (base: string, who: Who): Promise<void> => {
  const { token } = await post(`${base}/users/login`, { username: who, password: PASSWORD })
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
  const query = `mutation { createPersonalAccessToken(input: { name: "nightly", scopes: [], expiresAt: "${expiresAt}" }) { __typename } }`
  await post(`${base}/graphql`, { query }, token)
}

const fill = async (base: string): Promise<void> => {
  const people = both.flatMap((who) => [account(who), account(`secure-${who}`, { totp: TOTP })])
  writeFileSync(join(directory, 'people.jsonl'), people.map((each) => `${JSON.stringify(each)}\n`).join(''))
  expect(await cli(['import', 'json', 'people.jsonl', '--json'])).toMatchObject({ code: 0, errors: '' })
  for (const who of both) {
    for (const [origin, content] of IMPORTS) writeFileSync(join(directory, `${origin}-${who}.txt`), lineOf(content, who))
    await signIn(base, who)
  }
}

/** The first id of what a list or an import prints is what later commands are about. */
const learn = (who: Who, line: string, printed: string): void => {
  const name = /^(session|token) list|^(webhook) create|^import csv/.exec(line)
  if (name !== null) values[who][name[1] ?? name[2] ?? 'run'] = ID.exec(printed)?.[0] ?? ''
}

const createTargets = async (): Promise<void> => {
  for (const who of both) {
    const target = await createPostgresDatabase({ empty: true })
    targets.push(target)
    values[who].target = target.url
  }
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-every-'))
  // Nobody listens there.
  const settings = { WEBHOOK_ALLOWED_NETWORKS: 'loopback' }
  cli = cliIn(directory, settings)
  program = startProgram(directory, settings)
  const [base, database] = await Promise.all([program.ready(), createPostgresDatabase({ empty: true })])
  postgres = database
  await Promise.all([fill(base), createTargets()])
})
afterAll(async () => {
  closeTerminals()
  await killAll()
  for (const database of [...targets, postgres]) await database?.drop()
  rmSync(directory, { recursive: true, force: true })
})

const tableOf = (): ReadonlyMap<string, readonly number[]> =>
  new Map(
    [...readFileSync(join(root, 'docs/cli.md'), 'utf8').matchAll(/^\| `([^`]+)` \|.*\| (?:yes)? ?\| ([\d, ]*)\|$/gm)].map(
      ([, name = '', codes = '']) => [name, [0, 1, 2, ...(codes.match(/\d+/g) ?? []).map(Number)]],
    ),
  )

test('docs/cli.md has every command of the table below, with its codes', () => {
  const table = tableOf()
  for (const [line, ...codes] of ALL.map(([line, one, other]) => [line, one, other] as const)) {
    const [first = '', second = ''] = line.split(' ')
    const own = [`${first} ${second}`, first, `${first} ORIGIN`].find((name) => table.has(name))
    expect({ line, missing: codes.filter((code) => table.get(own ?? '')?.includes(code) !== true) }).toEqual({ line, missing: [] })
  }
  const names = ALL.map(([line]) => line)
  const unseen = [...table.keys()].filter(
    (name) => name !== 'serve' && !names.some((line) => line.startsWith(name.replace(' ORIGIN', ' '))),
  )
  expect(unseen).toEqual([])
})

const withJson = async (line: string, code: number, program: Cli): Promise<void> => {
  const answers = { input: `${PASSWORD}\n` }
  const asks = /^(user (reset-2fa|delete)|webhook delete|import undo|restore) /.test(line) ? ['--yes'] : []
  const ended = await program([...line.split(' '), '--json', ...asks], answers)
  expect({ line, code: ended.code, errors: ended.errors }).toEqual({
    line,
    code,
    errors: code === 0 ? expect.stringMatching(/^(Reading it back \.\.\.\n)?$/) : expect.stringMatching(/^vestibule: [^\n]+\n$/),
  })
  if (code === 0)
    expect(() =>
      / (list|deliveries)\b/.test(line) || line.includes(' --records') ? documents(ended.out) : JSON.parse(ended.out),
    ).not.toThrow()
  else expect(ended.out).toBe('')
  learn('j', line, ended.out)
}

const atTerminal = async (terminal: Terminal, rows: readonly Row[]): Promise<void> => {
  for (const [line, code, , answers] of rows) {
    const ended = await terminal.run(`vestibule ${lineOf(line, 't')}`, answers)
    expect({ line, ...ended }).toMatchObject({ line, code })
    learn('t', line, ended.screen)
    if (code !== 0) expect(ended.screen).toMatch(/^vestibule: /m)
  }
}

const forPrograms = async (rows: readonly Row[], program: Cli): Promise<void> => {
  for (const [line, , code] of rows) await withJson(lineOf(line, 'j'), code, program)
}

/** All in full size (`npm run test:cli`); else the first, and those about accounts that ask something. */
const atTerminalOf = (rows: readonly Row[]): readonly Row[] =>
  isFullSize ? rows : rows.filter(([line, , , asks], at) => at === 0 || (asks !== undefined && line.startsWith('user ')))

/** At a terminal and with `--json` at the same time. */
const inBothWays = async (rows: readonly Row[], settings: Readonly<Record<string, string>> = {}): Promise<void> => {
  const terminal = hasTmux ? openTerminal(directory, settings) : undefined
  await Promise.all([
    forPrograms(rows, cliIn(directory, settings)),
    ...(terminal === undefined ? [] : [atTerminal(terminal, atTerminalOf(rows))]),
  ])
  terminal?.close()
}

describe('beside a running server', () => {
  test(`every command ends with its code: with --json, which prints JSON and nothing else, and at a terminal${withoutTmux}`, async () => {
    await inBothWays(BESIDE_A_SERVER)
  }, 240_000)

  // Each opens the database anew: exportCommands.test.ts has them in the ordinary size.
  test.runIf(isFullSize)(
    `every export ends with its code on PostgreSQL, too${withoutTmux}`,
    async () => {
      const settings = { DATABASE_URL: postgres.url, DATA_DIR: './postgresql', SECRET_KEY: 'the secret key of a test which is long enough' }
      const there = cliIn(directory, settings)
      expect(await there(['migrate', '--json'])).toMatchObject({ code: 0 })
      expect(await there(['import', 'json', 'people.jsonl', '--json'])).toMatchObject({ code: 0, errors: '' })
      await inBothWays(ON_POSTGRESQL, settings)
    },
    120_000,
  )

  test.skipIf(!hasTmux)(`serve serves, until a Ctrl-C ends it${withoutTmux}`, async () => {
    const terminal = openTerminal(directory)
    const answers = [[/^ {2}probes /m, 'C-c']] as const
    expect(await terminal.run('DATA_DIR=other PORT=0 vestibule serve', answers)).toMatchObject({ code: 0 })
    terminal.close()
  })

  test('what cannot be done is said in one line', async () => {
    const ended = await Promise.all(
      // Four at a time: the server takes eight.
      [0, 1, 2, 3].map(async (part) => {
        const found = []
        for (const [line, code, says] of WRONG.filter((_, index) => index % 4 === part)) {
          const { errors, ...rest } = await cli(lineOf(line, 'j').split(' '))
          found.push([
            { line, errors, ...rest },
            { line, errors: expect.stringMatching(says), code, out: '' },
          ] as const)
        }
        return found
      }),
    )
    for (const [found, expected] of ended.flat()) {
      expect(found).toEqual(expected)
      expect(found.errors.trimEnd()).not.toContain('\n')
    }
  }, 120_000)
})

describe('without a server', () => {
  beforeAll(async () => {
    program.signal('SIGTERM')
    await program.exit
  })

  test('commands that need the database alone end with their code', async () => {
    await forPrograms(AFTER_THE_SERVER, cli)
    if (!hasTmux) return
    const terminal = openTerminal(directory)
    await atTerminal(terminal, atTerminalOf(AFTER_THE_SERVER))
    terminal.close()
  }, 120_000)

  test('a command in a place without a database says so, and makes nothing there', async () => {
    const elsewhere = cliIn(directory, { DATA_DIR: './nothing' })
    for (const line of ['backup b.tar.gz', 'import json people.jsonl'])
      expect({ line, ...(await elsewhere(line.split(' '))) }).toEqual({
        line,
        code: 1,
        out: '',
        errors: expect.stringMatching(/^vestibule: There is no database in \S+nothing, and DATABASE_URL is not set\n$/),
      })
  })
})
