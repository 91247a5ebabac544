/** The key file: made once whoever comes first, kept, and never replaced. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StartupError } from '../../src/db/startupError.ts'
import { loadSecretKeys } from '../../src/server/secretKey.ts'

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
let parent: string
let dataDir: string
const load = (given?: readonly string[]) => loadSecretKeys({ given, dataDir, log })

beforeEach(() => {
  vi.clearAllMocks()
  parent = mkdtempSync(join(tmpdir(), 'vestibule-key-'))
  dataDir = join(parent, 'deep/data')
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

test('a given key is taken, and nothing is written', async () => {
  expect(await load(['a'.repeat(32), 'b'.repeat(32)])).toEqual(['a'.repeat(32), 'b'.repeat(32)])
  expect(readdirSync(parent)).toEqual([])
})

test('SECRET_KEY is made once, with 256 bits, for the owner alone', async () => {
  const [key] = await load()
  expect(key).toMatch(/^[\w-]{43}$/)
  expect(await load()).toEqual([key])
  expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600)
  expect(statSync(dataDir).mode & 0o777).toBe(0o700)
  expect(log.warn).not.toHaveBeenCalled()
})

test('twenty that start at once agree on one key', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => load()))
  expect(new Set(keys.flat()).size).toBe(1)
})

test('a process that comes while the other is still writing waits for the text', async () => {
  await load()
  const path = join(dataDir, 'secret.key')
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.slice(0, 10))
  setTimeout(() => writeFileSync(path, text), 100)
  expect(await load()).toEqual([text.trim()])
})

test('a file that others can read is taken with a warning', async () => {
  const [key] = await load()
  chmodSync(join(dataDir, 'secret.key'), 0o644)
  expect(await load()).toEqual([key])
  expect(log.warn).toHaveBeenCalledOnce()
  expect(JSON.stringify(log.warn.mock.calls)).not.toContain(key)
})

test('an empty or short file is an error and stays as it is', async () => {
  await load()
  const path = join(dataDir, 'secret.key')
  writeFileSync(path, 'short\n')
  await expect(load()).rejects.toThrow(StartupError)
  expect(readFileSync(path, 'utf8')).toBe('short\n')
})

test('a data directory that is a file is one clear error', async () => {
  writeFileSync(join(parent, 'deep'), '')
  await expect(load()).rejects.toThrow(
    /^The data directory .* cannot be used: ENOTDIR \(there is a file where a directory should be: .*\)$/,
  )
})
