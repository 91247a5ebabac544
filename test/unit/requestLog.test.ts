/** Lines that requests cause: one a second of a kind, and what is left out is counted. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { requestLog } from '../../src/http/requestLog.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const written: unknown[] = []
const at = (level: string) => (fields: object, message: string) => void written.push([level, message, fields])
const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }

test('a thousand of a kind are two lines, and the second tells of the rest', () => {
  written.length = 0
  const quiet = requestLog(log)
  for (let index = 0; index < 1_000; index += 1) quiet.warn({ index }, 'forged')
  expect(written).toEqual([['warn', 'forged', { index: 0 }]])
  vi.advanceTimersByTime(1_000)
  expect(written[1]).toEqual(['warn', 'forged', { omitted: 999 }])
  vi.advanceTimersByTime(10_000)
  expect(written).toHaveLength(2)
  quiet.warn({ index: 1 }, 'forged')
  expect(written[2]).toEqual(['warn', 'forged', { index: 1 }])
})

test('kinds do not hide each other, and no fault is left out', () => {
  written.length = 0
  const quiet = requestLog(log)
  quiet.warn({}, 'one')
  quiet.info({}, 'one')
  quiet.info({}, 'two')
  for (let index = 0; index < 3; index += 1) quiet.error({ index }, 'fault')
  expect(written).toEqual([
    ['warn', 'one', {}],
    ['info', 'one', {}],
    ['info', 'two', {}],
    ['error', 'fault', { index: 0 }],
    ['error', 'fault', { index: 1 }],
    ['error', 'fault', { index: 2 }],
  ])
})
