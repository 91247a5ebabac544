/**
 * One behaviour on every surface: the same operation through GraphQL and through each dialect that has it gives the same
 * outcome and leaves the same database behind, but for the lines of `differential/exceptions.ts`, which reads the table of weaker
 * rules (`src/domain/base/surfaces.ts`). docs/one-behaviour.md says what is compared.
 *
 * `DIFFERENTIAL_RUNS=2000 npm test -- --project postgresql test/differential` looks longer; a failure tells its seed and path.
 */
import * as fc from 'fast-check'
import { type DocumentNode, Kind } from 'graphql'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../src/config.ts'
import { withInstead } from '../src/rest/dialect.ts'
import type { Person } from './differential/accounts.ts'
import { createCounts } from './differential/counts.ts'
import { dialectCalls, placesBy } from './differential/dialectCalls.ts'
import { unknownPlaces } from './differential/dump.ts'
import { exceptionSequences, isSettled } from './differential/exceptionSequences.ts'
import { type ExceptionName, without } from './differential/exceptions.ts'
import { fixedSequences } from './differential/fixedSequences.ts'
import { openPair, type Pair, type PairName, SETTINGS } from './differential/pair.ts'
import { finalLook, firstAdministrator, runSequence } from './differential/runSequence.ts'
import { type Sequence, sequences } from './differential/steps.ts'
import { advance, restoreTimeAfterwards } from './support/clock.ts'
import { databaseKind } from './support/database.ts'
import { isFullSize, runs } from './support/fullSize.ts'

/** Sequences of each pair of worlds; more with the variable. */
const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? runs(4, 8))
const DAY = 86_400_000
/** What a comparison of the two worlds says, and nothing else that may go wrong. */
const DIFFERENCE = { name: 'AssertionError', message: expect.stringMatching(/equal|to be/) }
const TIMEOUT = 300_000 + RUNS * 3_000

restoreTimeAfterwards()
// What the server writes now and then comes by the clock of the wall, at another moment in each world.
beforeAll(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterAll(() => void vi.useRealTimers())

describe.each(Object.keys(SETTINGS) as PairName[])('with settings as %s', (name) => {
  const counts = createCounts()
  const every = Object.entries(exceptionSequences) as [ExceptionName, Sequence][]
  let pair: Pair
  let root: Person
  beforeAll(async () => {
    pair = await openPair(name)
    root = await firstAdministrator(pair)
  }, 60_000)
  afterAll(async () => {
    process.stdout.write(`differential on ${databaseKind()}, ${name}: ${counts.summary()}\n`)
    await pair.close()
  })

  it('the exceptions name places that the database has', async () => {
    expect(await unknownPlaces(pair.worlds.rest)).toEqual([])
  })

  it.each(Object.entries(fixedSequences))('%s', async (_journey, sequence) => {
    await runSequence(pair, root, sequence, counts)
  })

  it('every sequence has the same outcomes, and leaves the same behind', { timeout: TIMEOUT }, async () => {
    const property = fc.asyncProperty(sequences, async (sequence) => await runSequence(pair, root, sequence, counts))
    await fc.assert(property, { numRuns: Math.ceil(RUNS / 2) })
  })

  it('both databases are the same in the end, whole', async () => {
    await finalLook(pair, root)
  })

  // After the final look, since what is found to differ stays in the tables; no counter of it is left the next day.
  it.skipIf(!isFullSize).each(every.filter(([line]) => !isSettled(line, name)))(
    'without the line %s there is a difference, and with it none',
    async (line, sequence) => {
      await expect(runSequence(pair, root, sequence, createCounts(), without(line))).rejects.toMatchObject(DIFFERENCE)
      advance(DAY)
      await runSequence(pair, root, sequence, counts)
    },
  )

  it.skipIf(!isFullSize).each(every.filter(([line]) => isSettled(line, name)))(
    'without the line %s there is no difference, since a setting makes the rules equal',
    async (line, sequence) => {
      await runSequence(pair, root, sequence, counts, without(line))
    },
  )
})

describe('the calls of the dialects', () => {
  const config = readConfig({})
  const places = placesBy(config)

  it('the calls of the dialects are those of all routes of all dialects', () => {
    expect([...new Set(dialectCalls.map(({ place }) => place))].sort()).toEqual([...places.keys()].sort())
  })

  it.each(dialectCalls.map((call) => [call.place, call] as const))('%s runs the operation that its call says', (place, { operation }) => {
    const row = places.get(place)?.row
    const run = (row === undefined ? [] : withInstead(row)).map(({ document }) => {
      const [definition] = (document as DocumentNode).definitions
      const [field] = definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : []
      return field?.kind === Kind.FIELD ? field.name.value : undefined
    })
    expect(run).toContain(operation)
    expect(run).toHaveLength(dialectCalls.filter((call) => call.place === place).length)
  })
})
