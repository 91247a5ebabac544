/**
 * Judges whole runs, in the reporter of the tests: a requirement that is shown over HTTP and has no passing test fails the run. A run of some files,
 * projects or names says nothing of the requirements; what it ran is kept for `npm run docs:asvs`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { TestModule } from 'vitest/node'
import { type Ended, linesOf, namedFiles, outcomesOf, proofFiles } from './outcomes.ts'

export const KEPT = 'node_modules/.cache/vestibule/asvs.json'

const fileOf = ({ moduleId }: TestModule): string => relative(resolve('test'), moduleId).replace(/\.test\.ts$/, '')

/** The kept tests, by project and file. */
export const readKept = (): Readonly<Record<string, readonly Ended[]>> =>
  existsSync(KEPT) ? (JSON.parse(readFileSync(KEPT, 'utf8')) as Record<string, Ended[]>) : {}

const endedIn = (module: TestModule): Ended[] =>
  [...module.children.allTests()].map((test) => ({ file: fileOf(module), name: test.fullName, state: test.result().state }))

/** Lines about the requirements, and whether one of them fails the run. */
export function judge(modules: readonly TestModule[]): { readonly lines: readonly string[]; readonly isBad: boolean } {
  const proving = modules.filter((module) => namedFiles.includes(fileOf(module)))
  const ended = new Map(proving.map((module) => [`${module.project.name}: ${fileOf(module)}`, endedIn(module)]))
  const isByName = modules.some(({ project }) => project.config.testNamePattern !== undefined)
  if (!isByName && ended.size > 0) {
    mkdirSync(dirname(KEPT), { recursive: true })
    writeFileSync(KEPT, JSON.stringify({ ...readKept(), ...Object.fromEntries(ended) }))
  }
  const files = new Set(proving.map(fileOf))
  if (isByName || proofFiles.some((file) => !files.has(file))) return { lines: [], isBad: false }
  const outcomes = outcomesOf([...ended.values()].flat())
  return { lines: linesOf(outcomes), isBad: outcomes.some(({ problem }) => problem !== undefined) }
}
