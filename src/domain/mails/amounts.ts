/**
 * Time spans as people write them: a whole number of the largest fitting unit; days from two days on. Less than a second is shown
 * as one second.
 */
const UNITS = [
  ['day', 86_400, 2],
  ['hour', 3_600, 1],
  ['minute', 60, 1],
] as const

export type Unit = (typeof UNITS)[number][0] | 'second'

export const inUnits = (milliseconds: number): { readonly count: number; readonly unit: Unit } => {
  const seconds = Math.max(1, Math.round(milliseconds / 1_000))
  for (const [unit, length, least] of UNITS)
    if (seconds % length === 0 && seconds >= length * least) return { count: seconds / length, unit }
  return { count: seconds, unit: 'second' }
}
