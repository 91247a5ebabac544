/** What the administration advises about a legacy dialect, in each state that a dialect can be in. */
import { describe, expect, it } from 'vitest'
import { adviceFor, type DialectState, type UseDay, usageOf } from '../../src/web/admin/advice.ts'

const NOW = new Date('2026-11-30T12:00:00Z')
const NOTHING = { DEPRECATION: '', SUNSET: '', SWITCHED_OFF: '' }
const wekan: DialectState = { name: 'wekan', deprecatedAt: null, sunsetAt: null, isSwitchedOff: false }
const USED: readonly UseDay[] = [
  { day: '2026-11-29', requests: 5 },
  { day: '2026-11-02', requests: 2 },
  { day: '2026-10-01', requests: 100 },
]

const advice = (state: Partial<DialectState>, days: readonly UseDay[], present = NOTHING) =>
  adviceFor({ ...wekan, ...state }, usageOf(days, NOW), present, NOW)

describe('the usage of a dialect', () => {
  it('has the requests of 30 days, today among them, and the last day of all', () => {
    expect(usageOf(USED, NOW)).toEqual({ requests: 7, lastDay: '2026-11-29' })
    expect(usageOf([{ day: '2026-11-01', requests: 1 }], NOW)).toEqual({ requests: 1, lastDay: '2026-11-01' })
    expect(usageOf([{ day: '2026-10-31', requests: 1 }], NOW)).toEqual({ requests: 0, lastDay: '2026-10-31' })
    expect(usageOf([], NOW)).toEqual({ requests: 0, lastDay: undefined })
  })
})

describe('what to do next', () => {
  const usage = { requests: 7, lastDay: '2026-11-29' }
  const quiet = { requests: 0, lastDay: '2026-10-01' }

  it('nobody has used it for 30 days: it can be switched off, whatever was announced', () => {
    const setting = { name: 'SWITCHED_OFF', value: 'wekan' }
    for (const state of [
      {},
      { deprecatedAt: '2026-01-01T00:00:00Z' },
      { sunsetAt: '2027-01-01T00:00:00Z' },
      { sunsetAt: '2026-01-01T00:00:00Z' },
    ])
      expect(advice(state, USED.slice(2))).toEqual({ kind: 'switchOff', usage: quiet, setting })
  })

  it('a setting that has entries keeps them', () => {
    const present = { DEPRECATION: 'idiot=2026-01-01', SUNSET: 'idiot=2026-06-01', SWITCHED_OFF: 'idiot' }
    expect(advice({}, [], present)).toMatchObject({ setting: { value: 'idiot,wekan' } })
    expect(advice({}, USED, present)).toMatchObject({ setting: { name: 'DEPRECATION', value: 'idiot=2026-01-01,wekan=2026-11-30' } })
    expect(advice({ deprecatedAt: '2026-01-01T00:00:00Z' }, USED, present)).toMatchObject({
      setting: { name: 'SUNSET', value: 'idiot=2026-06-01,wekan=2027-05-29' },
    })
  })

  it('it is used, and nothing was announced: set DEPRECATION', () => {
    expect(advice({}, USED)).toEqual({ kind: 'announce', usage, setting: { name: 'DEPRECATION', value: 'wekan=2026-11-30' } })
  })

  it('it will be deprecated: set SUNSET, unless that is set', () => {
    const deprecatedAt = '2026-12-30T00:00:00Z'
    const setting = { name: 'SUNSET', value: 'wekan=2027-06-28' }
    expect(advice({ deprecatedAt }, USED)).toEqual({ kind: 'announced', usage, date: deprecatedAt, setting })
    expect(advice({ deprecatedAt, sunsetAt: '2027-03-01T00:00:00Z' }, USED)).toEqual({
      kind: 'announced',
      usage,
      date: deprecatedAt,
      setting: undefined,
    })
  })

  it('it is deprecated and used: write to its clients, and set SUNSET', () => {
    expect(advice({ deprecatedAt: '2026-11-30T12:00:00Z' }, USED)).toMatchObject({
      kind: 'setSunset',
      date: '2026-11-30T12:00:00Z',
      setting: { value: 'wekan=2027-05-29' },
    })
  })

  it('it has an end and is used: write to its clients', () => {
    const sunsetAt = '2026-12-01T12:00:00Z'
    const expected = { kind: 'write', usage, date: sunsetAt, days: 1 }
    expect(advice({ deprecatedAt: '2026-01-01T00:00:00Z', sunsetAt }, USED)).toEqual(expected)
    expect(advice({ sunsetAt }, USED)).toEqual(expected)
  })

  it('its end has passed and it is used: write a last time, then switch it off', () => {
    const sunsetAt = '2026-11-30T12:00:00Z'
    const setting = { name: 'SWITCHED_OFF', value: 'wekan' }
    expect(advice({ sunsetAt }, USED)).toEqual({ kind: 'overdue', usage, date: sunsetAt, setting })
  })

  it('it is switched off: write to who still asks; if nobody does, take it out', () => {
    expect(advice({ isSwitchedOff: true }, USED)).toEqual({ kind: 'refused', usage })
    expect(advice({ isSwitchedOff: true }, USED.slice(2))).toEqual({ kind: 'remove' })
  })
})
