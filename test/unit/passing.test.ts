/** Which faults of the database pass by themselves, whoever tells of them, and which do not. */
import { describe, expect, it } from 'vitest'
import { createOutage } from '../../src/db/outage.ts'
import { DatabaseAway, passingFault } from '../../src/db/passing.ts'
import { within } from '../../src/db/patience.ts'
import type { Log } from '../../src/domain/base/ports.ts'

const coded = (code: string, message = 'what happened') => Object.assign(new Error(message), { code })
const adapted = (cause: object, code = 'P2010') => Object.assign(coded(code), { meta: { driverAdapterError: { cause } } })

describe('passes: no connection', () => {
  it.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
    ...['08000', '08003', '08006', '08P01', '53000', '53100', '53200', '53300', '57P01', '57P02', '57P03', '57P05'],
    ...['25P03', '25P04', '25006', 'P1001', 'P1002', 'P1017', 'P2037'],
  ])('%s', (code) => {
    expect(passingFault(coded(code))?.kind).toBe('away')
    expect(passingFault(new Error('wrapped', { cause: coded(code) }))?.kind).toBe('away')
    expect(passingFault(adapted({ originalCode: code }))?.kind).toBe('away')
  })

  it.each([
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout expired',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'Cannot use a pool after calling end on the pool',
    'PGlite is closed',
  ])('%s', (message) => {
    expect(passingFault(new Error(message))?.kind).toBe('away')
  })

  it.each(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections', 'TlsConnectionError'])('%s', (kind) => {
    expect(passingFault(adapted({ kind }))?.kind).toBe('away')
  })
})

describe('passes: too slow, or met others', () => {
  it.each(['57014', '55P03', '40001', '40P01', '40003', 'P1008', 'P2024', 'P2028', 'P2034'])('%s', (code) => {
    expect(passingFault(coded(code))?.kind).toBe('slow')
  })
  it('timeout exceeded when trying to connect', () => {
    expect(passingFault(new Error('timeout exceeded when trying to connect'))?.kind).toBe('slow')
  })
})

describe('does not pass', () => {
  it.each(['23505', '42P01', '42703', '22P02', '22021', '42501', 'P2002', 'P2003', 'P2010', 'P2021', 'P2025', 'ENOSPC', 'ERR_ASSERTION'])(
    '%s',
    (code) => {
      expect(passingFault(coded(code))).toBeUndefined()
      expect(passingFault(adapted({ originalCode: code }))).toBeUndefined()
    },
  )
  it.each([undefined, null, 'ECONNREFUSED', 7, {}, new TypeError('x is not a function')])('%s', (value) => {
    expect(passingFault(value)).toBeUndefined()
  })
})

describe('an outage', () => {
  const reported = () => {
    const lines: [string, string, object][] = []
    const at = (level: string) => (fields: object, message: string) => void lines.push([level, message, fields])
    const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
    return { lines, outage: createOutage(log) }
  }
  const refused = new DatabaseAway('nothing listens there', { state: 'ECONNREFUSED' })

  it('an outage is one line at its beginning, whoever fails, and counts requests once', async () => {
    const { lines, outage } = reported()
    for (let request = 0; request < 3; request += 1)
      within(1_000, () => {
        expect(outage.costsRequest(refused)).toBe(true)
        expect(outage.costsRequest(refused)).toBe(true)
      })
    expect(outage.isPassing(refused)).toBe(true)
    outage.answered()
    expect(lines).toEqual([['error', 'the database is away', { reason: 'nothing listens there' }]])
    await new Promise((resolve) => setTimeout(resolve, 2_050))
    outage.answered()
    outage.answered()
    expect(lines.slice(1)).toEqual([['info', 'the database is back', { seconds: expect.any(Number), requests: 3 }]])
  })

  it('an outage that begins slowly and gets worse is logged twice', () => {
    const { lines, outage } = reported()
    for (const error of [coded('55P03'), coded('55P03'), refused, refused, coded('55P03')]) outage.costsRequest(error)
    expect(lines.map(([, message]) => message)).toEqual(['the database is too slow', 'the database is away'])
  })

  it('an outage is none where the fault is another', () => {
    const { lines, outage } = reported()
    expect(outage.costsRequest(coded('23505')) || outage.isPassing(new Error('mine'))).toBe(false)
    expect(lines).toEqual([])
  })
})
