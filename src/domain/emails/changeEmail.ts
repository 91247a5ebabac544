/**
 * A change of e-mail address. It takes effect when the new address is confirmed by mail; on a surface whose document has no such
 * step, at once and unverified. In that case the previous verified address is held for a while (`hold.ts`), and the new one gets a
 * verification mail, with which its reader can also free the address. Either way, the old address gets a mail with an undo link.
 */
import * as z from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { type Hold, heldEmailOf, holdAfter, NO_HOLD } from '../accounts/hold.ts'
import { emailTaken, findHolder, identifierKey, release, searchedOf, take, usernameWith } from '../accounts/identifiers.ts'
import { lockUnchanged } from '../accounts/lock.ts'
import { dropPending } from '../accounts/pending.ts'
import { record } from '../auditLog/events.ts'
import { email as emailRule, parse } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { rulesFor } from '../frame/rules.ts'
import { notice } from '../mails/notices.ts'
import { newMailCode } from '../mailTokens/codes.ts'
import { expectRoom } from '../outbox/room.ts'
import { confirmationShares, fitsNow, takeShares } from '../outbox/shares.ts'
import { offerUndo, reserveForUndo } from '../undo/offer.ts'
import { sendConfirmation } from './sendConfirmation.ts'
import { prepareVerification, sendVerification } from './verifyEmail.ts'

type Moved = Hold & Pick<Account, 'email' | 'username' | 'emailVerifiedAt'>

/** The new address, whether it is verified, and what to hold from now on; going back to the held address ends the hold. */
const moved = (domain: Domain, account: Account, email: string, verified: boolean): Moved => {
  const username = usernameWith(account, email)
  const held = heldEmailOf(domain, account)
  const { heldEmail, heldVerifiedAt, heldUntil } = account
  const now = domain.clock.now()
  if (held !== null && identifierKey(held) === identifierKey(email))
    return { email, username, emailVerifiedAt: verified ? now : heldVerifiedAt, ...NO_HOLD }
  return verified
    ? { email, username, emailVerifiedAt: now, heldEmail, heldVerifiedAt, heldUntil }
    : { email, username, emailVerifiedAt: null, ...holdAfter(domain, account) }
}

/**
 * Moves an account to a new address, and notifies the old one. With the token of a mail, no session is needed.
 * @throws {Failure} EMAIL_TAKEN, REAUTHENTICATION_REQUIRED if the account's credentials changed since it was looked up
 */
export const moveTo = async (
  domain: Domain,
  tx: Tx,
  caller: Caller,
  account: Account,
  email: string,
  verified: boolean,
): Promise<Account> => {
  await lockUnchanged(tx, account)
  const undo = await offerUndo(domain, tx, account.id)
  if (!(await take(domain, tx, email, account.id))) throw emailTaken()
  const data = moved(domain, account, email, verified)
  await reserveForUndo(domain, tx, { ...account, ...data })
  await release(tx, account.id, [data.username, email])
  await dropPending(tx, account.id, heldEmailOf(domain, data))
  await record(domain, tx, caller, { type: 'email.changed', userId: account.id, actorId: verified ? null : account.id })
  await notice(domain, tx, account, 'emailChanged', { newAddress: email, hold: domain.config.EMAIL_CHANGE_HOLD }, undo)
  return await tx.user.update({
    where: { id: account.id },
    data: { ...data, ...searchedOf(data), credentialVersion: { increment: 1 }, updatedAt: domain.clock.now() },
  })
}

const askForConfirmation = async (domain: Domain, caller: Caller, account: Account, email: string): Promise<void> => {
  const shares = confirmationShares(domain, email, account.id)
  await expectRoom(domain, domain.db, caller.clientAddress)
  if (!(await fitsNow(domain, shares))) return
  const code = await newMailCode(domain, caller, account.id)
  await inTransaction(domain.db, async (tx) => {
    await lockUnchanged(tx, account)
    if (!(await takeShares(domain, tx, shares))) return
    await tx.mailToken.deleteMany({ where: { userId: account.id, purpose: 'confirm_email' } })
    await record(domain, tx, caller, { type: 'email.change_requested', userId: account.id })
    await sendConfirmation(domain, tx, caller, account, 'confirm_email', email, code)
  })
}

export interface EmailChange {
  readonly account: Account
  /** The new address, if it waits for confirmation; null if it has already replaced the old one. */
  readonly pendingEmail: string | null
}

/**
 * @throws {Failure} INVALID_INPUT, EMAIL_TAKEN (also for the account's present address), REAUTHENTICATION_REQUIRED,
 * TOO_MANY_REQUESTS, OVERLOADED
 */
export async function changeEmail(domain: Domain, caller: Caller, input: { email: string }): Promise<EmailChange> {
  const { account } = viewerOf(caller)
  const { email } = parse(z.object({ email: emailRule }), input)
  await domain.limits.attempt(caller.clientAddress, account.id)
  const holder = await findHolder(domain, email)
  const own = account.email !== null && identifierKey(account.email) === identifierKey(email)
  if (own || (holder !== null && holder.id !== account.id)) throw emailTaken()
  if (!rulesFor(domain, caller).changesEmailAtOnce) {
    await askForConfirmation(domain, caller, account, email)
    return { account, pendingEmail: email }
  }
  const code = await prepareVerification(domain, caller, email)
  const updated = await inTransaction(domain.db, async (tx) => {
    const moving = await moveTo(domain, tx, caller, account, email, false)
    if (moving.emailVerifiedAt === null) await sendVerification(domain, tx, caller, moving, code)
    return moving
  })
  return { account: updated, pendingEmail: null }
}
