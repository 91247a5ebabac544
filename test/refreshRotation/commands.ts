/**
 * What may happen to a chain, as commands of fast-check: 1 to 6 requests in flight at once by tabs and a thief, time that
 * passes to either side of a limit, tokens that are copied, lost or brought back.
 */
import * as fc from 'fast-check'
import { GRACE, standingOf } from './model.ts'
import { holderOf, KINDS_OF_NONSENSE, type Model, numberOf, type Real, type Round, run, type Wish } from './round.ts'
import { SURFACES } from './surfaces.ts'

/** One command; its parts happen in this order. */
interface Plan {
  readonly name: string
  /** Who holds which token changes, of which the server hears nothing. */
  readonly change?: (model: Model) => void
  /** Time comes to this moment. A plan whose moment has gone is left out. */
  readonly moment?: (model: Model) => number
  readonly wishes?: readonly Wish[]
}

const give = (model: Model, who: number, number: number): void => {
  model.holders[holderOf(model, who)] = Math.max(0, number)
}

const who = fc.nat(5)
const surface = fc.constantFrom(...SURFACES)
const act = fc.constantFrom<Wish['act'][]>('refresh', 'refresh', 'refresh', 'signOut')
const leave = fc.constantFrom<Wish['act'][]>('signOut', 'signOut', 'signOutByAccess')
const wish = (more: { [K in keyof Wish]?: fc.Arbitrary<Wish[K]> } = {}): fc.Arbitrary<Wish> =>
  fc.record<Wish>({
    who,
    act: fc.constant('refresh'),
    surface,
    isLost: fc.constantFrom(false, false, false, true),
    nonsense: fc.constant(null),
    ...more,
  })
const spoiled = wish({ act, nonsense: fc.constantFrom(...KINDS_OF_NONSENSE) })
const any = fc.oneof({ weight: 24, arbitrary: wish() }, { weight: 1, arbitrary: wish({ act: leave }) }, { weight: 1, arbitrary: spoiled })

const describeWish = ({ who: own, act: what, surface: through, isLost, nonsense }: Wish): string =>
  `holder ${own} ${what} (${through}${isLost ? ', lost' : ''}${nonsense === null ? '' : `, ${nonsense}`})`

/** One token that is presented two to six times at once. */
const same = who.chain((own) => fc.array(wish({ who: fc.constant(own) }), { minLength: 2, maxLength: 6 }))
const requests = fc
  .oneof(
    { weight: 6, arbitrary: fc.tuple(wish()) },
    { weight: 4, arbitrary: same },
    { weight: 4, arbitrary: fc.array(any, { minLength: 2, maxLength: 6 }) },
    { weight: 2, arbitrary: fc.tuple(spoiled) },
  )
  .map((wishes): Plan => ({ name: 'at once', wishes }))

/** Milliseconds from a limit; more often on this side, since beyond it a session is over. */
const offset = fc.constantFrom(-1, -1, 0, 0, 1)

/** The limit of the grace of what somebody holds, who then presents it, or signs out by it. */
const atGrace = fc
  .tuple(who, offset, act)
  .chain(([own, by, what]) => {
    // Past it, both at once: whoever comes first ends the session.
    const acts = by > 0 ? fc.constantFrom<Wish['act'][]>('refresh', 'signOut') : fc.constant(what)
    return fc.tuple(fc.constant({ own, by }), fc.array(wish({ who: fc.constant(own), act: acts }), { maxLength: 6 }))
  })
  .map(
    ([{ own, by }, wishes]): Plan => ({
      name: `the grace of holder ${own} ends, ${by} ms`,
      moment: (model) => (model.chain.spentAt.get(numberOf(model, own)) ?? Number.NEGATIVE_INFINITY) + GRACE + by,
      wishes,
    }),
  )

/** A limit of the chain, at which somebody has the live token and others what they hold. */
const atLimit = fc
  .tuple(fc.constantFrom('live token', 'live token', 'chain', 'access token'), offset, who, fc.array(any, { maxLength: 3 }), wish())
  .map(
    ([what, by, own, others, first]): Plan => ({
      name: `the ${what} ends, ${by} ms`,
      change: (model) => give(model, own, model.chain.live),
      moment: ({ chain, accessUntil }) => by + (what === 'chain' ? chain.end : what === 'live token' ? chain.liveUntil : accessUntil),
      wishes: [{ ...first, who: own }, ...others],
    }),
  )

const passing = fc
  .oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: GRACE / 4 }) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: GRACE - 1 }) },
    { weight: 1, arbitrary: fc.integer({ min: GRACE, max: 60 * GRACE }) },
  )
  .map((ms): Plan => ({ name: `${ms} ms pass`, moment: () => Date.now() + ms }))

const reading = fc.constant<Plan>({
  name: 'the tabs read the storage',
  change: ({ holders, storage }) => void holders.fill(storage, 0, -1),
})
const copying = fc
  .tuple(who, who)
  .map(([to, from]): Plan => ({ name: `holder ${to} copies holder ${from}`, change: (model) => give(model, to, numberOf(model, from)) }))
const returning = fc
  .tuple(who, fc.integer({ min: 1, max: 3 }))
  .map(([own, by]): Plan => ({ name: `holder ${own} goes back ${by}`, change: (model) => give(model, own, numberOf(model, own) - by) }))

const plans = fc.oneof(
  { weight: 8, arbitrary: requests },
  { weight: 3, arbitrary: atGrace },
  { weight: 1, arbitrary: atLimit },
  { weight: 3, arbitrary: passing },
  { weight: 3, arbitrary: reading },
  { weight: 1, arbitrary: copying },
  { weight: 1, arbitrary: returning },
)

/** A session that nobody can refresh any more is asked for a while more. */
const isWorthwhile = ({ deadFor }: Readonly<Model>): boolean => deadFor < 3

export type Check = (model: Model, real: Real, round: Round) => Promise<void>

const commandOf = ({ name, change, moment, wishes = [] }: Plan, check: Check): fc.AsyncCommand<Model, Real, false> => ({
  check: (model) => isWorthwhile(model) && (moment === undefined || moment(model) > Date.now()),
  run: async (model, real) => {
    change?.(model)
    if (moment !== undefined) real.world.advance(moment(model) - Date.now())
    if (moment === undefined && wishes.length === 0) return
    if (standingOf(model.chain, model.chain.live, Date.now()) !== 'live') model.deadFor += 1
    await check(model, real, await run(model, real, wishes))
  },
  toString: () => [name, ...wishes.map(describeWish)].join(': '),
})

/** Up to `maxCommands` of all these. After each that the server hears of, `check` sees what was asked and answered. */
export const commands = (check: Check, maxCommands: number) =>
  fc.commands<Model, Real, false>([plans.map((plan) => commandOf(plan, check))], { maxCommands, size: 'max' })
