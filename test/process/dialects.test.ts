/**
 * The program with a dialect of a file: as `npm start` runs it, out of its bundle. The module that `npm run dialect:build` makes needs
 * nothing beside it; one that nobody built imports `vestibule/dialect` from the package.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { useProgramDatabase } from '../support/database.ts'
import { buildDialect } from '../support/dialectFiles.ts'
import { killAll, logLines, startProgram } from '../support/program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const storage = useProgramDatabase()
let directory: string

/** A dialect as somebody writes it by hand, in JavaScript. */
const PLAIN = `import { defineDialect, errorForms, get, nothing, replies, z } from 'vestibule/dialect'

const name = (value) => ({ kind: 'Name', value })
const document = { kind: 'Document', definitions: [{ kind: 'OperationDefinition', operation: 'query', name: name('PlainMe'), selectionSet: {
  kind: 'SelectionSet', selections: [{ kind: 'Field', alias: name('result'), name: name('me'), selectionSet: {
    kind: 'SelectionSet', selections: [{ kind: 'Field', name: name('email') }] } }] } }] }

const errors = errorForms({ body: z.object({ oops: z.string() }), print: ({ message }) => ({ oops: message }) })
const Me = z.object({ mail: z.string() }).meta({ id: 'Me' })
const me = get('/plain/me', { summary: 'Me', success: 'Me' }, document, nothing, replies(Me, ({ email }) => ({ mail: email })))
export default defineDialect({ name: 'plain', title: 'Plain', version: '1', mounts: [{ path: '/plain', rows: [me], errors, acceptsForms: false }] })
`

const ask = async (url: string, init: RequestInit = {}) => {
  const response = await fetch(url, { headers: { 'content-type': 'application/json' }, ...init })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}
const post = async (url: string, body: object) => await ask(url, { method: 'POST', body: JSON.stringify(body) })

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-fifth-'))
  await buildDialect(join(root, 'examples/fifth-dialect/dialect.ts'), join(directory, 'dialects/kiosk.mjs'))
  writeFileSync(join(directory, 'plain.mjs'), PLAIN)
  mkdirSync(join(directory, 'node_modules'))
  symlinkSync(root, join(directory, 'node_modules/vestibule'), 'dir')
})
afterEach(killAll)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('a built one and one that is none are served beside ours, named by paths from the working directory', async () => {
  const DIALECTS = 'idiot,./dialects/kiosk.mjs,plain.mjs'
  const program = startProgram(directory, {
    ...storage(),
    DIALECTS,
    ADMIN_EMAIL: 'root@example.com',
    ADMIN_PASSWORD: 'correct horse battery',
  })
  const base = await program.ready()
  const ready = logLines(program.out()).find(({ msg }) => msg === 'ready')
  expect(ready?.dialects).toEqual({ idiot: ['/v1'], kiosk: ['/kiosk'], plain: ['/plain'] })
  const { status, body } = await post(`${base}/kiosk/login`, { mail: 'root@example.com', pass: 'correct horse battery' })
  expect([status, body.ok]).toEqual([200, true])
  const headers = { authorization: `Bearer ${body.access}` }
  expect((await ask(`${base}/kiosk/me`, { headers })).body).toMatchObject({ mail: 'root@example.com' })
  expect(await ask(`${base}/plain/me`, { headers })).toEqual({ status: 200, body: { mail: 'root@example.com' } })
  expect(await ask(`${base}/plain/me`)).toMatchObject({ status: 401, body: { oops: expect.any(String) } })
  for (const name of ['kiosk', 'plain']) expect((await ask(`${base}/openapi/${name}.json`)).body.openapi).toBe('3.1.0')
  program.signal('SIGTERM')
  expect(await program.exit).toEqual({ code: 0, signal: null })
  expect(program.errors()).toBe('')

  const usage = [join(root, 'src/tools/tool.mjs'), 'usage']
  const reported = await promisify(execFile)(process.execPath, usage, {
    cwd: directory,
    env: { PATH: process.env.PATH, ...storage(), DIALECTS },
  })
  expect(reported.stdout).toMatch(/\n {2}POST \/kiosk\/login +1 /)
  expect(reported.stdout).toMatch(/\n {2}GET \/plain\/me +2 /)
})

test('what is wrong with it ends the start before anything is opened: one line each, and code 1', async () => {
  writeFileSync(join(directory, 'broken.mjs'), PLAIN.replace('({ mail: email })))', "({ mail: email })), [], { who: 'anyone' })"))
  const program = startProgram(directory, { DIALECTS: './broken.mjs,./nowhere.mjs', DATA_DIR: 'never' })
  expect(await program.exit).toEqual({ code: 1, signal: null })
  expect(program.errors()).toBe(`vestibule: 2 bad settings:
  DIALECTS: ./nowhere.mjs: there is no such file
  DIALECTS: ./broken.mjs: GET /plain/me: requires \`anyone\`, which is less than the \`session\` of its operation me
`)
  expect(program.out()).toBe('')
  expect(existsSync(join(directory, 'never'))).toBe(false)
})

test('an ES module that Node takes for CommonJS is to be called .mjs; what is garbled whatever its name is reported as it is', async () => {
  for (const type of ['commonjs', 'module']) {
    mkdirSync(join(directory, type))
    writeFileSync(join(directory, type, 'package.json'), JSON.stringify({ type }))
  }
  const modules = {
    'commonjs/exports.js': 'export default {}\n',
    'commonjs/imports.js': "import 'node:fs'\nexport default {}\n",
    'module/exports.cjs': 'export default {}\n',
    'module/garbled.js': 'export default { export }\n',
    'commonjs/garbled.mjs': 'export default { export }\n',
  }
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(directory, name), text)
  const paths = Object.keys(modules)
  const program = startProgram(directory, { ...storage(), DIALECTS: paths.join() })
  expect(await program.exit).toEqual({ code: 1, signal: null })
  const why = (path: string) =>
    path.includes('garbled')
      ? "cannot be loaded: Unexpected token 'export'"
      : 'is an ES module, which Node takes for CommonJS by its name: call it .mjs'
  expect(program.errors()).toBe(`vestibule: 5 bad settings:\n${paths.map((path) => `  DIALECTS: ${path}: ${why(path)}\n`).join('')}`)
})
