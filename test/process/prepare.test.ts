/** What `npm start` makes first, on a copy of this tree: everything once, then nothing, then what changed. */
import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
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
  await mkdir(join(copy, 'src/rest'))
  await writeFile(join(copy, 'src/rest/sdk.ts'), 'export const sdk = true\n')
})

afterAll(() => rm(copy, { recursive: true, force: true }))

const build = (): Promise<{ code: number | null; lines: string[] }> =>
  new Promise((resolve) => {
    let said = ''
    const child = spawn(process.execPath, ['src/tools/build.mjs'], { cwd: copy })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
    child.once('close', (code) => resolve({ code, lines: said.split('\n').filter((line) => line !== '') }))
  })

const everything = ['Generating the Prisma client ...', 'Building ...', 'Preparing the embedded database ...']

test('two at once make everything, once; then there is nothing to do', async () => {
  const both = await Promise.all([build(), build()])
  expect(both.map(({ code }) => code)).toEqual([0, 0])
  expect(both.flatMap(({ lines }) => lines)).toEqual(everything)
  expect((await readdir(join(copy, 'dist'))).sort()).toEqual([
    'dialect.js',
    'dialect.js.map',
    'main.js',
    'main.js.map',
    expect.stringMatching(/^pglite-\w+\.tar\.gz$/),
    'stamps.json',
  ])
  expect(await build()).toEqual({ code: 0, lines: [] })
})

test('a change of the sources builds anew, and nothing else', async () => {
  appendFileSync(join(copy, 'src/main.ts'), '// changed\n')
  expect(await build()).toEqual({ code: 0, lines: ['Building ...'] })
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
