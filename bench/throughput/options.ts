/** The options of `npm run bench`, each with what it does: docs/benchmark.md. */
import { parseArgs } from 'node:util'
import type { Plan } from './measure.ts'

export interface Options {
  /** Short measurements without peers, whose results are not kept. */
  readonly quick: boolean
  readonly peers: boolean
  /** Everything is measured as long as usual, so that the results are kept. */
  readonly isComplete: boolean
  /** Only the scenarios and subjects whose names contain this, and what they are compared with. */
  readonly only: string
  readonly plan: Plan
  /** The numbers of accounts of the growth table, if it is asked for. */
  readonly growth: readonly number[] | undefined
  readonly plans: boolean
}

const FULL: Plan = { rounds: 3, duration: 10, warmUp: 3 }
const QUICK: Plan = { rounds: 2, duration: 1.2, warmUp: 0.4 }
const SIZES = '1000,10000,100000,1000000'

const positive = (name: string, text: string | undefined, fallback: number): number => {
  const value = text === undefined ? fallback : Number(text)
  if (!(value > 0)) throw new Error(`--${name}: a number above 0`)
  return value
}

const sizesOf = (text: string): number[] => {
  const sizes = text.split(',').map(Number)
  const rises = sizes.every((size, index) => Number.isInteger(size) && size >= 1_000 && size > (sizes[index - 1] ?? 0))
  if (!rises) throw new Error('--growth: rising numbers of accounts, at least 1000, such as 1000,10000')
  return sizes
}

/** @throws if an option is unknown or has a wrong value */
export function optionsOf(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      peers: { type: 'boolean', default: true },
      only: { type: 'string', default: '' },
      duration: { type: 'string' },
      rounds: { type: 'string' },
      growth: { type: 'boolean', default: false },
      plans: { type: 'boolean', default: false },
    },
    allowNegative: true,
  })
  const { quick, only, plans } = values
  const usual = quick ? QUICK : FULL
  const duration = positive('duration', values.duration, usual.duration)
  const rounds = Math.ceil(positive('rounds', values.rounds, usual.rounds))
  const peers = values.peers && !quick
  return {
    quick,
    peers,
    only,
    isComplete: peers && only === '' && duration >= FULL.duration && rounds >= FULL.rounds,
    plans,
    growth: values.growth ? sizesOf(positionals[0] ?? SIZES) : undefined,
    plan: { rounds, duration, warmUp: Math.min(usual.warmUp, duration) },
  }
}
