/**
 * Verification of the present address: at sign-up if VERIFY_EMAIL is on, and at the owner's request. It is optional: an unverified
 * address changes nothing about what the account may do.
 */
import { inTransaction } from '../../db/transaction.ts'
import { lockRow, lockUnchanged } from '../accounts/lock.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import type { Account } from '../frame/account.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { type MailCode, newMailCode } from '../mailTokens/codes.ts'
import { expectRoom, lackOfRoom } from '../outbox/room.ts'
import { fitsNow, takeShares, verificationShares } from '../outbox/shares.ts'
import { sendConfirmation } from './sendConfirmation.ts'

/** A code for a mail to `address`, or null if too many mails were sent to it. @throws {Failure} OVERLOADED */
const codeFor = async (domain: Domain, caller: Caller, address: string): Promise<MailCode | null> =>
  (await fitsNow(domain, verificationShares(domain, address))) ? await newMailCode(domain, caller, address) : null

/** What the verification at sign-up needs before its transaction; null if no mail is to be sent. @throws {Failure} OVERLOADED */
export const prepareVerification = async (domain: Domain, caller: Caller, email: string | null): Promise<MailCode | null> =>
  domain.config.VERIFY_EMAIL && email !== null ? await codeFor(domain, caller, email) : null

/**
 * Queues a verification mail to the present address, unless too many were sent to it. `actorId`: the account that caused it, if
 * known.
 */
const queueVerification = async (
  domain: Domain,
  tx: Tx,
  caller: Caller,
  account: Account,
  code: MailCode | null,
  actorId: string | null = account.id,
): Promise<void> => {
  if (code === null || account.email === null) return
  if (!(await takeShares(domain, tx, verificationShares(domain, account.email)))) return
  await record(domain, tx, caller, { type: 'email.verification_requested', userId: account.id, actorId })
  await sendConfirmation(domain, tx, caller, account, 'verify_email', account.email, code)
}

/** Verification at sign-up. If the outbox is full, the sign-up succeeds without a mail. */
export async function sendVerification(domain: Domain, tx: Tx, caller: Caller, account: Account, code: MailCode | null): Promise<void> {
  if (code === null || (await lackOfRoom(domain, tx, caller.clientAddress)) !== null) return
  await queueVerification(domain, tx, caller, account, code)
}

/** If no hash can be computed now, no mail is sent; the user may ask again. */
const withoutMail = (error: unknown): null => {
  if (error instanceof Failure) return null
  throw error
}

/**
 * For a password reset requested with an unverified address while another address is held for the account: the reset goes to the
 * held one, and the reader of the unverified one gets the link that frees it.
 */
export async function warnUnproven(domain: Domain, caller: Caller, { id, email }: Account): Promise<void> {
  const code = email === null ? null : await codeFor(domain, caller, email).catch(withoutMail)
  await inTransaction(domain.db, async (tx) => {
    await lockRow(tx, id)
    const account = await tx.user.findUnique({ where: { id } })
    const isUnproven = account !== null && account.email === email && account.emailVerifiedAt === null
    if (isUnproven) await queueVerification(domain, tx, caller, account, code, null)
  })
}

/**
 * Sends the caller a mail to verify their address. If too many were sent, the answer is the same, but no mail goes out.
 * @throws {Failure} EMAIL_ALREADY_VERIFIED if there is nothing to verify, TOO_MANY_REQUESTS, REAUTHENTICATION_REQUIRED, OVERLOADED
 */
export async function requestEmailVerification(domain: Domain, caller: Caller): Promise<void> {
  const { account } = viewerOf(caller)
  await domain.limits.attempt(caller.clientAddress, account.id)
  if (account.email === null || account.emailVerifiedAt !== null) throw new Failure('EMAIL_ALREADY_VERIFIED')
  await expectRoom(domain, domain.db, caller.clientAddress)
  const code = await codeFor(domain, caller, account.email)
  await inTransaction(domain.db, async (tx) => {
    await lockUnchanged(tx, account)
    await queueVerification(domain, tx, caller, account, code)
  })
}
