/**
 * A server as people ship it: a tree that was built, with the packages that `npm ci --omit=dev` leaves. A start installs and builds
 * nothing, whatever is missing, and the tools of operators work.
 */
import { execFile, spawn } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../support/database.ts'
import { logLines } from '../support/program.ts'

interface Entry {
  readonly dev?: boolean
  readonly devOptional?: boolean
}

let directory = ''
let tree = ''
const at = (path: string): string => join(tree, path)

/** What `npm ci --omit=dev` leaves. */
const install = (): void => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Entry> }
  const kept = Object.entries(lock.packages).filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
  for (const [path] of kept) {
    const isTop = path.lastIndexOf('node_modules/') === 0
    if (!isTop || !existsSync(join(root, path))) continue
    mkdirSync(dirname(at(path)), { recursive: true })
    symlinkSync(join(root, path), at(path))
  }
  writeFileSync(at('node_modules/.package-lock.json'), JSON.stringify({ packages: Object.fromEntries(kept) }))
}

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(root, 'src/tools/build.mjs')])
  directory = mkdtempSync(join(tmpdir(), 'vestibule-production-'))
  tree = join(directory, 'tree')
  for (const part of ['package.json', 'package-lock.json', 'prisma', 'prisma.config.ts', 'src', 'dist'])
    cpSync(join(root, part), at(part), { recursive: true })
  install()
  // An npm that would be noticed.
  writeFileSync(join(directory, 'npm-cli.cjs'), `require('fs').writeFileSync(${JSON.stringify(join(directory, 'npm-was-here'))}, '')\n`)
}, 180_000)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** The 19th field (proc(5)); the second one is in brackets, and may hold spaces. */
const nicenessIn = (stat: string): number => Number(stat.replace(/^.*\) /, '').split(' ')[16])

interface Ended {
  readonly code: number
  readonly out: string
  readonly errors: string
}

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = tree): Promise<Ended> =>
  new Promise((resolve) => {
    const system = { PATH: process.env.PATH, HOME: process.env.HOME, npm_execpath: join(directory, 'npm-cli.cjs'), NODE_ENV: 'production' }
    execFile(
      process.execPath,
      args.map((arg) => (arg.startsWith('src/') ? at(arg) : arg)),
      { cwd, env: { ...system, PORT: '0', ...env } },
      (error, out, errors) => resolve({ code: Number(error?.code ?? 0), out, errors }),
    )
  })

const refusal = (what: string, then: string) => ({
  code: 1,
  out: '',
  errors: `vestibule: ${what}, and a start in production installs and builds nothing: run ${then}\n`,
})
const BUILD = '`npm ci --include=dev && npm run build`'
const NO_PACKAGES = refusal('packages are missing', `\`npm ci --omit=dev\` beside a build, or ${BUILD} for both`)
const START = ['src/tools/start.mjs']

describe('with a build and the packages that it needs', () => {
  test('it starts, logs nothing but JSON, and its threads for hashes have a low priority', async () => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', PORT: '0' }
    const child = spawn(process.execPath, [at('src/tools/start.mjs')], { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, errors] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors += chunk
    })
    await expect.poll(() => logLines(out).some(({ msg }) => msg === 'ready') || errors, { timeout: 45_000 }).toBe(true)
    const threads = `/proc/${child.pid}/task`
    const priorities = readdirSync(threads).map((thread) => nicenessIn(readFileSync(join(threads, thread, 'stat'), 'utf8')))
    expect(priorities.filter((niceness) => niceness === 0)).toEqual([0])
    expect(priorities.filter((niceness) => niceness === 10).length).toBeGreaterThanOrEqual(4)
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('close', resolve))
    expect(
      out
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith('{"level":')),
    ).toEqual([])
    expect(errors).toBe('')
  })

  test('the tools of operators work, in the database that the program left', async () => {
    expect(await run(['src/tools/tool.mjs', 'migrate'], {}, directory)).toEqual({
      code: 0,
      out: 'The database is up to date.\n',
      errors: '',
    })
    const { code, out, errors } = await run(['src/tools/tool.mjs', 'usage', '--json'], {}, directory)
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(JSON.parse(out)).toHaveProperty('routes')
    expect(
      await run(['src/tools/tool.mjs', 'migrate'], { DATABASE_URL: 'postgresql://127.0.0.1:1/x', SECRET_KEY: 'x'.repeat(32) }, directory),
    ).toMatchObject({
      code: 1,
      out: '',
      errors: expect.stringMatching(/^vestibule: The database at 127\.0\.0\.1:1\/x can ?not be reached: [^\n]+\n$/),
    })
  })

  test('the build neither holds nor asks for Prisma’s schema engine: the server runs migrations itself', () => {
    const build = readdirSync(at('dist')).filter((name) => name.endsWith('.js'))
    expect(build).toContain('cli.js')
    expect(build.filter((name) => /schema[-_]engine/.test(readFileSync(at(`dist/${name}`), 'utf8')))).toEqual([])
  })

  test('a tool for development says what it needs', async () => {
    const errors = 'vestibule: this needs the packages for development: run `npm ci --include=dev`\n'
    expect(await run(['src/tools/run.mjs', 'src/tools/snapshot.ts'])).toEqual({ code: 1, out: '', errors })
    expect(await run(['src/tools/dialectBuild.mjs', 'dialect.ts'])).toEqual({ code: 1, out: '', errors })
  })
})

describe('is refused with one line, and nothing is installed or built', () => {
  test('where packages are missing, with NODE_ENV of the environment, of .env, and with a word that is none', async () => {
    renameSync(at('node_modules'), at('kept'))
    try {
      expect(await run(START)).toEqual(NO_PACKAGES)
      expect(await run(START, { NODE_ENV: 'production ' })).toEqual(NO_PACKAGES)
      expect(await run(START, { NODE_ENV: 'prod' })).toEqual(NO_PACKAGES)
      expect(await run(['src/tools/tool.mjs', 'migrate'])).toEqual(NO_PACKAGES)
      writeFileSync(join(directory, '.env'), 'NODE_ENV=production\n')
      const child = promisify(execFile)(process.execPath, [at('src/tools/start.mjs')], {
        cwd: directory,
        env: { PATH: process.env.PATH, npm_execpath: join(directory, 'npm-cli.cjs') },
      })
      await expect(child).rejects.toMatchObject({ code: 1, stderr: NO_PACKAGES.errors })
    } finally {
      rmSync(join(directory, '.env'), { force: true })
      renameSync(at('kept'), at('node_modules'))
    }
  })

  test('where there is no build, or one of other sources', async () => {
    renameSync(at('dist/main.js'), at('dist/kept.js'))
    expect(await run(START)).toEqual(refusal('there is no build in dist', BUILD))
    renameSync(at('dist/kept.js'), at('dist/main.js'))
    appendFileSync(at('src/main.ts'), '// changed\n')
    expect(await run(START)).toEqual(refusal('the build in dist was made from other sources', BUILD))
    expect(await run(['src/tools/tool.mjs', 'usage'])).toEqual(refusal('the build in dist was made from other sources', BUILD))
  })

  test('by a Node.js that is too old, whatever is started: it could not even link the program', async () => {
    const old = `data:text/javascript,${encodeURIComponent(`Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } })`)}`
    const errors = 'vestibule: this is Node.js 18.20.4: it takes 24 or 22, and at least 20.19\n'
    for (const program of [[at('dist/main.js')], [at('dist/cli.js'), 'user', 'list'], START, ['src/tools/tool.mjs', 'migrate']])
      expect(await run(['--import', old, ...program])).toEqual({ code: 1, out: '', errors })
  })

  test('npm was never called', () => {
    expect(existsSync(join(directory, 'npm-was-here'))).toBe(false)
  })
})
