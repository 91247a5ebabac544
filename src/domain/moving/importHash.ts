/** Decides how the hash of an imported account is kept. */
import { MOST_TOGETHER } from '../hashing/families/family.ts'
import type { Hasher, ReadHash } from '../hashing/hasher.ts'

export type ImportedHash = { readonly hash: string; readonly read: ReadHash } | { readonly reason: string }

/** The dearest hash of each kind that a run has brought so far. */
export type Brought = Map<string, ReadHash>

/** Remembers a hash; or says why the work of a failed check would become too much with it. */
const remember = (hasher: Hasher, brought: Brought, read: ReadHash): string | undefined => {
  if (read.work <= (brought.get(read.kind)?.work ?? 0)) return undefined
  const work = hasher.workWith([...brought.values(), read])
  if (work > MOST_TOGETHER && work > hasher.workWith(brought.values()))
    return `together with those of other accounts, each wrong password would take about ${Math.round(work)} ms; at most ${MOST_TOGETHER} ms are allowed`
  brought.set(read.kind, read)
  return undefined
}

/**
 * Hashes whose passwords can be guessed at once are refused, unless `allowFast`: then digests are hashed again with argon2id, which
 * takes the time of one sign-in each.
 */
export const importHash = async (hasher: Hasher, text: string, allowFast: boolean, brought: Brought): Promise<ImportedHash> => {
  const read = hasher.read(text)
  if ('reason' in read) return { reason: `passwordHash: ${read.reason}` }
  if (!read.isFast) {
    const refused = remember(hasher, brought, read)
    return refused === undefined ? { hash: text, read } : { reason: `passwordHash: ${refused}` }
  }
  if (!allowFast) return { reason: 'passwordHash: passwords of such hashes can be guessed at once; allow it with --allow-fast-hashes' }
  const hash = await hasher.layer(text)
  return { hash: hash ?? text, read: hash === null ? read : (hasher.read(hash) as ReadHash) }
}
