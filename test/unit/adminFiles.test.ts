/** The audit log as a file, and the uses of dialects as a chart. */
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { chartDataOf } from '../../src/web/admin/chartData.ts'
import { eventForms } from '../../src/web/admin/eventFile.ts'
import type { LoggedEventFragment } from '../../src/web/admin/operations.ts'

const event: LoggedEventFragment = {
  id: 'AuditEvent:7',
  at: '2026-11-30T12:00:00.000Z',
  type: 'SESSION_SIGN_IN_FAILED',
  outcome: 'FAILURE',
  surface: 'WEKAN',
  userId: 'u1',
  user: { id: 'u1', username: '@ada' },
  actorKind: 'NOBODY',
  actorId: null,
  actor: null,
  clientAddress: '::1',
  userAgent: '=HYPERLINK("http://evil.example","x")',
  requestId: '-1',
  details: [{ key: 'CODE', value: 'BAD_CREDENTIALS, "quoted"' }],
}

describe('events as CSV', () => {
  const { head, line } = eventForms.CSV
  const read = (one: LoggedEventFragment): Record<string, string> => parse(head + line(one), { columns: true })[0] as Record<string, string>

  it('comes back from a reader of CSV, and ends its lines as RFC 4180 says', () => {
    expect(read(event)).toEqual({
      ...{ id: 'AuditEvent:7', at: '2026-11-30T12:00:00.000Z', type: 'SESSION_SIGN_IN_FAILED', outcome: 'FAILURE', surface: 'WEKAN' },
      ...{ userId: 'u1', username: "'@ada", actorKind: 'NOBODY', actorId: '', actorUsername: '', clientAddress: '::1' },
      userAgent: `'=HYPERLINK("http://evil.example","x")`,
      requestId: "'-1",
      details: '{"CODE":"BAD_CREDENTIALS, \\"quoted\\""}',
    })
    expect(head + line(event)).toMatch(/^[^\r\n]+\r\n[^\r\n]+\r\n$/)
  })

  it.each(['=1', '+1', '-1', '@x', '\tx', '\rx'])('no cell is a formula: %j', (userAgent) => {
    expect(read({ ...event, userAgent }).userAgent).toBe(`'${userAgent}`)
  })

  it.each(['1=1', 'a,b', 'a"b', 'a\nb', ' =1', 'محمد'])('any other text stays as it is: %j', (userAgent) => {
    expect(read({ ...event, userAgent }).userAgent).toBe(userAgent)
  })
})

describe('events as NDJSON', () => {
  it('one line an event, with the texts as they are', () => {
    const { head, line } = eventForms.NDJSON
    expect(head).toBe('')
    expect(line(event)).toMatch(/^[^\n]+\n$/)
    expect(JSON.parse(line(event))).toMatchObject({
      ...{ id: 'AuditEvent:7', username: '@ada', actorId: null, requestId: '-1' },
      userAgent: '=HYPERLINK("http://evil.example","x")',
      details: { CODE: 'BAD_CREDENTIALS, "quoted"' },
    })
  })
})

describe('the chart', () => {
  const now = new Date('2026-11-30T12:00:00Z')
  const use = (day: string, group: string | null, requests: number, failures = 0) => ({ day, group, requests, failures })

  it('has a point for each day, the group with the most requests first and all others last', () => {
    const counts = [use('2026-11-24', null, 100), use('2026-11-24', 'a', 1), use('2026-11-30', 'b', 2, 1), use('2026-11-30', 'a', 3)]
    const { series, points, step } = chartDataOf(counts, 7, now)
    expect(step).toBe(1)
    expect(series).toEqual([
      { key: 'group0', group: 'a', requests: 4, failures: 0 },
      { key: 'group1', group: 'b', requests: 2, failures: 1 },
      { key: 'group2', group: null, requests: 100, failures: 0 },
    ])
    expect(points.map(({ time }) => new Date(time).toISOString().slice(0, 10))).toEqual(
      [24, 25, 26, 27, 28, 29, 30].map((day) => `2026-11-${day}`),
    )
    expect(points[0]).toMatchObject({ group0: 1, group2: 100 })
    expect(points[6]).toMatchObject({ group0: 3, group1: 2 })
    expect(Object.keys(points[3] ?? {})).toEqual(['time'])
  })

  it('has a point for each week of a year, and loses no request', () => {
    const counts = Array.from({ length: 365 }, (_, index) =>
      use(new Date(now.getTime() - index * 86_400_000).toISOString().slice(0, 10), 'a', 1),
    )
    const { points, step } = chartDataOf(counts, 365, now)
    expect([step, points.length]).toEqual([7, 53])
    expect(points.reduce((sum, point) => sum + (point.group0 ?? 0), 0)).toBe(365)
  })

  it('leaves out days outside the period', () => {
    const { points } = chartDataOf([use('2026-01-01', 'a', 1), use('2026-12-24', 'a', 1)], 7, now)
    expect(points.every((point) => point.group0 === undefined)).toBe(true)
  })
})
