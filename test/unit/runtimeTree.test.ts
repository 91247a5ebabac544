/** What `npm ci --omit=dev` installs beside a build: no tool, and not more than an image should carry. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

interface Entry {
  readonly dev?: boolean
  readonly devOptional?: boolean
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Entry> }
const runtime = Object.entries(packages).flatMap(([path, { dev }]) => (path === '' || dev ? [] : [path]))

/** Bytes on disk, without the packages inside a package: those have entries of their own. */
const bytesOf = (path: string): number => {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return 0
  const inside = stat.isDirectory() ? readdirSync(path).filter((name) => name !== 'node_modules') : []
  return stat.blocks * 512 + inside.reduce((sum, name) => sum + bytesOf(join(path, name)), 0)
}

test('the packages of production take at most 150 MB on disk', () => {
  const megabytes = runtime.reduce((sum, path) => sum + bytesOf(join(root, path)), 0) / 2 ** 20
  expect(megabytes).toBeGreaterThan(50)
  expect(megabytes).toBeLessThan(150)
})

test('they hold no compiler, no database tool, no user interface library and no types, which peer dependencies would bring', () => {
  const tools = /^node_modules\/(prisma|@prisma\/.*|typescript|effect|react|react-dom|esbuild|vite|vitest|@types\/.*|undici-types)$/
  expect(runtime.filter((path) => tools.test(path))).toEqual([])
})

test('npm leaves out every package for development: none is also the optional peer of one that stays', () => {
  expect(Object.keys(packages).filter((path) => packages[path]?.devOptional)).toEqual([])
})
