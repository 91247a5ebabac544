/** `npm run docs:asvs`: writes docs/asvs.md from what the tests that ran last came to. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { documentOf, linesOf, outcomesOf } from './outcomes.ts'
import { readKept } from './report.ts'

export function main({ root }: { readonly root: string }): void {
  const outcomes = outcomesOf(Object.values(readKept()).flat())
  writeFileSync(join(root, 'docs/asvs.md'), documentOf(outcomes))
  process.stdout.write(`${linesOf(outcomes).join('\n')}\n`)
}
