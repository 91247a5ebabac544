/**
 * Refresh rotation (RFC 9700, 4.14) under the hands of several tabs and a thief, against a model, with requests in flight at
 * once. A token's own rotation is the moment when it was spent. After each command these invariants hold:
 *
 * 1. Nobody is signed out inside the grace: a token that is presented up to 10 s after its own rotation is answered with
 *    success, however far the chain has moved, unless the session ended before or in the same instant.
 * 2. Reuse later is always noticed: a spent token, however old, that is presented past its grace to refresh or to sign out is
 *    refused, ends the session for every tab and every token, access tokens too, and writes one `session.refresh_reused`.
 * 3. The chain never forks: every answer to one token carries the same successor, and exactly one token is not spent.
 * 4. A token that is expired, unknown or of an ended session is refused and changes nothing.
 *
 * Beyond that, every answer with its times and everything that is kept is what the model tells for some order of the requests.
 * `REFRESH_RUNS=2000 npm test -- --project postgresql test/refreshRotation` looks longer; a failure tells its seed and path.
 */
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Check, commands } from './refreshRotation/commands.ts'
import { type Answered, CHAIN_LIFE, GRACE, isAccessGood, SETTINGS, standingOf, TOKEN_LIFE } from './refreshRotation/model.ts'
import { KINDS_OF_NONSENSE, type Model, type Real, type Round, run, start, type Wish } from './refreshRotation/round.ts'
import { breakOff, look, open, refresh, SURFACES, type Surface, turns, works } from './refreshRotation/surfaces.ts'
import { admin } from './support/accounts.ts'
import { freeze } from './support/clock.ts'
import { databaseKind } from './support/database.ts'
import { runs } from './support/fullSize.ts'
import { useWorld } from './support/world.ts'

const RUNS = Number(process.env.REFRESH_RUNS ?? runs(12, 40))
/** A failure is reported when it has been made as small as it gets, which takes a while. */
const TIMEOUT = 300_000 + RUNS * 2_000

const world = useWorld(SETTINGS)
beforeAll(async () => {
  freeze()
  const { token } = await admin(world())
  // Requests run side by side only on connections that are open already.
  await Promise.all(Array.from({ length: 40 }, () => world().get('/v1/profile', token)))
})

const COUNTED = ['runs', 'commands', 'requests', 'rounds of several', 'live', 'grace', 'reused', 'expired', 'over', 'nonsense']
const counts = new Map<string, number>(COUNTED.map((what) => [what, 0]))
const count = (what: string, by = 1): void => void counts.set(what, (counts.get(what) ?? 0) + by)
afterAll(() => {
  const reported = [...counts].map(([what, number]) => `${number} ${what}`)
  process.stdout.write(`refresh rotation on ${databaseKind()}: ${reported.join(', ')}\n`)
})

interface Aged extends Answered {
  readonly number: number | undefined
  /** How long ago the presented token was spent, as the answers said; undefined for one that was not. */
  readonly age: number | undefined
}
const ages = ({ spentAt }: Real, { at, answered }: Round): Aged[] =>
  answered.map(({ asked, outcome }) => {
    const number = 'number' in asked ? asked.number : undefined
    const spent = spentAt.get(number ?? -1)
    return { asked, outcome, number, age: spent === undefined ? undefined : at - spent }
  })
const wasOver = ({ openedAt }: Real, { at, before }: Round): boolean => before.isEnded || at >= openedAt + CHAIN_LIFE
const isLate = ({ age }: Aged): boolean => age !== undefined && age > GRACE

/** Nothing of the session works any more, and trying it leaves no trace. */
const isDark = async (real: Real): Promise<void> => {
  const alive = await Promise.all(real.access.map(({ token }) => works(world(), token)))
  expect(alive).toEqual(alive.map(() => false))
  const replies = await Promise.all(real.tokens.map(({ token }, index) => refresh(world(), SURFACES[index % 2] as Surface, token)))
  expect(replies).toEqual(replies.map(() => 'refused'))
  expect(await look(world(), real.userId)).toEqual(real.seen)
}

const nobodyIsSignedOutInGrace = (real: Real, round: Round): void => {
  const all = ages(real, round)
  if (wasOver(real, round) || all.some(isLate) || all.some(({ outcome }) => outcome === 'done')) return
  const inGrace = all.filter(({ asked, age }) => asked.what === 'refresh' && age !== undefined)
  expect(inGrace.filter(({ outcome }) => outcome === 'refused')).toEqual([])
  expect(round.after.isEnded).toBe(round.before.isEnded)
}

const reuseIsNoticed = async (real: Real, round: Round): Promise<void> => {
  const late = ages(real, round).filter(isLate)
  expect(late.filter(({ outcome }) => outcome !== 'refused')).toEqual([])
  expect(round.after.reuses).toBeLessThanOrEqual(1)
  if (late.length === 0 || wasOver(real, round)) return
  const signedOut = round.answered.some(({ outcome }) => outcome === 'done')
  expect(round.after).toMatchObject({ isEnded: true, reuses: signedOut ? 0 : 1 })
  await isDark(real)
}

const chainNeverForks = (real: Real, round: Round): void => {
  expect(new Set(real.tokens.map(({ token }) => token)).size).toBe(real.tokens.length)
  const unspent = real.tokens.flatMap((_, number) => (real.spentAt.has(number) ? [] : [number]))
  expect(unspent).toEqual([round.after.counter])
}

const invalidChangesNothing = (real: Real, round: Round): void => {
  const all = ages(real, round)
  const isOver = wasOver(real, round)
  const isExpired = ({ number = -1, age = 0 }: Aged) => age === 0 && round.at >= (real.tokens[number]?.until ?? Number.POSITIVE_INFINITY)
  const invalid = all.filter((aged) => isOver || aged.asked.what === 'nonsense' || isExpired(aged))
  expect(invalid.filter(({ outcome }) => outcome !== 'refused')).toEqual([])
  if (all.every(({ outcome }) => outcome === 'refused') && (isOver || !all.some(isLate))) expect(round.after).toEqual(round.before)
}

const tally = (real: Real, round: Round): void => {
  count('commands')
  count('requests', round.answered.length)
  if (round.answered.length > 1) count('rounds of several')
  for (const { asked, age, number } of ages(real, round)) {
    count(number === undefined ? asked.what : standingOf(round.chain, number, round.at))
    if (age === GRACE) count('at the very end of the grace')
    if (age === GRACE + 1) count('1 ms past it')
  }
}

const check: Check = async (model, real, round) => {
  nobodyIsSignedOutInGrace(real, round)
  await reuseIsNoticed(real, round)
  chainNeverForks(real, round)
  invalidChangesNothing(real, round)
  const newest = real.access.at(-1)
  if (newest !== undefined) expect(await works(world(), newest.token)).toBe(isAccessGood(model.chain, newest.until, round.at))
}

const checkAndTally: Check = async (model, real, round) => {
  tally(real, round)
  await check(model, real, round)
}

it('the chain of refresh tokens holds its invariants whatever tabs, a thief and time do', { timeout: TIMEOUT }, async () => {
  const chains = fc.record({ surface: fc.constantFrom(...SURFACES), tabs: fc.integer({ min: 1, max: 4 }) })
  await fc.assert(
    fc.asyncProperty(chains, commands(checkAndTally, 60), async ({ surface, tabs }, all) => {
      count('runs')
      await fc.asyncModelRun(async () => await start(world(), surface, tabs), all)
    }),
    { numRuns: RUNS, unbiased: true },
  )
})

/** What happens to a token before it is presented: it is spent, its chain goes on, its session is signed out, time passes. */
type Move = 'spend' | 'goOn' | 'signOut' | number
const MOVES = {
  spend: { act: 'refresh', isLost: true },
  goOn: { act: 'refresh' },
  signOut: { act: 'signOut' },
} as const

const CELLS: readonly [string, boolean, readonly Move[]][] = [
  ['new', true, []],
  ['1 ms from its end', true, [TOKEN_LIFE - 1]],
  ['at its end', false, [TOKEN_LIFE]],
  ['just spent', true, ['spend']],
  ['at the end of its grace', true, ['spend', GRACE]],
  ['1 ms past its grace', false, ['spend', GRACE + 1]],
  ['past its grace for long', false, ['spend', TOKEN_LIFE + 1]],
  ['in its grace when the session is signed out', false, ['spend', 'signOut']],
  ['1 ms from the end of the chain', true, [TOKEN_LIFE - 1, 'goOn', CHAIN_LIFE - TOKEN_LIFE]],
  ['at the end of the chain', false, [TOKEN_LIFE - 1, 'goOn', CHAIN_LIFE - TOKEN_LIFE + 1]],
  ['past its grace at the end of the chain', false, [TOKEN_LIFE - 1, 'spend', CHAIN_LIFE - TOKEN_LIFE + 1]],
]

/** One request of the only tab, with all checks; whether it was taken. */
const askAlone = async (model: Model, real: Real, wish: Pick<Wish, 'act' | 'surface'> & Partial<Wish>): Promise<boolean> => {
  const round = await run(model, real, [{ who: 0, isLost: false, nonsense: null, ...wish }])
  await check(model, real, round)
  return round.answered[0]?.outcome !== 'refused'
}

describe.each(SURFACES)('through %s', (surface) => {
  describe.each(['refresh', 'signOut'] as const)('to %s', (act) => {
    it.each(CELLS)('a token that is %s is taken: %s', async (_what, isTaken, moves) => {
      const { model, real } = await start(world(), surface, 1)
      for (const move of moves) {
        if (typeof move === 'number') world().advance(move)
        else expect(await askAlone(model, real, { surface, ...MOVES[move] })).toBe(true)
      }
      expect(await askAlone(model, real, { surface, act })).toBe(isTaken)
    })

    it.each(KINDS_OF_NONSENSE)('%s of a spent token is refused', async (nonsense) => {
      const { model, real } = await start(world(), surface, 1)
      await askAlone(model, real, { surface, ...MOVES.spend })
      expect(await askAlone(model, real, { surface, act, nonsense })).toBe(false)
    })
  })

  it('the grace of each token is counted from its own rotation', async () => {
    const { userId, refresh: first } = await open(world(), surface)
    const go = async (token: string) => {
      const reply = await refresh(world(), surface, token)
      return reply === 'refused' ? reply : reply.refresh.token
    }
    const second = await go(first.token)
    world().advance(6_000)
    const third = await go(second)
    world().advance(4_000)
    expect([await go(first.token), await go(second)]).toEqual([second, third])
    const fourth = await go(third)
    world().advance(6_000)
    expect([await go(second), await go(third)]).toEqual([third, fourth])
    expect(await look(world(), userId)).toMatchObject({ counter: 3, isEnded: false, reuses: 0 })
    world().advance(1)
    expect([await go(second), await go(third), await go(fourth)]).toEqual(['refused', 'refused', 'refused'])
    expect(await look(world(), userId)).toMatchObject({ counter: 3, isEnded: true, reuses: 1 })
  })
})

interface Step {
  readonly surface: Surface
  readonly answer: 'kept' | 'lost' | 'brokenOff'
  readonly readsStorage: boolean
  readonly turns: number
  readonly passes: number
}

const TABS = 5
const STEPS = 6
const step = fc.record<Step>({
  surface: fc.constantFrom(...SURFACES),
  answer: fc.constantFrom('kept', 'kept', 'lost', 'brokenOff'),
  readsStorage: fc.boolean(),
  turns: fc.nat(12),
  passes: fc.nat(Math.floor(GRACE / (TABS * STEPS))),
})
const scripts = fc.array(fc.array(step, { minLength: 1, maxLength: STEPS }), { minLength: 2, maxLength: TABS })

/** A chain that several tabs refresh at once, each at its own pace. */
const sharedChain = (first: string) => {
  const successors = new Map<string, string>()
  let storage = first
  const present = async (surface: Surface, token: string): Promise<string> => {
    count('requests of the second property')
    const reply = await refresh(world(), surface, token)
    if (reply === 'refused') throw new Error('signed out inside the grace')
    const next = reply.refresh.token
    expect(successors.get(token) ?? next).toBe(next)
    successors.set(token, next)
    return next
  }
  const runTab = async (script: readonly Step[]): Promise<void> => {
    let held = first
    for (const { surface, answer, readsStorage, turns: pause, passes } of script) {
      await turns(pause)
      world().advance(passes)
      if (readsStorage) held = storage
      if (answer === 'brokenOff') {
        count('broken off')
        await breakOff(world(), held, pause)
      } else {
        const next = await present(surface, held)
        if (answer === 'kept') storage = held = next
      }
    }
  }
  const line = (): string[] => {
    const tokens = [first]
    for (let next = successors.get(first); next !== undefined; next = successors.get(next)) tokens.push(next)
    return tokens
  }
  return { successors, present, runTab, line }
}

it('one live successor is left, however refreshes and lost answers run into each other', { timeout: TIMEOUT }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...SURFACES), scripts, async (surface, all) => {
      count('runs of the second property')
      const { userId, refresh: first } = await open(world(), surface)
      const { successors, present, runTab, line } = sharedChain(first.token)
      await Promise.all(all.map(runTab))
      const known = line()
      expect(known).toHaveLength(successors.size + 1)
      await Promise.all(
        [...known, ...all.map(() => known.at(-1) ?? '')].map((token, index) => present(SURFACES[index % 2] as Surface, token)),
      )
      expect(line()).toHaveLength(known.length + 1)
      expect(await look(world(), userId)).toMatchObject({ counter: known.length, isEnded: false, reuses: 0 })
    }),
    { numRuns: Math.ceil(RUNS / 2) },
  )
})
