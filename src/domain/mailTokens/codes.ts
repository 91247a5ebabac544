/**
 * The six-digit code that a mail has beside its link, for users who are signed in where links do not open. It is stored as a
 * password hash (ASVS 6.5.2) for EMAIL_CODE_LIFE. An account has at most one live code, the newest. Five attempts, counted by one
 * statement before the hash is checked, invalidate the code, but not the link.
 */
import type { MailToken } from '../../db/generated/client.ts'
import { Failure, fieldFailure } from '../base/errors.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { newMailDigits } from '../secrets/mailToken.ts'

const MAX_ATTEMPTS = 5

export interface MailCode {
  /** The code as shown in the mail. */
  readonly code: string
  readonly hash: string
}

/** Creates a code. This computes a password hash, so call it before a transaction. @throws {Failure} TOO_MANY_REQUESTS, OVERLOADED */
export const newMailCode = async (domain: Domain, { clientAddress }: Caller, account: string): Promise<MailCode> => {
  const code = newMailDigits(domain.randomBytes)
  return { code, hash: await domain.hasher.hash({ client: clientAddress, account }, code) }
}

/** Invalidates the live code of an account. Lock the account's row first, so that two mails do not leave two codes. */
export const dropMailCode = async (tx: Tx, userId: string): Promise<void> => {
  await tx.mailToken.updateMany({ where: { userId, codeHash: { not: null } }, data: { codeHash: null, codeExpiresAt: null } })
}

export const invalidCode = (): Failure => fieldFailure('INVALID_MAIL_TOKEN', 'code', 'Invalid or expired code')

/** Counts an attempt at the live code of an account. */
const countTry = async (domain: Domain, userId: string): Promise<MailToken | undefined> => {
  const now = domain.clock.now()
  const [row] = await domain.db.mailToken.updateManyAndReturn({
    where: { userId, codeHash: { not: null }, codeExpiresAt: { gt: now }, expiresAt: { gt: now }, attempts: { lt: MAX_ATTEMPTS } },
    data: { attempts: { increment: 1 } },
  })
  return row
}

/** An attempt that was not checked is not a wrong code. */
const giveBack = async (domain: Domain, { hash }: MailToken): Promise<void> => {
  await domain.db.mailToken.updateMany({ where: { hash, attempts: { gt: 0 } }, data: { attempts: { decrement: 1 } } })
}

/**
 * The token that belongs to a code of an account.
 * @throws {Failure} INVALID_MAIL_TOKEN for a wrong or invalidated code, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function findByCode(domain: Domain, caller: Caller, userId: string, code: string): Promise<MailToken> {
  await domain.limits.mailCode(userId)
  const row = await countTry(domain, userId)
  if (row === undefined) throw invalidCode()
  const share = { client: caller.clientAddress, account: userId }
  const fits = await domain.hasher.verify(share, code, { begin: async () => row.codeHash }).catch(async (error: unknown) => {
    if (error instanceof Failure) await giveBack(domain, row)
    throw error
  })
  if (!fits) throw invalidCode()
  await domain.limits.mailCodeFitted(userId)
  return row
}
