/**
 * What axe-core finds in a page by the rules of WCAG and its own best practices: those that keep people out (`serious`, `critical`).
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Results {
  readonly violations: readonly { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string }[] }[]
}

export interface Finding {
  readonly impact: string
  readonly rule: string
  /** The elements, as HTML. */
  readonly elements: readonly string[]
}

export const seriousFindings = async (page: Page): Promise<readonly Finding[]> => {
  await page.evaluate(source)
  const { violations } = (await page.evaluate('axe.run()')) as Results
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => ({ impact, rule: id, elements: nodes.map(({ html }) => html) }))
}
