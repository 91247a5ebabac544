/**
 * docs/one-behaviour.md says what may differ between the surfaces, and says the same as the table that the differential test
 * goes by, and as the table of weaker rules.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { minimumPasswordLength, type SurfaceRules, surfaces, surfaceTable } from '../../src/domain/base/surfaces.ts'
import { exceptions } from '../differential/exceptions.ts'
import { stricter, values } from '../differential/values.ts'

const path = join(fileURLToPath(new URL('../..', import.meta.url)), 'docs/one-behaviour.md')
const page = readFileSync(path, 'utf8')
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const rules = surfaceTable(readConfig({}))
const HOUR = 3_600_000
const described = (name: keyof SurfaceRules, value: SurfaceRules[keyof SurfaceRules]): string =>
  name === 'stepUp' ? `${Number(value) >= HOUR ? `${Number(value) / HOUR} h` : `${Number(value) / 60_000} min`}` : String(value)
const tables: Readonly<Record<string, string>> = {
  exceptions: table(
    ['line', 'touches', 'reason', 'from'],
    Object.entries(exceptions).map(([name, { touches, reason, from }]) => [`\`${name}\``, touches, reason, from]),
  ),
  surfaces: table(
    ['rule', ...surfaces],
    [
      ['`minimumPasswordLength`', ...surfaces.map((surface) => String(minimumPasswordLength[surface]))],
      ...(Object.keys(rules.graphql) as (keyof SurfaceRules)[]).map((name) => [
        `\`${name}\``,
        ...surfaces.map((surface) => described(name, rules[surface][name])),
      ]),
    ],
  ),
  stricter: table(
    ['dialect', 'operation', 'field', 'reason'],
    stricter.map(({ dialect, operation, field, reason }) => [`\`${dialect}\``, `\`${operation}\``, `\`${field}\``, reason]),
  ),
}

describe('docs/one-behaviour.md', () => {
  it('docs/one-behaviour.md has every exception, and the table of weaker rules (`-u` writes the tables anew)', async () => {
    const current = page.replace(/(<!-- (\w+) -->\n).*?(<!-- \/\2 -->)/gs, (_, begin, name, end) => `${begin}${tables[name]}\n${end}`)
    for (const text of Object.values(tables)) expect(current).toContain(text)
    await expect(current).toMatchFileSnapshot(path)
  })
})

describe('the lines where a dialect asks for more of a field', () => {
  it('name kinds of values that are tried', () => {
    const unknown = stricter.filter(
      ({ field, kinds }) => field !== 'id' && kinds.some((kind) => kind !== 'none' && values[field]?.[kind] === undefined),
    )
    expect(unknown).toEqual([])
  })
})
