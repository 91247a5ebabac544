/**
 * Recovery codes for a lost authenticator: ten codes, shown once, each usable once. A code has a selector, which finds its row, and
 * a secret, stored like a password: an attempt computes one hash. Imported codes are kept in another way (`importedCodes.ts`), and act
 * like these.
 */
import type { RecoveryCode } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../auditLog/events.ts'
import type { Account } from '../frame/account.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { notice } from '../mails/notices.ts'
import { isRecoveryCode, newRecoveryCodeParts, partsOfRecoveryCode, printRecoveryCode } from '../secrets/recoveryCode.ts'
import { findImportedCode, isImportedCode } from './importedCodes.ts'

const COUNT = 10

export interface NewRecoveryCodes {
  /** As the user writes them down: `SSSS-XXXXX-XXXXX`. */
  readonly codes: string[]
  readonly rows: { selector: string; hash: string }[]
}

/**
 * Creates the codes and their hashes; nothing is stored yet. Because ten hashes are work, it counts as an attempt of the address.
 * @throws {Failure} TOO_MANY_REQUESTS, OVERLOADED
 */
export async function newRecoveryCodes(domain: Domain, caller: Caller): Promise<NewRecoveryCodes> {
  const { id } = viewerOf(caller).account
  await domain.limits.attempt(caller.clientAddress, id)
  const made = newRecoveryCodeParts(domain.randomBytes, COUNT)
  const rows: NewRecoveryCodes['rows'] = []
  // One after the other, so that an enrolment never fills the queue of hashes.
  for (const { selector, secret } of made)
    rows.push({ selector, hash: await domain.hasher.hash({ client: caller.clientAddress, account: id }, secret) })
  return { codes: made.map(printRecoveryCode), rows }
}

/** Replaces an account's codes. Lock the account's row first. */
export const storeRecoveryCodes = async (tx: Tx, userId: string, { rows }: NewRecoveryCodes): Promise<void> => {
  await tx.recoveryCode.deleteMany({ where: { userId } })
  await tx.recoveryCode.createMany({ data: rows.map((row) => ({ ...row, userId })) })
}

/** How many codes each account can still use, in the order of `userIds`. */
export async function recoveryCodesLeftOf(domain: Domain, userIds: readonly string[]): Promise<number[]> {
  const counts = await domain.db.recoveryCode.groupBy({
    by: ['userId'],
    where: { userId: { in: [...userIds] }, usedAt: null },
    _count: { _all: true },
  })
  const left = new Map(counts.map(({ userId, _count }) => [userId, _count._all]))
  return userIds.map((userId) => left.get(userId) ?? 0)
}

/** Whether a normalised code has the form of a recovery code: of ours, or of an imported one if the account has such. */
export const mayBeRecoveryCode = async (domain: Domain, userId: string, plain: string): Promise<boolean> => {
  if (isRecoveryCode(plain) || !isImportedCode(plain)) return isRecoveryCode(plain)
  return (await domain.db.recoveryCode.findFirst({ where: { userId, sealedKey: { not: null } }, select: { selector: true } })) !== null
}

/** The row of a code, used or not. Of a code of ours, a hash is computed whether there is one or not. */
const findCode = async (domain: Domain, caller: Caller, { id }: Account, plain: string): Promise<RecoveryCode | undefined> => {
  const { selector, secret } = partsOfRecoveryCode(plain)
  const rows = await domain.db.recoveryCode.findMany({ where: { userId: id, OR: [{ selector }, { sealedKey: { not: null } }] } })
  const imported = findImportedCode(domain, id, rows, plain)
  if (imported !== undefined || !isRecoveryCode(plain)) return imported
  const row = rows.find((each) => each.selector === selector)
  const share = { client: caller.clientAddress, account: id }
  return (await domain.hasher.verify(share, secret, { begin: async () => row?.hash ?? null })) ? row : undefined
}

/** Uses up a normalised recovery code, and notifies the owner how many are left. */
export async function acceptRecoveryCode(domain: Domain, caller: Caller, account: Account, plain: string): Promise<boolean> {
  const row = await findCode(domain, caller, account, plain)
  if (row === undefined) return false
  return await inTransaction(domain.db, async (tx) => {
    const { count } = await tx.recoveryCode.updateMany({
      where: { userId: account.id, selector: row.selector, hash: row.hash, usedAt: null },
      data: { usedAt: domain.clock.now() },
    })
    if (count === 0) return false
    const left = await tx.recoveryCode.count({ where: { userId: account.id, usedAt: null } })
    await record(domain, tx, caller, { type: 'two_factor.recovery_code_used', userId: account.id, actorId: account.id, details: { left } })
    await notice(domain, tx, account, 'recoveryCodeUsed', { left })
    return true
  })
}
