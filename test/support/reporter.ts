/**
 * The last lines of a test run: how many tests passed and failed on each project, then the sum, alone on its line:
 * `N passed, N failed`, with `, N skipped` when some were.
 */
import type { Reporter, TestModule } from 'vitest/node'

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
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const projects = new Map<string, Count>()
    for (const module of modules) {
      const count = projects.get(module.project.name) ?? none()
      projects.set(module.project.name, count)
      add(count, module)
    }
    const total = sum([...projects.values()])
    if (errors.length > 0) total.failed += errors.length
    const lines = [...projects].map(([name, count]) => `  ${name}: ${line(count)}`)
    process.stdout.write(`\n${[...lines, line(total)].join('\n')}\n`)
  }
}
