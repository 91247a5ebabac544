/** What `npm start` makes first, on a copy of this tree: everything once, then nothing, then what changed. */
import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
let copy = ''

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'vestibule-prepare-'))
  for (const part of ['package.json', 'package-lock.json', 'prisma', 'prisma.config.ts', 'src/db', 'src/domain', 'src/tools']) {
    await cp(join(root, part), join(copy, part), { recursive: true, filter: (path) => !path.includes('generated') })
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  await writeFile(join(copy, 'src/main.ts'), "export { StartupError } from './db/startupError.ts'\n")
  await writeFile(join(copy, 'src/cli.ts'), 'export const main = () => undefined\n')
  await mkdir(join(copy, 'src/rest'))
  await writeFile(join(copy, 'src/rest/sdk.ts'), 'export const sdk = true\n')
  await mkdir(join(copy, 'src/web'))
  await cp(join(root, 'src/web/vite.config.ts'), join(copy, 'src/web/vite.config.ts'))
  await writeFile(join(copy, 'src/web/index.html'), '<!doctype html><script type="module" src="./main.ts"></script>\n')
  await writeFile(join(copy, 'src/web/main.ts'), "document.title = 'a page'\n")
})

afterAll(() => rm(copy, { recursive: true, force: true }))

const build = (): Promise<{ code: number | null; lines: string[] }> =>
  new Promise((resolve) => {
    let said = ''
    const child = spawn(process.execPath, ['src/tools/build.mjs'], { cwd: copy })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
    child.once('close', (code) => resolve({ code, lines: said.split('\n').filter((line) => line !== '') }))
  })

const everything = ['Generating the Prisma client ...', 'Building ...', 'Building the pages ...', 'Preparing the embedded database ...']

test('two at once make everything, once; then there is nothing to do', async () => {
  const both = await Promise.all([build(), build()])
  expect(both.map(({ code }) => code)).toEqual([0, 0])
  expect(both.flatMap(({ lines }) => lines)).toEqual(everything)
  expect((await readdir(join(copy, 'dist'))).sort()).toEqual([
    '.bundle',
    '.pages',
    '.snapshot',
    'cli.js',
    'commandLine.js',
    'commandLine.js.map',
    'dialect.js',
    'dialect.js.map',
    'main.js',
    expect.stringMatching(/^pglite-\w+\.tar\.gz$/),
    'server.js',
    'server.js.map',
    'web',
  ])
  expect((await readdir(join(copy, 'dist/web/assets'))).map((name) => name.replace(/-[\w-]{8}\./, '.')).sort()).toEqual([
    'index.js',
    'index.js.br',
    'index.js.gz',
  ])
  expect(await build()).toEqual({ code: 0, lines: [] })
})

test('a change of the sources builds anew, and nothing else', async () => {
  appendFileSync(join(copy, 'src/main.ts'), '// changed\n')
  await writeFile(join(copy, 'dist/chunk-OLD.js'), '')
  expect(await build()).toEqual({ code: 0, lines: ['Building ...'] })
  expect(await readdir(join(copy, 'dist'))).not.toContain('chunk-OLD.js')
})

test('a change of the pages builds these too', async () => {
  appendFileSync(join(copy, 'src/web/main.ts'), '// changed\n')
  expect(await build()).toEqual({ code: 0, lines: ['Building ...', 'Building the pages ...'] })
})

test('the lock of a build that was killed keeps nobody waiting', async () => {
  const gone = spawn(process.execPath, ['--version'])
  await new Promise((resolve) => gone.once('close', resolve))
  await writeFile(join(copy, 'dist/.building'), String(gone.pid))
  appendFileSync(join(copy, 'src/main.ts'), '// again\n')
  expect(await build()).toEqual({ code: 0, lines: ['Building ...'] })
})

test('the times of files do not count, only what is in them', async () => {
  await utimes(join(copy, 'src/main.ts'), new Date(), new Date())
  expect(await build()).toEqual({ code: 0, lines: [] })
})

test('what does not build is said, ends with code 1, and is tried again', async () => {
  await writeFile(join(copy, 'src/main.ts'), "import './nowhere.ts'\n")
  for (const _ of [1, 2]) {
    const { code, lines } = await build()
    expect(code).toBe(1)
    expect(lines.join('\n')).toContain('./nowhere.ts')
  }
  expect(await readdir(join(copy, 'dist'))).not.toContain('.building')
})

test('packages that are not there are installed, after a line that says what will happen', async () => {
  await rm(join(copy, 'node_modules'))
  await writeFile(
    join(copy, 'npm-cli.cjs'),
    "require('fs').symlinkSync(process.env.MODULES, 'node_modules')\nconsole.log('What npm prints')\n",
  )
  await writeFile(join(copy, 'src/main.ts'), 'export const main = true\n')
  process.env.npm_execpath = join(copy, 'npm-cli.cjs')
  process.env.MODULES = join(root, 'node_modules')
  const { code, lines } = await build()
  expect({ code, lines }).toEqual({
    code: 0,
    lines: ['Installing packages, about 1.2 GB, once (npm ci) ...', 'What npm prints', 'Building ...'],
  })
})
