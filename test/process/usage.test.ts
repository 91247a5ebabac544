/** `npm run usage`, as an operator runs it: beside a running server, after it has stopped, and with what it cannot do. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../support/database.ts'
import { killAll, startProgram } from '../support/program.ts'

let directory = ''
beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(root, 'src/tools/build.mjs')])
  directory = await mkdtemp(join(tmpdir(), 'vestibule-usage-'))
}, 180_000)
afterAll(async () => {
  await killAll()
  await rm(directory, { recursive: true, force: true })
})

interface Ended {
  readonly code: number
  readonly out: string
  readonly errors: string
}

const usage = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const tool = [join(root, 'src/tools/tool.mjs'), 'usage', ...args]
    const system = { PATH: process.env.PATH, HOME: process.env.HOME }
    execFile(process.execPath, tool, { cwd: directory, env: { ...system, ...env } }, (error, out, errors) =>
      resolve({ code: Number(error?.code ?? 0), out, errors }),
    )
  })

test('without a database the report of usage says so, and makes none', async () => {
  expect(await usage()).toEqual({
    code: 1,
    out: '',
    errors: `vestibule: There is no database in ${join(directory, 'data')}, and DATABASE_URL is not set\n`,
  })
  expect(await usage([], { DATA_DIR: 'nowhere' })).toMatchObject({ code: 1, errors: expect.stringContaining('nowhere') })
})

test('it tells what was used and what was not, beside the running server and once that has stopped', async () => {
  const program = startProgram(directory)
  const base = await program.ready()
  const headers = { 'user-agent': 'board-sync/1.2' }
  for (let count = 0; count < 3; count += 1) await fetch(`${base}/api/user`, { headers })
  await fetch(`${base}/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' })
  const beside = await usage()
  expect(beside).toMatchObject({ code: 0, errors: '' })
  expect(beside.out).toMatch(/^ {2}GET \/api\/user +3 +3 {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}board-sync\/1\.2: 3$/m)
  program.signal('SIGTERM')
  await program.exit

  const { code, out, errors } = await usage()
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(out).toMatch(/^ {2}GET \/api\/user +3 +3 {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}board-sync\/1\.2: 3$/m)
  expect(out).toMatch(/^ {2}not used since \d{4}-\d\d-\d\d:\n(?: {4}.*\n)* {4}POST \/users\/login +no use is known$/m)
  expect(out).toMatch(/^The first use that is known of was on \d{4}-\d\d-\d\d: nothing is known of the time before\.$/m)

  const json = await usage(['--since', '90d', '--dialect', 'authentication', '--json'])
  const { routes } = JSON.parse(json.out)
  expect(routes).toHaveLength(7)
  expect(routes[0]).toMatchObject({
    dialect: 'authentication',
    route: 'POST /auth/login',
    served: true,
    requests: 1,
    failures: 1,
    clients: [{ client: 'board-sync/1.2', requests: 1, failures: 1 }],
    otherClients: 0,
  })
  expect(new Set(routes.slice(1).map(({ requests }: { requests: number }) => requests))).toEqual(new Set([0]))

  const xiot = await usage(['--dialect', 'xiot'])
  expect(xiot.out).toMatch(/\n {2}POST \/v1\/auth\/login is shared with idiot, and counted there\n$/)
  const idiot = JSON.parse((await usage(['--dialect', 'idiot', '--json'])).out)
  expect(idiot.elsewhere).toEqual([])
  expect(idiot.routes).toContainEqual(expect.objectContaining({ dialect: 'idiot', route: 'POST /v1/auth/login', requests: 0 }))
}, 120_000)

test('options that it cannot follow are named in one line', async () => {
  const wrong = [
    [['--since', 'yesterday'], '--since'],
    [['--since', '30'], '--since: 30 has no unit: 30s or 30m?'],
    [['--since', '10000y'], '--since: must be a duration such as 30m, 24h or 90d, at most ten years'],
    [['--since', '300000y'], '--since: must be a duration such as 30m, 24h or 90d, at most ten years'],
    [['--dialect', 'esperanto'], 'esperanto'],
    [['--csv'], '--csv'],
  ] as const
  for (const [args, named] of wrong) {
    const { code, out, errors } = await usage(args)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(errors).toMatch(/^vestibule: [^\n]+\n$/)
    expect(errors).toContain(named)
  }
})
