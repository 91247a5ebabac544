/** Durations say their unit: `1800` is half an hour to one reader and two seconds to another. */
import { describe, expect, test } from 'vitest'
import { defaultOf, readConfig, settings } from '../../../src/config.ts'
import { problemsOf } from './problems.ts'

const NONE = 'must be a duration such as 30m, 24h or 90d, at most ten years'

describe('a duration', () => {
  test.each([
    ['1500ms', 1_500],
    ['10s', 10_000],
    ['30m', 1_800_000],
    ['1.5h', 5_400_000],
    ['24 hours', 86_400_000],
    ['90d', 7_776_000_000],
    ['2w', 1_209_600_000],
  ])('%s is %i ms', (text, ms) => {
    expect(readConfig({ ACCESS_TOKEN_LIFE: text }).ACCESS_TOKEN_LIFE).toBe(ms)
  })

  test.each([
    ['1800', '30m or 1800s?'],
    ['3600', '1h or 3600s?'],
    ['86400', '1d or 86400s?'],
    ['5400', '5400s or 5400m?'],
    ['15', '15s or 15m?'],
    ['1800000', '30m or 1800000ms?'],
    ['7776000000', '90d or 7776000000ms?'],
  ])('%s has no unit, and the line says what it may mean', (text, meant) => {
    expect(problemsOf({ ACCESS_TOKEN_LIFE: text })).toEqual([`ACCESS_TOKEN_LIFE: ${text} has no unit: ${meant}`])
  })

  test('SHUTDOWN_DRAIN may be 0, and what it may not be is said as of others', () => {
    expect(readConfig({ SHUTDOWN_DRAIN: '0' }).SHUTDOWN_DRAIN).toBe(0)
    expect(problemsOf({ SHUTDOWN_DRAIN: '10' })).toEqual(['SHUTDOWN_DRAIN: 10 has no unit: 10s or 10m?'])
    expect(problemsOf({ SHUTDOWN_DRAIN: 'soon' })).toEqual([`SHUTDOWN_DRAIN: ${NONE}, or 0`])
  })

  const defaults: [string, string | undefined][] = Object.entries(settings).map(([name, setting]) => [name, defaultOf(setting)])
  const durations = defaults.filter(([, text]) => /^\d+[smhd]$/.test(text ?? '')).map(([name]) => name)
  test('there are settings that are one', () => expect(durations.length).toBeGreaterThan(15))
  test.each(durations)('%s=1800 is refused', (name) => {
    expect(problemsOf({ [name]: '1800' })).toEqual([`${name}: 1800 has no unit: 30m or 1800s?`])
  })

  test.each(['0', '0s', '-1h', '1 fortnight', 'h', '30M', '1H', 'soon', '999999999y', '9'.repeat(400), `1${'0'.repeat(400)}d`])(
    '%j is not a duration',
    (text) => {
      expect(problemsOf({ ACCESS_TOKEN_LIFE: text })).toEqual([`ACCESS_TOKEN_LIFE: ${NONE}`])
    },
  )
})
