/**
 * Parses PHC strings of argon2, in full form and with limited cost. Imported rows may hold anything; any other text matches no
 * password. What passes here means the same to every library, so none is asked about a text that another would refuse.
 */

export interface Cost {
  /** In KiB. */
  readonly memoryCost: number
  readonly timeCost: number
  readonly parallelism: number
}

const BASE64 = '[A-Za-z0-9+/]'
const NUMBER = '(?:0|[1-9]\\d{0,8})'
/** The usual order of the parameters, or that of their names, which some programs write. */
const PARAMETERS = `m=(?<memory>${NUMBER}),(?:t=(?<passes>${NUMBER}),p=(?<lanes>${NUMBER})|p=(?<lanes2>${NUMBER}),t=(?<passes2>${NUMBER}))`
const FORM = new RegExp(
  `^\\$(?<algorithm>argon2(?:id|i|d))\\$v=(?:16|19)\\$${PARAMETERS}\\$(?<salt>${BASE64}{11,86})\\$(?<hash>${BASE64}{16,172})$`,
)

/** In KiB: four times OWASP's largest recommendation, and libsodium's "moderate". */
const MOST_MEMORY = 262_144
/** Each may be a thread of the library. */
const MOST_LANES = 64
/** Memory times passes: about one second of work. */
const MOST_WORK = 4 * MOST_MEMORY

/** Whether a text is the base64 of some bytes, without padding and without stray bits at its end. */
const isCanonical = (text: string): boolean => Buffer.from(text, 'base64').toString('base64').replace(/=+$/, '') === text

/** The cost of a hash, or null if it cannot be checked. */
export const costOf = (phc: string | null): (Cost & { readonly algorithm: string }) | null => {
  const found = FORM.exec(phc ?? '')?.groups
  if (found === undefined) return null
  const { algorithm = '', memory, passes = found.passes2, lanes = found.lanes2, salt = '', hash = '' } = found
  const [memoryCost, timeCost, parallelism] = [Number(memory), Number(passes), Number(lanes)]
  const isSound = timeCost >= 1 && parallelism >= 1 && memoryCost >= 8 * parallelism
  const isBearable = parallelism <= MOST_LANES && memoryCost <= MOST_MEMORY && memoryCost * timeCost <= MOST_WORK
  return isSound && isBearable && isCanonical(salt) && isCanonical(hash) ? { algorithm, memoryCost, timeCost, parallelism } : null
}

const zeros = (bytes: number): string => Buffer.alloc(bytes).toString('base64').replace(/=+$/, '')

/**
 * A hash of the given cost that no password can be found for: its 16 bytes of salt and 32 bytes of hash are zero. To check a
 * password against it takes as long as against a real one, and it is made without computing a hash.
 */
export const unmatchedOf = ({ memoryCost, timeCost, parallelism }: Cost): string =>
  `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${zeros(16)}$${zeros(32)}`
