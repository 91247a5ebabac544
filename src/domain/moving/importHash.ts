/** Decides how the hash of an imported account is kept. */
import type { Hasher, ReadHash } from '../hashing/hasher.ts'

export type ImportedHash = { readonly hash: string; readonly read: ReadHash } | { readonly reason: string }

/**
 * Hashes whose passwords can be guessed at once are refused, unless `allowFast`: then digests are hashed again with argon2id, which
 * takes the time of one sign-in each.
 */
export const importHash = async (hasher: Hasher, text: string, allowFast: boolean): Promise<ImportedHash> => {
  const read = hasher.read(text)
  if ('reason' in read) return { reason: `passwordHash: ${read.reason}` }
  if (!read.isFast) return { hash: text, read }
  if (!allowFast) return { reason: 'passwordHash: passwords of such hashes can be guessed at once; allow it with --allow-fast-hashes' }
  const hash = await hasher.layer(text)
  return { hash: hash ?? text, read: hash === null ? read : (hasher.read(hash) as ReadHash) }
}
