/** What the benchmark computes and prints, without a server. */
import { describe, expect, it } from 'vitest'
import { growthDocument, growthTable } from '../../bench/growth/document.ts'
import { plansIn } from '../../bench/growth/plans.ts'
import { barsOf } from '../../bench/report/bars.ts'
import { documentOf } from '../../bench/report/document.ts'
import { rated, resultTable } from '../../bench/report/ratios.ts'
import { figure, table } from '../../bench/report/table.ts'
import { percentile } from '../../bench/statistics.ts'

const result = {
  name: 'Reads',
  rows: [
    { name: 'limit', rate: 4000, p50: 1.9, p99: 5, serverCpu: 150, databaseCpu: 50 },
    { name: 'a < b', rate: 1000, p50: 8.25, p99: 1234.5, serverCpu: 900, databaseCpu: 100 },
    { name: 'elsewhere', rate: 5000, p50: 0.5, p99: 1, serverCpu: undefined, databaseCpu: undefined },
  ],
}

describe('percentiles', () => {
  it.each([
    [[7], 50, 7],
    [[1, 2, 3, 4], 50, 2],
    [[1, 2, 3, 4, 5], 50, 3],
    [[1, 2, 3, 4, 5], 99, 5],
    [[1, 2, 3, 4, 5], 20, 1],
  ])('of %j: %d percent do not exceed %d', (values, percent, wanted) => {
    expect(percentile(Float64Array.from(values), percent)).toBe(wanted)
  })

  it('of nothing is no number', () => {
    expect(percentile(new Float64Array(), 50)).toBeNaN()
  })
})

describe('figures', () => {
  it.each([
    [0, '0'],
    [0.01234, '0.0123'],
    [1.234, '1.23'],
    [12.34, '12.3'],
    [123.4, '123'],
    [4286.2, '4,286'],
    [undefined, '–'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('%d is printed as %s', (value, wanted) => {
    expect(figure(value)).toBe(wanted)
  })
})

describe('tables', () => {
  it('align their columns', () => {
    expect(table(['name', 'n'], [['a', '1'], ['long name', '1,234'], ['short']])).toEqual([
      '| name      |     n |',
      '| --------- | ----: |',
      '| a         |     1 |',
      '| long name | 1,234 |',
      '| short     |       |',
    ])
  })

  it('of results compare with the first row', () => {
    expect(rated(result).map(({ ratio, perCoreSecond }) => [ratio, perCoreSecond])).toEqual([
      [1, 5000],
      [0.25, 1000],
      [1.25, undefined],
    ])
    expect(resultTable(result)).toEqual([
      '| Reads     | a second | ratio | p50 ms | p99 ms | CPU us | PostgreSQL us | a core-second |',
      '| --------- | -------: | ----: | -----: | -----: | -----: | ------------: | ------------: |',
      '| limit     |    4,000 |  1.00 |   1.90 |   5.00 |    150 |          50.0 |         5,000 |',
      '| a < b     |    1,000 |  0.25 |   8.25 |  1,235 |    900 |           100 |         1,000 |',
      '| elsewhere |    5,000 |  1.25 |  0.500 |   1.00 |      – |             – |             – |',
    ])
  })
})

describe('the bars', () => {
  const svg = barsOf([result])

  it('are as long as the ratios, and end where the picture does', () => {
    expect([...svg.matchAll(/width="([\d.]+)" height="14"/g)].map(([, width]) => width)).toEqual(['400.0', '100.0', '432.0'])
  })

  it('escape names that hold characters of XML', () => {
    expect(svg).toContain('>a &lt; b<')
    expect(svg).not.toContain('a < b')
  })

  it('have the height of their rows', () => {
    expect(svg).toContain('width="760" height="116" viewBox="0 0 760 116"')
  })
})

const grown = [
  { size: 1000, medians: new Map([['first page', 2], ['search', 10]]) }, // biome-ignore format: one size a line
  { size: 1_000_000, medians: new Map([['first page', 2.2], ['search', undefined]]) }, // biome-ignore format: one size a line
]

describe('growth', () => {
  it('is the largest size compared with the smallest; what failed has no figure', () => {
    expect(growthTable(grown)).toEqual([
      '| p50 in ms, one request at a time | 1,000 | 1,000,000 | growth |',
      '| -------------------------------- | ----: | --------: | -----: |',
      '| first page                       |  2.00 |      2.20 | 1.10 x |',
      '| search                           |  10.0 |         – |    – x |',
    ])
  })

  it('shows the plan of a statement where it comes first', () => {
    const plan = (parameter: string) => `Query Text: SELECT $1\nQuery Parameters: $1 = '${parameter}'\nResult`
    const planned = [
      { name: 'first page', plans: [plan('1')] },
      { name: 'search', plans: [plan('2'), 'Query Text: SELECT 2\nResult'] },
    ]
    const text = growthDocument(grown, planned, [])
    expect(text.match(/SELECT \$1/g)).toHaveLength(1)
    expect(text).toContain('### search\n\nStatements that are already above: 1.\n\n```\nQuery Text: SELECT 2\nResult\n```\n')
  })

  it('leaves out the middle of a long statement, and takes it for no other', () => {
    const plan = (end: string) => `Query Text: SELECT ${'x'.repeat(500)} ${end}\nResult`
    const text = growthDocument(grown, [{ name: 'search', plans: [plan('LIMIT 1'), plan('LIMIT 2')] }], [])
    expect(text).toContain(`\nQuery Text: SELECT ${'x'.repeat(101)} … ${'x'.repeat(272)} LIMIT 1\nResult\n`)
    expect(text).toContain('LIMIT 2')
  })

  it('takes plans out of a log of PostgreSQL', () => {
    const log = [
      '2026-11-28 22:00:00.000 UTC [12] LOG:  duration: 0.150 ms  plan:',
      '\tQuery Text: SELECT id',
      '\t  FROM users',
      '\tIndex Scan using users_pkey on users',
      '2026-11-28 22:00:01.000 UTC [12] LOG:  checkpoint starting: time',
      '2026-11-28 22:00:02.000 UTC [12] LOG:  duration: 1.000 ms  plan:',
      '\tQuery Text: SELECT 1',
      '\tResult',
      '',
    ]
    expect(plansIn(log.join('\n'))).toEqual([
      'Query Text: SELECT id\n  FROM users\nIndex Scan using users_pkey on users',
      'Query Text: SELECT 1\nResult',
    ])
  })
})

describe('the results', () => {
  it('are the machine, how to read them, and all tables', () => {
    const outcome = {
      results: [result],
      mixed: [{ name: 'limit', quiet50: 2, quiet99: 5, busy50: 2.5, busy99: 12, signIns: 91 }],
      starts: [{ name: 'limit', seconds: 0.24, idle: 57, loaded: undefined }],
    }
    const text = documentOf(outcome, ['- a machine'], { rounds: 3, duration: 10, warmUp: 3 })
    expect(text).toMatch(
      /^# The last full run of `npm run bench`\n\n- a machine\n- medians of 3 rounds of 10 s, 32 connections, every answer checked\n/,
    )
    expect(text).toContain('| a < b     |    1,000 |  0.25 |')
    expect(text).toContain(
      '| limit                 |         2.00 |   5.00 |        2.50 |   12.0 |             2.40 |              91.0 |',
    )
    expect(text).toContain('| limit            |          0.240 |     57.0 |                  – |')
  })
})
