/** How many processes serve, and how many connections each may open. */
import { availableParallelism } from 'node:os'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { connectionDoubts } from '../../../src/server/connectionDoubt.ts'
import { problemsOf } from './problems.ts'

const DATABASE_URL = 'postgresql://db/x'

describe('WORKERS', () => {
  test('is one by default, a number, or that of the cores', () => {
    expect(readConfig({}).WORKERS).toBe(1)
    expect(readConfig({ DATABASE_URL, WORKERS: '64' }).WORKERS).toBe(64)
    expect(readConfig({ DATABASE_URL, WORKERS: 'auto' }).WORKERS).toBe(Math.min(64, availableParallelism()))
  })

  test.each(['0', '65', '-1', '2.5', 'all', 'AUTO'])('%s is refused', (WORKERS) => {
    expect(problemsOf({ DATABASE_URL, WORKERS })).toEqual(['WORKERS: must be 1 to 64, or auto'])
  })

  test('more than one is refused without PostgreSQL', () => {
    expect(problemsOf({ WORKERS: '1' })).toEqual([])
    expect(problemsOf({ WORKERS: '2' })).toEqual([
      'WORKERS: must be 1 without DATABASE_URL, because the embedded database serves one process',
    ])
  })
})

describe('DATABASE_POOL_SIZE', () => {
  test.each(['0', '1', '201', 'ten'])('%s is refused', (DATABASE_POOL_SIZE) => {
    expect(problemsOf({ DATABASE_POOL_SIZE })).toEqual([expect.stringMatching(/^DATABASE_POOL_SIZE: must be /)])
  })

  test.each([
    ['1', '10', 13, []],
    ['1', '10', 12, ['is 10: this program may open 13 connections, and the server allows 12 (max_connections without the reserved ones)']],
    ['7', '10', 91, []],
    [
      '8',
      '10',
      97,
      [
        'is 10: this program may open 104 (WORKERS=8, each 13) connections, and the server allows 97 (max_connections without the reserved ones)',
      ],
    ],
  ])('%s workers with %s each, of %i that the server allows', (WORKERS, DATABASE_POOL_SIZE, available, messages) => {
    const config = readConfig({ DATABASE_URL, WORKERS, DATABASE_POOL_SIZE })
    expect(connectionDoubts(config, available).map(({ message }) => message)).toEqual(messages)
  })

  test('nothing is said where a pooler hides what the server allows', () => {
    expect(connectionDoubts(readConfig({ DATABASE_URL, WORKERS: '64' }), undefined)).toEqual([])
  })
})
