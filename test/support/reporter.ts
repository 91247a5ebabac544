/**
 * The last lines of a test run: how many tests passed and failed on each project, how many REST answers were checked against
 * OpenAPI there and which documented statuses a whole run never saw, what a whole run says of the ASVS, then the sum, alone on its line: `N passed, N failed`, with
 * `, N skipped` when some were.
 */
import type { Reporter, TestModule, TestProject, TestSpecification } from 'vitest/node'
import { judge } from '../security/report.ts'
import { createConformanceFiles } from './conformance/report.ts'

interface Count {
  passed: number
  failed: number
  skipped: number
}

const none = (): Count => ({ passed: 0, failed: 0, skipped: 0 })

/** A file that breaks outside its tests counts as one failure. */
const add = (count: Count, module: TestModule): void => {
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    count[state === 'pending' ? 'failed' : state]++
  }
  if (module.errors().length > 0) count.failed++
}

const line = ({ passed, failed, skipped }: Count): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`

const sum = (counts: readonly Count[]): Count =>
  counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }), none())

export default class CountReporter implements Reporter {
  readonly #conformance = createConformanceFiles()

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    const projects = new Map<string, TestProject>(specifications.map(({ project }) => [project.name, project]))
    for (const [name, project] of projects) project.provide('conformanceFile', this.#conformance.fileOf(name))
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const projects = new Map<string, Count>()
    for (const module of modules) {
      const count = projects.get(module.project.name) ?? none()
      projects.set(module.project.name, count)
      add(count, module)
    }
    const total = sum([...projects.values()])
    if (errors.length > 0) total.failed += errors.length
    const security = judge(modules)
    if (security.isBad) process.exitCode = 1
    const lines = [...projects].map(([name, count]) => `  ${name}: ${line(count)}`)
    process.stdout.write(`\n${[...lines, ...this.#conformance.lines(), ...security.lines, line(total)].join('\n')}\n`)
  }
}
