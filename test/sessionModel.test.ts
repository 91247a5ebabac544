/**
 * The sessions of an account against a model, on two processes that share one PostgreSQL: whatever its owner, an administrator and time do, alone or
 * at once through both, every answer is that of the model for some order, and afterwards each token works in both processes or in neither, as
 * the model says. More of them: `npm run test:sessions`; `SESSION_RUNS=500` looks longer still, and a failure prints its seed and path.
 */
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../src/db/openDatabase.ts'
import { silent } from '../src/tools/silent.ts'
import { commands } from './sessionModel/commands.ts'
import { SETTINGS } from './sessionModel/model.ts'
import type { Round } from './sessionModel/round.ts'
import { start } from './sessionModel/round.ts'
import { admin } from './support/accounts.ts'
import { freeze, restoreTimeAfterwards } from './support/clock.ts'
import { createPostgresDatabase, type PostgresDatabase, root } from './support/database.ts'
import { isFullSize } from './support/fullSize.ts'
import { openWorld, type World } from './support/world.ts'

const RUNS = Number(process.env.SESSION_RUNS ?? (isFullSize ? 100 : 5))
const LIMITS = {
  LIMIT_PASSWORD_FAILURES: '100000',
  LIMIT_PASSWORD_FAILURES_HARD: '100000',
  LIMIT_CHANGES: '100000',
  NEW_DEVICE_NOTICE: 'false',
}

restoreTimeAfterwards()
let database: PostgresDatabase | undefined
const worlds: World[] = []
const opened: { close(): Promise<void> }[] = []
beforeAll(async () => {
  freeze()
  database = await createPostgresDatabase()
  for (let process = 0; process < 2; process += 1) {
    const db = await openDatabase({ dataDir: '/nowhere', root, log: silent, url: database.url })
    const world = await openWorld({ ...SETTINGS, ...LIMITS }, { db })
    worlds.push(world)
    opened.push(world, db)
    await admin(worlds[0] as World)
  }
}, 60_000)

const counts = new Map<string, number>()
const count = (what: string, by = 1): void => void counts.set(what, (counts.get(what) ?? 0) + by)
afterAll(async () => {
  process.stdout.write(`sessions on two processes: ${[...counts].map(([what, number]) => `${number} ${what}`).join(', ')}\n`)
  const faults = worlds.flatMap(({ logs }) => logs.filter(({ level }) => level === 'error'))
  for (const each of opened) await each.close()
  await database?.drop()
  expect(faults).toEqual([])
}, 60_000)

const tally = ({ answered, reads }: Round): void => {
  count('rounds')
  count('reads', reads)
  if (answered.length > 1) count('rounds of several')
  for (const { act, outcome } of answered) count(`${act.what} ${outcome}`)
}

it('sessions are in two processes at once what the model says, whatever is done to them', {
  timeout: 120_000 + RUNS * 10_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(commands(tally, 30), async (all) => {
      count('runs')
      await fc.asyncModelRun(async () => await start(worlds), all)
    }),
    { numRuns: RUNS, unbiased: true },
  )
})
