/**
 * A whole run of tests as CI sees it: vitest with our reporter, on files that have the name of each proof and nothing else. Its exit code says whether
 * each requirement of ASVS that is shown over HTTP has a passing test.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { proofFileOf, proofNameOf } from '../security/outcomes.ts'
import { proofs } from '../security/proofs.ts'
import { isFullSize } from '../support/fullSize.ts'

const CACHE = resolve('node_modules/.cache/vestibule')
let directory: string

const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(directory, file)), { recursive: true })
  writeFileSync(join(directory, file), text)
}

/** Below node_modules, where packages are found. */
beforeAll(() => {
  mkdirSync(CACHE, { recursive: true })
  directory = mkdtempSync(join(CACHE, 'asvs-run-'))
  const named = new Map<string, string[]>()
  for (const proof of new Set(Object.values(proofs).flat()))
    named.set(proofFileOf(proof), [...(named.get(proofFileOf(proof)) ?? []), proofNameOf(proof)])
  for (const [file, names] of named)
    write(
      `test/${file}.test.ts`,
      `import { test } from 'vitest'\n${names.map((name) => `test(${JSON.stringify(name)}, () => {})`).join('\n')}\n`,
    )
  const reporter = JSON.stringify(resolve('test/support/reporter.ts'))
  write(
    'vitest.config.mjs',
    `export default { test: { name: 'postgresql', reporters: [${reporter}], pool: 'threads', isolate: false, maxWorkers: 2 } }`,
  )
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const runAll = async (): Promise<{ readonly code: number; readonly out: string }> =>
  await new Promise((done) => {
    const env = { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '0' }
    const words = [resolve('node_modules/vitest/vitest.mjs'), 'run', '--root', directory]
    const child = execFile(process.execPath, words, { cwd: directory, env }, (_error, out, errors) =>
      done({ code: child.exitCode ?? -1, out: out + errors }),
    )
  })

test.runIf(isFullSize)('a run in which every proof passes ends with 0', async () => {
  const { code, out } = await runAll()
  expect(out).toContain('ASVS, shown over HTTP: L1 40 of 40, L2 73 of 73, L3 25 of 25')
  expect(code).toBe(0)
})

test('a run whose tests all pass, without one for a single requirement, ends with 1 and names it', async () => {
  write('test/adminPolicy.test.ts', "import { test } from 'vitest'\ntest('another name', () => {})\n")
  const { code, out } = await runAll()
  expect(out).toMatch(/L1 40 of 40, L2 72 of 73, L3 25 of 25\n {2}ASVS 6\.3\.3: there is no test "adminPolicy: /)
  expect(out).toMatch(/ passed, 0 failed\n/)
  expect(code).toBe(1)
})
