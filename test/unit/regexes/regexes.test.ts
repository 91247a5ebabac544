/**
 * No regular expression of ours takes time out of proportion to its text (CWE-1333). Each literal in `src` was judged by recheck, which finds the
 * texts that attack it: the linear ones are in linear.json, the others in bounded.ts, with what bounds their text; the worst text of that length is
 * measured here. A literal that is in neither file fails until it was judged: `npm run test:regexes` judges all, and writes linear.json with `-u`. That
 * whole requests take no time beyond their length is shown by guards/inputTime.test.ts.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkSync } from 'recheck'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { isFullSize } from '../../support/fullSize.ts'
import { bounded } from './bounded.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(tsx?|mjs)$/.test(entry.name))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  .filter((file) => !file.startsWith('src/db/generated/'))
  .sort()

const literalsOf = (file: string): string[] => {
  const parsed = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) found.push((node as ts.RegularExpressionLiteral).text)
    ts.forEachChild(node, visit)
  }
  visit(parsed)
  return found
}

const literals = [...new Set(sources.flatMap(literalsOf))].sort()
const linear: readonly string[] = JSON.parse(readFileSync(new URL('linear.json', import.meta.url), 'utf8'))

const partsOf = (literal: string): readonly [source: string, flags: string] => {
  const end = literal.lastIndexOf('/')
  return [literal.slice(1, end), literal.slice(end + 1)]
}

it('every regular expression in src is linear, or its text is bounded', () => {
  const judged = new Set([...linear, ...bounded.map(({ literal }) => literal)])
  expect(literals.length).toBeGreaterThan(100)
  expect(literals.filter((literal) => !judged.has(literal))).toEqual([])
})

it('no judgement is of an expression that has gone', () => {
  const present = new Set(literals)
  expect([...linear, ...bounded.map(({ literal }) => literal)].filter((literal) => !present.has(literal))).toEqual([])
})

describe('the worst text of the length that it can have', () => {
  it.each(bounded)('$literal: $length characters, $because', ({ literal, length, attack }) => {
    const [source, flags] = partsOf(literal)
    const text = attack(length)
    expect(text.length).toBeGreaterThanOrEqual(length)
    const times = Array.from({ length: 3 }, () => {
      const expression = new RegExp(source, flags)
      const begun = performance.now()
      expression.test(text)
      return performance.now() - begun
    })
    expect(Math.min(...times)).toBeLessThan(20)
  })
})

it.skipIf(!isFullSize)('recheck finds each linear that is said to be (skipped: npm run test:regexes)', { timeout: 600_000 }, async () => {
  const own = new Set(bounded.map(({ literal }) => literal))
  const safe = literals.filter((literal) => !own.has(literal) && checkSync(...partsOf(literal), { timeout: 60_000 }).status === 'safe')
  await expect(`${JSON.stringify(safe, undefined, 2)}\n`).toMatchFileSnapshot('./linear.json')
  const exponential = [...own].filter((literal) => {
    const verdict = checkSync(...partsOf(literal), { timeout: 60_000 })
    return verdict.status === 'vulnerable' && verdict.complexity.type === 'exponential'
  })
  expect(exponential).toEqual([])
})
