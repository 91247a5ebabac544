/**
 * The libraries that compute argon2; no other file knows them. `argon2` is always there. `@node-rs/argon2` is optional: it takes
 * about half the time for the same work, and is used where it can be loaded. Each reads what the other wrote, so any start may
 * change from one to the other.
 *
 * Both compute on the threads of libuv, so neither blocks the process; `hasher.ts` limits how many hashes run at once.
 */
import type { Cost } from './phc.ts'

/** Computes hashes with argon2id. Tests pass in one that counts. */
export interface Argon2 {
  /** The name of the package. */
  readonly name: string
  /** A PHC string, with a new salt of 16 bytes. */
  hash(text: string, cost: Cost): Promise<string>
  /** Reads all variants and versions of argon2. May throw for a text that is no PHC string. */
  verify(phc: string, text: string): Promise<boolean>
}

/** The library that is always there. */
export const loadStandard = async (): Promise<Argon2> => {
  const { argon2id, hash, verify } = (await import('argon2')).default
  return { name: 'argon2', hash: async (text, cost) => await hash(text, { ...cost, type: argon2id }), verify }
}

/** The faster library; null if it is not installed, or has no build for this machine. */
export const loadAccelerator = async (): Promise<Argon2 | null> => {
  try {
    const { hash, verify } = (await import('@node-rs/argon2')).default
    return { name: '@node-rs/argon2', hash, verify }
  } catch {
    return null
  }
}

/** The faster one of those that can be loaded. */
export const loadArgon2 = async (): Promise<Argon2> => (await loadAccelerator()) ?? (await loadStandard())
