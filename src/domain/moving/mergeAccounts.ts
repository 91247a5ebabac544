/** Adds to accounts what they lack and records of an import have. Nothing that an account has is replaced. Call it in a transaction. */
import { Prisma } from '../../db/generated/client.ts'
import { type NewAuditEvent, record } from '../auditLog/events.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { importedCodeRows } from '../twoFactor/importedCodes.ts'
import { sealTotpSecret } from '../twoFactor/totp.ts'
import type { Planned } from './planBatch.ts'

export type Merged = Extract<Planned, { outcome: 'merged' }>

/** What may be filled. */
const FILLED = ['password_hash', 'email_verified_at', 'two_factor_secret', 'phone', 'phone_e164', 'bio'] as const
/** Of these, what a sign-in depends on: one that is under way must fail. */
const CREDENTIALS: readonly string[] = ['password_hash', 'two_factor_secret']

/** The columns that were filled, in the order of `FILLED`. The second factor brings its recovery codes. */
const fill = async (domain: Domain, tx: Tx, { account, userId }: Merged): Promise<string[]> => {
  const { row, email, totp } = account
  const factor = totp === null ? null : sealTotpSecret(domain, userId, totp)
  const changed = FILLED.map(
    (column) => Prisma.sql`CASE WHEN before.${Prisma.raw(column)} IS DISTINCT FROM filled.${Prisma.raw(column)} THEN ${column} END`,
  )
  const [found] = await tx.$queryRaw<{ filled: string[] }[]>`
    WITH before AS (SELECT * FROM users WHERE id = ${userId} FOR UPDATE),
    filled AS (
      UPDATE users SET password_hash = coalesce(before.password_hash, ${row.password_hash as string | null}),
        email_verified_at = CASE WHEN lower(before.email) = lower(${email}) THEN coalesce(before.email_verified_at, ${row.email_verified_at as Date | null}::timestamptz)
          ELSE before.email_verified_at END,
        two_factor_secret = coalesce(before.two_factor_secret, ${factor}),
        phone = coalesce(before.phone, ${row.phone as string | null}),
        phone_e164 = CASE WHEN before.phone IS NULL THEN ${row.phone_e164 as string | null} ELSE before.phone_e164 END,
        bio = coalesce(before.bio, ${row.bio as string | null}),
        credential_version = before.credential_version + CASE WHEN before.password_hash IS NULL AND ${row.password_hash as string | null}::text IS NOT NULL
          OR before.two_factor_secret IS NULL AND ${factor}::text IS NOT NULL THEN 1 ELSE 0 END
      FROM before WHERE users.id = before.id RETURNING users.*)
    SELECT array_remove(ARRAY[${Prisma.join(changed)}], NULL) AS filled FROM filled JOIN before USING (id)`
  return found?.filled ?? []
}

const addCodes = async (domain: Domain, tx: Tx, { account, userId }: Merged): Promise<void> => {
  const rows = importedCodeRows(domain, userId, account.recoveryCodes)
  await tx.recoveryCode.createMany({
    data: rows.map(({ selector, hash, sealed_key: sealedKey }) => ({ userId, selector, hash, sealedKey })),
  })
}

/** Empties what a merge filled, and takes its recovery codes away. */
export const unfill = async (tx: Tx, userId: string, filled: readonly string[]): Promise<void> => {
  if (filled.length === 0) return
  const columns = filled.map((column) => Prisma.sql`${Prisma.raw(column)} = NULL`)
  if (filled.some((column) => CREDENTIALS.includes(column))) columns.push(Prisma.sql`credential_version = credential_version - 1`)
  await tx.$executeRaw`UPDATE users SET ${Prisma.join(columns)} WHERE id = ${userId}`
  if (filled.includes('two_factor_secret')) await tx.recoveryCode.deleteMany({ where: { userId } })
}

export const mergeEvent = (type: 'account.merged' | 'account.merge_undone', userId: string, filled: readonly string[]): NewAuditEvent => ({
  type,
  userId,
  actorId: null,
  details: { fields: filled.join(' ') },
})

/** One after the other, as in the source: several may be about the same account. Returns the filled columns of each. */
export const mergeAccounts = async (domain: Domain, tx: Tx, caller: Caller, merged: readonly Merged[]): Promise<string[][]> => {
  const all: string[][] = []
  for (const each of merged) {
    const filled = await fill(domain, tx, each)
    if (filled.includes('two_factor_secret')) await addCodes(domain, tx, each)
    await record(domain, tx, caller, mergeEvent('account.merged', each.userId, filled))
    all.push(filled)
  }
  return all
}
