/**
 * The password reset: a mail to the account's address, or to the one held for it, and a new password given its token. A reset does
 * not sign in, leaves the second factor on, ends every session, and verifies the address. A reset through the held address makes it
 * the account's address again.
 *
 * If no address of the account was ever verified, somebody else may have created the account: then everything set up on it is
 * removed too, including the second factor.
 */
import * as z from 'zod'
import type { MailToken } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { type Hold, heldEmailOf, NO_HOLD, wasEverProven } from '../accounts/hold.ts'
import { findMailbox, release, searchedOf, take, usernameWith } from '../accounts/identifiers.ts'
import { lockRow } from '../accounts/lock.ts'
import { dropPending } from '../accounts/pending.ts'
import { record } from '../auditLog/events.ts'
import { Failure, fieldFailure } from '../base/errors.ts'
import { knownEmail, nonEmpty, parse } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { asNobody } from '../frame/rules.ts'
import { notice } from '../mails/notices.ts'
import { findMailToken, spendMailToken } from '../mailTokens/mailTokens.ts'
import { enqueue } from '../outbox/queue.ts'
import { expectRoom } from '../outbox/room.ts'
import { newPassword, refusePwned } from '../passwords/policy.ts'
import { forgetAllFailures } from '../passwords/tries.ts'
import { endSessions } from '../sessions/end.ts'
import { turnOff } from '../twoFactor/turnOff.ts'
import { reserveForUndo } from '../undo/offer.ts'
import type { ResetRequest } from './sendReset.ts'

/**
 * Requests a reset mail. Whether an account has the address is looked up after the answer (`sendReset.ts`), so that neither its
 * text nor its timing shows it; only a surface whose table says so looks it up at once.
 * @throws {Failure} INVALID_INPUT, EMAIL_UNKNOWN, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function requestPasswordReset(domain: Domain, caller: Caller, input: { email: string }): Promise<void> {
  const { email } = parse(z.object({ email: knownEmail }), input)
  await domain.limits.attempt(caller.clientAddress)
  if (domain.surfaces[caller.surface].disclosesUnknownEmail && (await findMailbox(domain, email)) === null)
    throw fieldFailure('EMAIL_UNKNOWN', 'email', 'No account has this e-mail address')
  const { surface, clientAddress, requestId, locale } = caller
  const request: ResetRequest = { email, surface, clientAddress, requestId, locale, userAgent: caller.userAgent?.slice(0, 500) ?? null }
  await expectRoom(domain, domain.db, clientAddress)
  const expiresAt = later(domain, domain.config.RESET_TOKEN_LIFE)
  await enqueue(domain, domain.db, { kind: 'password_reset', content: request, expiresAt, clientAddress })
}

/** Whether a token's address is still the account's, or was held for it when the token was created. */
const isFor = (domain: Domain, { address, createdAt }: MailToken, account: Account): boolean => {
  const { heldEmail, heldUntil } = account
  if (heldEmail === address && heldUntil !== null && createdAt < heldUntil) return true
  return heldEmailOf(domain, account) === null && account.email === address
}

/** The account of a token, if the token is still valid for it. @throws {Failure} INVALID_MAIL_TOKEN */
export const ownerOfReset = async (domain: Domain, tx: Tx, row: MailToken): Promise<Account> => {
  const account = await tx.user.findUnique({ where: { id: row.userId } })
  if (account === null || account.loginDisabled || !isFor(domain, row, account)) throw new Failure('INVALID_MAIL_TOKEN')
  return account
}

/** Removes what was set up on an account before any address was verified. Lock its row first. */
const clean = async (domain: Domain, tx: Tx, caller: Caller, { id: userId, twoFactorSecret }: Account, ended: number): Promise<void> => {
  if (twoFactorSecret !== null)
    await record(domain, tx, caller, { type: 'two_factor.disabled', userId, actorId: null, details: { ended: 0 } })
  await turnOff(domain, tx, userId)
  await tx.mailToken.deleteMany({ where: { userId } })
  await tx.knownDevice.deleteMany({ where: { userId } })
  await record(domain, tx, caller, { type: 'account.cleaned', userId, actorId: null, details: { ended } })
}

/**
 * Ends all sessions and pending steps; if the address is verified for the first time, also cleans the account. Returns whether it
 * did.
 */
const endAll = async (domain: Domain, tx: Tx, caller: Caller, account: Account, isProof: boolean): Promise<boolean> => {
  const ended = await endSessions(domain, tx, account.id)
  await dropPending(tx, account.id)
  const isFirst = isProof && !wasEverProven(account)
  if (isFirst) await clean(domain, tx, caller, account, ended)
  return isFirst
}

type Proven = Hold & Pick<Account, 'email' | 'username' | 'emailVerifiedAt'>

/**
 * What the reset by a mail to an address proves about the account's addresses. @throws {Failure} INVALID_MAIL_TOKEN if another
 * account has the address by now
 */
const proven = async (domain: Domain, tx: Tx, account: Account, address: string): Promise<Proven> => {
  const emailVerifiedAt = domain.clock.now()
  const { email, username, heldEmail, heldVerifiedAt, heldUntil } = account
  if (email === address) return { email, username, emailVerifiedAt, heldEmail, heldVerifiedAt, heldUntil }
  if (!(await take(domain, tx, address, account.id))) throw new Failure('INVALID_MAIL_TOKEN')
  const data = { email: address, username: usernameWith(account, address), emailVerifiedAt, ...NO_HOLD }
  await reserveForUndo(domain, tx, { ...account, ...data })
  await release(tx, account.id, [data.username, address])
  return data
}

/**
 * Sets a new password, given the token of a reset mail. If the password breaks a rule, the token stays valid.
 * @throws {Failure} INVALID_INPUT, INVALID_MAIL_TOKEN, TOO_MANY_REQUESTS
 */
export async function resetPassword(domain: Domain, caller: Caller, input: { token: string; newPassword: string }): Promise<void> {
  const nobody = asNobody(caller)
  const given = parse(z.object({ token: nonEmpty, newPassword: newPassword(domain, nobody) }), input)
  await domain.limits.attempt(caller.clientAddress)
  const row = await findMailToken(domain, given.token, ['reset_password'])
  parse(z.object({ newPassword: newPassword(domain, nobody, await ownerOfReset(domain, domain.db, row)) }), given)
  await refusePwned(domain, nobody, 'newPassword', given.newPassword)
  const passwordHash = await domain.hasher.hash({ client: caller.clientAddress, account: row.userId }, given.newPassword)
  const now = domain.clock.now()
  await inTransaction(domain.db, async (tx) => {
    await lockRow(tx, row.userId)
    await spendMailToken(tx, row)
    const current = await ownerOfReset(domain, tx, row)
    const isProof = current.email === row.address
    const addresses = await proven(domain, tx, current, row.address)
    const cleaned = await endAll(domain, tx, caller, current, isProof)
    await forgetAllFailures(tx, current.id)
    await record(domain, tx, caller, { type: 'password.reset', userId: current.id, actorId: null })
    const account = await tx.user.update({
      where: { id: current.id },
      data: {
        passwordHash,
        mustChangePassword: false,
        credentialVersion: { increment: 1 },
        updatedAt: now,
        ...addresses,
        ...searchedOf(addresses),
      },
    })
    await notice(domain, tx, account, 'passwordReset', { cleaned })
  })
}
