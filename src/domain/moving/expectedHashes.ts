/**
 * Which kinds of foreign password hashes accounts have: for each kind a hash that takes the most work, and that no password matches. A failed
 * check takes the work of them all (`hasher.ts`), so that its time does not show which account has which. Other processes read them within
 * EXPECTATIONS_INTERVAL after an import.
 */
import { inTransaction } from '../../db/transaction.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import type { ReadHash } from '../hashing/hasher.ts'
import { lockImports } from './lockImports.ts'

export const EXPECTATIONS_INTERVAL = 15_000

/** Remembers the dearest hash of each kind, and returns whether one is dearer than before. */
export const expectHashes = async (tx: Tx, hashes: readonly ReadHash[]): Promise<boolean> => {
  const dearest = new Map<string, ReadHash>()
  for (const hash of hashes) if (hash.work > (dearest.get(hash.kind)?.work ?? 0)) dearest.set(hash.kind, hash)
  let written = 0
  for (const { kind, work, unmatched } of dearest.values())
    written += await tx.$executeRaw`INSERT INTO expected_hashes (kind, hash, work) VALUES (${kind}, ${unmatched}, ${work})
      ON CONFLICT (kind) DO UPDATE SET hash = excluded.hash, work = excluded.work WHERE expected_hashes.work < excluded.work`
  return written > 0
}

type Parts = Pick<Domain, 'db' | 'hasher'>

interface Found {
  readonly hashes: ReadonlyMap<string, ReadHash>
  /** The last account that was looked at. */
  readonly last: bigint
}

/** Reads them for the hasher of this process. One statement. */
export const readExpectedHashes = async ({ db, hasher }: Parts): Promise<void> => {
  const rows = await db.expectedHash.findMany()
  hasher.expect(rows.map(({ hash }) => hash))
}

const PAGE = 2_000

/** The kinds of hashes that accounts have, each with its dearest; ends early when every one of `kinds` is seen with its work. */
const findHashes = async ({ db, hasher }: Parts, wanted: ReadonlyMap<string, number>): Promise<Found | null> => {
  const found = new Map<string, ReadHash>()
  const isMet = () => [...wanted].every(([kind, work]) => (found.get(kind)?.work ?? 0) >= work)
  for (let after = -1n; ; ) {
    const rows = await db.$queryRaw<{ seq: bigint; hash: string }[]>`
      SELECT seq, password_hash AS hash FROM users WHERE seq > ${after} AND password_hash IS NOT NULL ORDER BY seq LIMIT ${PAGE}`
    for (const { hash } of rows) {
      const read = hasher.read(hash)
      if (!('reason' in read) && read.work > (found.get(read.kind)?.work ?? 0)) found.set(read.kind, read)
    }
    if (isMet()) return null
    const last = rows.at(-1)
    after = last?.seq ?? after
    if (rows.length < PAGE) return { hashes: found, last: after }
  }
}

/**
 * Forgets the kinds that no account has any more, and lowers those whose dearest hash is gone. Without imports it is one statement; if
 * people of the import have all signed in, it reads the hashes of all accounts, a page at a time.
 */
export const forgetHashes = async (parts: Parts): Promise<void> => {
  const expected = await parts.db.expectedHash.findMany()
  if (expected.length === 0) return
  const found = await findHashes(parts, new Map(expected.map(({ kind, work }) => [kind, work])))
  if (found === null) return
  await inTransaction(parts.db, async (tx) => {
    await lockImports(tx)
    // Accounts that an import has brought meanwhile were not looked at.
    if ((await tx.user.findFirst({ where: { seq: { gt: found.last } }, select: { id: true } })) !== null) return
    for (const { kind, hash } of expected) {
      const left = found.hashes.get(kind)
      if (left === undefined) await tx.expectedHash.deleteMany({ where: { kind, hash } })
      else await tx.expectedHash.updateMany({ where: { kind, hash }, data: { hash: left.unmatched, work: left.work } })
    }
  })
}
