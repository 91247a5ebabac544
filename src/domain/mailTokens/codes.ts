/**
 * The six digits that stand beside the link in a mail, for who is signed in where links do not open. Kept as a password hash
 * (ASVS 6.5.2) for EMAIL_CODE_LIFE; an account has one live code at most, the newest; five tries, counted in one statement
 * before the hash is looked at, and it is dead, while the link goes on.
 */
import type { MailToken } from '../../db/generated/client.ts'
import { Failure, fieldFailure } from '../base/errors.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { newMailDigits } from '../secrets/mailToken.ts'

const MAX_ATTEMPTS = 5

export interface MailCode {
  /** As the mail tells it. */
  readonly code: string
  readonly hash: string
}

/** Makes a code; costs a password hash, so do it before a transaction. @throws {Failure} TOO_MANY_REQUESTS, OVERLOADED */
export const newMailCode = async (domain: Domain, { clientAddress }: Caller, account: string): Promise<MailCode> => {
  const code = newMailDigits(domain.randomBytes)
  return { code, hash: await domain.hasher.hash({ client: clientAddress, account }, code) }
}

/** Kills the live code of an account. Hold the account's row, so that two mails do not leave two codes. */
export const dropMailCode = async (tx: Tx, userId: string): Promise<void> => {
  await tx.mailToken.updateMany({ where: { userId, codeHash: { not: null } }, data: { codeHash: null, codeExpiresAt: null } })
}

export const invalidCode = (): Failure => fieldFailure('INVALID_MAIL_TOKEN', 'code', 'Invalid or expired code')

/** Counts a try against the live code of an account. */
const countTry = async (domain: Domain, userId: string): Promise<MailToken | undefined> => {
  const now = domain.clock.now()
  const [row] = await domain.db.mailToken.updateManyAndReturn({
    where: { userId, codeHash: { not: null }, codeExpiresAt: { gt: now }, expiresAt: { gt: now }, attempts: { lt: MAX_ATTEMPTS } },
    data: { attempts: { increment: 1 } },
  })
  return row
}

/** A try that was not looked at is no wrong code. */
const giveBack = async (domain: Domain, { hash }: MailToken): Promise<void> => {
  await domain.db.mailToken.updateMany({ where: { hash, attempts: { gt: 0 } }, data: { attempts: { decrement: 1 } } })
}

/**
 * The token that a code of an account stands for.
 * @throws {Failure} INVALID_MAIL_TOKEN for a wrong or dead one, TOO_MANY_REQUESTS, OVERLOADED
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
