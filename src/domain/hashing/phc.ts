/**
 * Parses PHC strings of argon2, in full form and with limited cost. Imported rows may hold anything; any other text matches no
 * password.
 */

export interface Cost {
  /** In KiB. */
  readonly memoryCost: number
  readonly timeCost: number
  readonly parallelism: number
}

const BASE64 = '[A-Za-z0-9+/]'
const FORM = new RegExp(
  `^\\$(argon2(?:id|i|d))\\$v=(?:16|19)\\$m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,3})\\$(?:${BASE64}{11,86})\\$(?:${BASE64}{16,172})$`,
)

/** In KiB: four times OWASP's largest recommendation, and libsodium's "moderate". */
const MOST_MEMORY = 262_144
/** Memory times passes: about one second of work. */
const MOST_WORK = 4 * MOST_MEMORY

/** The cost of a hash, or null if it cannot be checked. */
export const costOf = (phc: string | null): (Cost & { readonly algorithm: string }) | null => {
  const [, algorithm = '', memory, passes, lanes] = FORM.exec(phc ?? '') ?? []
  const [memoryCost, timeCost, parallelism] = [Number(memory), Number(passes), Number(lanes)]
  const isSound = timeCost >= 1 && parallelism >= 1 && memoryCost >= 8 * parallelism
  return isSound && memoryCost <= MOST_MEMORY && memoryCost * timeCost <= MOST_WORK
    ? { algorithm, memoryCost, timeCost, parallelism }
    : null
}
