/** PHC strings of argon2, ours and those of others. */
import type { Argon2 } from '../argon2.ts'
import { type Cost, costOf, unmatchedOf } from '../phc.ts'
import type { HashFamily, PasswordHash } from './family.ts'

/** Setting up the memory costs about half a pass (measured). */
const ROOM = 0.5
/** Measured: 20 ms for 19 MiB and 2 passes. */
const MS_PER_KIB_PASS = 20 / (19_456 * (2 + ROOM))
/** The least that argon2 takes, in KiB. */
const LEAST_MEMORY = 8

/** The work of a check, in milliseconds. */
export const argon2Work = ({ memoryCost, timeCost }: Cost): number => memoryCost * (timeCost + ROOM) * MS_PER_KIB_PASS

/** The parameters of a hash that takes about `work` milliseconds, with about `memoryCost` KiB; null if that is less than any hash takes. */
export const costOfWork = (work: number, memoryCost: number): Cost | null => {
  const units = work / MS_PER_KIB_PASS
  const timeCost = Math.max(1, Math.round(units / memoryCost - ROOM))
  const memory = Math.round(units / (timeCost + ROOM))
  return memory < LEAST_MEMORY ? null : { memoryCost: memory, timeCost, parallelism: 1 }
}

/** A PHC string over what `prepare` makes of a password; null for any other text, and for one that takes too much work. */
export const readArgon2 = (
  phc: string,
  verify: Argon2['verify'],
  prepare: (password: string) => string = (password) => password,
): PasswordHash | null => {
  const cost = costOf(phc)
  if (cost === null) return null
  return {
    kind: 'argon2',
    work: argon2Work(cost),
    unmatched: unmatchedOf(cost),
    fits: async (password) => await verify(phc, prepare(password)),
  }
}

export const argon2 = (verify: Argon2['verify']): HashFamily => ({ name: 'argon2', read: (text) => readArgon2(text, verify) })
