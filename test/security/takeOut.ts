/**
 * `npm run test:protections [-- ID ...]`: takes out one protection after another, and runs the tests that are named for its requirements, which must
 * fail. The change is made as the tests read the source; no file changes. A protection is noticed if one of the named tests fails, for each of
 * its requirements; a test that cannot run is no failure. Ends with 1 if one is not noticed. Some 5 s for each.
 *
 * Not run are tests of processes, which run the build.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { createVitest, type TestCase, type TestModule, type TestSpecification, type Vitest } from 'vitest/node'
import { proofFileOf, proofNameOf } from './outcomes.ts'
import { proofs } from './proofs.ts'
import { protections } from './protections/all.ts'
import type { Protection } from './protections/protection.ts'
import { fileOf, NAME, type Taken } from './protections/takesOut.ts'

/** Of the processes' tests, those that run in the process of the test. */
const IN_PROCESS = ['process/listen']
const PROJECTS = ['postgresql', 'unit', 'process']

const runsSource = (proof: string): boolean => !proof.startsWith('process/') || IN_PROCESS.includes(proofFileOf(proof))
const proofsOf = (ids: readonly string[]): readonly string[] => [...new Set(ids.flatMap((id) => proofs[id] ?? []))].filter(runsSource)

const nameOf = (moduleId: string): string => relative(resolve('test'), moduleId).replace(/\.test\.ts$/, '')
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const patternOf = (named: readonly string[]): RegExp =>
  new RegExp(named.map((proof) => escaped(proofNameOf(proof).replaceAll(' > ', ' '))).join('|'))

const isOf = (test: TestCase, proof: string): boolean =>
  nameOf(test.module.moduleId) === proofFileOf(proof) && test.fullName.includes(proofNameOf(proof))

interface Run {
  readonly tests: readonly TestCase[]
  /** Of files that could not be loaded. */
  readonly faults: readonly string[]
}

interface Tests {
  /** Runs the tests of proofs, without a protection if one is given. */
  run(named: readonly string[], taken?: Protection): Promise<Run>
  close(): Promise<void>
}

const take = (vitest: Vitest, protection: Protection | undefined): void => {
  for (const { vite } of vitest.projects) {
    const plugin = vite.config.plugins.find(({ name }) => name === NAME)
    if (plugin === undefined) throw new Error('the plugin is missing')
    ;(plugin.api as Taken).protection = protection
  }
  if (protection !== undefined) vitest.invalidateFile(fileOf(protection))
}

const faultsOf = (modules: readonly TestModule[]): string[] =>
  modules.filter(({ children }) => children.size === 0).flatMap((module) => module.errors().map(({ message }) => message))

const openTests = async (): Promise<Tests> => {
  Object.assign(process.env, { TEST: 'true', VITEST: 'true', NODE_ENV: 'test' })
  const vitest = await createVitest('test', { config: 'test/security/protections.config.ts', watch: false, reporters: [{}], maxWorkers: 2 })
  const directory = mkdtempSync(join(tmpdir(), 'vestibule-protections-'))
  for (const project of vitest.projects) project.provide('conformanceFile', join(directory, project.name))
  const all = await vitest.globTestSpecifications()
  const run = async (named: readonly string[], taken?: Protection): Promise<Run> => {
    const files = new Set(named.map(proofFileOf))
    const isWanted = ({ project, moduleId }: TestSpecification) => PROJECTS.includes(project.name) && files.has(nameOf(moduleId))
    const wanted = all.filter(isWanted)
    take(vitest, taken)
    // The first failure is enough, unless it must fail for several requirements.
    for (const { config } of vitest.projects) config.bail = taken?.ids.length === 1 ? 1 : 0
    vitest.setGlobalTestNamePattern(patternOf(named))
    const { testModules } = await vitest.runTestSpecifications(wanted)
    const ran = testModules.filter(({ project, moduleId }) => wanted.some((spec) => spec.project === project && spec.moduleId === moduleId))
    if (taken !== undefined) vitest.invalidateFile(fileOf(taken))
    return { tests: ran.flatMap(({ children }) => [...children.allTests()]), faults: faultsOf(ran) }
  }
  return {
    run,
    async close() {
      await vitest.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const stateOf = (test: TestCase): string => test.result().state

/** What the tests of a requirement say: the first that failed, or how many passed. */
const saidOf = (id: string, tests: readonly TestCase[]): { readonly failed: TestCase | undefined; readonly passed: number } => {
  const own = tests.filter((test) => proofsOf([id]).some((proof) => isOf(test, proof)))
  return {
    failed: own.find((test) => stateOf(test) === 'failed'),
    passed: own.filter((test) => stateOf(test) === 'passed').length,
  }
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`)

/** Whether all pass that are to fail later. */
const expectSound = async (tests: Tests, named: readonly string[]): Promise<void> => {
  const { tests: ran, faults } = await tests.run(named)
  const bad = ran.filter((test) => named.some((proof) => isOf(test, proof)) && stateOf(test) === 'failed')
  const lines = [...faults, ...bad.map((test) => `${nameOf(test.module.moduleId)} > ${test.fullName}`)]
  if (lines.length > 0) throw new Error(`with all protections these fail:\n${lines.join('\n')}`)
}

/** Takes a protection out, and says which of its requirements noticed it. */
const tryWithout = async (tests: Tests, protection: Protection): Promise<readonly string[]> => {
  const { ids, without, file } = protection
  const { tests: ran, faults } = await tests.run(proofsOf(ids), protection)
  for (const fault of faults) say(`  a file could not be loaded: ${fault}`)
  return ids.filter((id) => {
    const { failed, passed } = saidOf(id, ran)
    const by = failed === undefined ? `${passed} tests pass` : `${nameOf(failed.module.moduleId)} > ${failed.fullName} fails`
    say(`${failed === undefined ? 'NOT NOTICED' : 'noticed    '} ${id.padEnd(7)} when ${without} (${file}): ${by}`)
    return failed !== undefined
  })
}

const isChosen = ({ ids, file }: Protection, args: readonly string[]): boolean =>
  args.length === 0 || args.some((arg) => ids.includes(arg) || file.includes(arg))

export async function main({ args }: { readonly args: readonly string[] }): Promise<void> {
  const chosen = protections.filter((protection) => isChosen(protection, args))
  const tests = await openTests()
  const noticed = new Set<string>()
  const missed = new Set<string>()
  let whole = 0
  try {
    await expectSound(tests, proofsOf(chosen.flatMap(({ ids }) => ids)))
    for (const protection of chosen) {
      const by = await tryWithout(tests, protection)
      for (const id of by) noticed.add(id)
      for (const id of protection.ids) if (!by.includes(id)) missed.add(id)
      if (by.length === protection.ids.length) whole += 1
    }
  } finally {
    await tests.close()
  }
  say(`${chosen.length} protections taken out, ${whole} noticed; of ${noticed.size} requirements, ${missed.size} not or not always`)
  process.exitCode = missed.size > 0 ? 1 : 0
}
