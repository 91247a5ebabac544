/** `npm run docs:asvs`: writes docs/asvs.md from what the tests that ran last came to. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { documentOf, linesOf, otherOutcomesOf, outcomesOf } from './outcomes.ts'
import { readKept } from './report.ts'

export function main({ root }: { readonly root: string }): void {
  const ended = Object.values(readKept()).flat()
  const outcomes = outcomesOf(ended)
  writeFileSync(join(root, 'docs/asvs.md'), documentOf([...outcomes, ...otherOutcomesOf(ended)]))
  process.stdout.write(`${linesOf(outcomes).join('\n')}\n`)
}
