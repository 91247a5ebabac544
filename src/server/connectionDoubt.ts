/** A warning if all processes of this program together may open more connections than the server of the database has. */
import type { Config } from '../config.ts'
import { connectionsOfProcess } from '../db/poolSize.ts'
import type { Doubt } from './doubts.ts'

/** `available`: what the server leaves to ordinary roles; undefined if that is not known. */
export function connectionDoubts({ WORKERS, DATABASE_POOL_SIZE }: Config, available: number | undefined): Doubt[] {
  const each = connectionsOfProcess(DATABASE_POOL_SIZE)
  if (available === undefined || WORKERS * each <= available) return []
  const sum = WORKERS === 1 ? `${each}` : `${WORKERS * each} (WORKERS=${WORKERS}, each ${each})`
  return [
    {
      setting: 'DATABASE_POOL_SIZE',
      message: `is ${DATABASE_POOL_SIZE}: this program may open ${sum} connections, and the server allows ${available} (max_connections without the reserved ones)`,
    },
  ]
}
