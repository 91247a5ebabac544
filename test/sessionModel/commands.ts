/** What may happen to the sessions of an account, as commands of fast-check: one to three acts at once, and time that passes to either side of a limit. */
import * as fc from 'fast-check'
import { type Act, GRACE, KINDS } from './model.ts'
import { limitsOf, type Model, type Real, type Round, run, type Wish } from './round.ts'

const frequent: readonly (readonly [number, Act['what']])[] = [
  [14, 'signIn'],
  [6, 'refresh'],
  [2, 'signOutByRefresh'],
  [4, 'signOut'],
  [1, 'signOutEverywhere'],
  [2, 'endOthers'],
  [3, 'endOne'],
  [3, 'changePassword'],
  [2, 'disable'],
  [3, 'enable'],
  [1, 'endAll'],
]
const whats = fc.oneof(...frequent.map(([weight, what]) => ({ weight, arbitrary: fc.constant(what) })))

const wishOf = (what: fc.Arbitrary<Act['what']>): fc.Arbitrary<Wish> =>
  fc.record<Wish>({
    what,
    who: fc.nat(30),
    other: fc.nat(30),
    kind: fc.constantFrom(...KINDS),
    process: fc.nat(1),
    through: fc.constantFrom('graphql', 'dialect'),
    after: fc.nat(12),
  })

interface Plan {
  /** Milliseconds that pass, or to a limit of the account: the nth that is to come, and so many ms to its side. */
  readonly passes?: number | { readonly limit: number; readonly by: number }
  readonly wishes: readonly Wish[]
}

/** What is sent first goes to one process, what is sent with it to the other. */
const apart = (wishes: readonly Wish[]): Wish[] => wishes.map((wish, index) => ({ ...wish, process: (wish.process + index) % 2 }))

const acting = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(wishOf(whats)) },
  { weight: 4, arbitrary: fc.array(wishOf(whats), { minLength: 2, maxLength: 3 }).map(apart) },
)
const passing = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(1, 999, 1_000, GRACE, GRACE + 1, 60_000, 20 * 60_000) },
  { weight: 4, arbitrary: fc.record({ limit: fc.nat(3), by: fc.constantFrom(-1, 0, 1) }) },
)
const ending = wishOf(fc.constant('delete')).map((wish): Plan => ({ wishes: [wish] }))
const plans: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 30, arbitrary: acting.map((wishes) => ({ wishes })) },
  { weight: 12, arbitrary: fc.record({ passes: passing, wishes: fc.oneof(fc.constant<Wish[]>([]), acting) }) },
  { weight: 1, arbitrary: ending },
)

const advance = (model: Model, real: Real, passes: NonNullable<Plan['passes']>): void => {
  const limits = limitsOf(model, real)
  const to = typeof passes === 'number' ? Date.now() + passes : (limits[passes.limit % limits.length] ?? Date.now()) + passes.by
  real.worlds[0]?.advance(Math.max(0, to - Date.now()))
}

export type Heard = (round: Round) => void

const shownWish = ({ what, who, other, kind, process, through, after }: Wish): string =>
  `${what} (who ${who}, other ${other}, ${kind}, process ${process}, ${through}, after ${after})`

const commandOf = ({ passes, wishes }: Plan, heard: Heard): fc.AsyncCommand<Model, Real, false> => ({
  check: ({ candidates }) => candidates.every(({ state }) => state !== 'deleted'),
  async run(model, real) {
    if (passes !== undefined) advance(model, real, passes)
    heard(await run(model, real, wishes))
  },
  toString: () => [...(passes === undefined ? [] : [`time ${JSON.stringify(passes)}`]), ...wishes.map(shownWish)].join('; '),
})

export const commands = (heard: Heard, maxCommands: number) =>
  fc.commands<Model, Real, false>([plans.map((plan) => commandOf(plan, heard))], { maxCommands, size: 'max' })
