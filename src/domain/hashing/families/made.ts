/**
 * Families of modules that HASH_FAMILIES names, such as one for a pepper (docs/moving/hashes.md). A module exports a function by default, which
 * gets what the families of ours are made of. What it returns is checked: a family that fails refuses the hash, and nothing else fails.
 */
import type { Argon2 } from '../argon2.ts'
import { readArgon2 } from './argon2Phc.ts'
import { type Prepared, readBcrypt } from './bcrypt.ts'
import { bounded, type HashFamily, HashRefused, type PasswordHash } from './family.ts'

/** What a module gets. */
export interface HashTools {
  /** A bcrypt hash (`$2a$`, `$2b$`, `$2y$`) of what `prepare` makes of a password; null for a text of another form. */
  bcrypt(text: string, prepare?: Prepared): PasswordHash | null
  /** The same for a PHC string of argon2. */
  argon2(text: string, prepare?: Prepared): PasswordHash | null
  /** Ends `read` for a hash of this family that cannot be used: `throw refused('not ...')`. Do not name the hash. */
  refused(reason: string): Error
}

export type HashFamilyMaker = (tools: HashTools) => HashFamily

const isHash = (hash: unknown): hash is PasswordHash => {
  const { kind, work, unmatched, fits } = (hash ?? {}) as Partial<Record<keyof PasswordHash, unknown>>
  return typeof kind === 'string' && typeof work === 'number' && work > 0 && typeof unmatched === 'string' && typeof fits === 'function'
}

const guarded = ({ name, read }: HashFamily): HashFamily => ({
  name,
  read(text) {
    let hash: unknown
    try {
      hash = read(text)
    } catch (error) {
      throw error instanceof HashRefused ? error : new HashRefused(`the family ${name} could not read the hash`)
    }
    if (hash === null || hash === undefined) return null
    if (!isHash(hash)) throw new HashRefused(`the family ${name} gave no hash`)
    const { kind, work, unmatched, isFast = false } = hash
    const made = hash
    // What fails, or does not give a promise of true, is a wrong password.
    const fits = async (password: string): Promise<boolean> => {
      try {
        return (await made.fits(password)) === true
      } catch {
        return false
      }
    }
    return bounded({ kind, work, unmatched, isFast, fits })
  },
})

/** @throws {TypeError} in words for whoever set HASH_FAMILIES */
export const madeFamilies = (makers: readonly HashFamilyMaker[], verify: Argon2['verify'], others: readonly HashFamily[]): HashFamily[] => {
  const names = new Set(others.map(({ name }) => name))
  const tools: HashTools = {
    bcrypt: readBcrypt,
    argon2: (text, prepare) => readArgon2(text, verify, prepare),
    refused: (reason) => new HashRefused(reason),
  }
  return makers.map((make) => {
    const family = make(tools) as HashFamily | undefined
    if (typeof family?.name !== 'string' || typeof family.read !== 'function')
      throw new TypeError('its function returns no family: { name, read }')
    if (names.has(family.name)) throw new TypeError(`the name ${family.name} is taken`)
    names.add(family.name)
    return guarded(family)
  })
}
