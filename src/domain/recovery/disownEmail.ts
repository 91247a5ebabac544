/**
 * "It was not me": the reader of the mails to an unverified address says that the account is not theirs. The address becomes free
 * for its owner; the account remains without it, and all its sessions end. If a verified address is held for the account, that one
 * is restored. An account whose address is verified is not changed.
 */
import * as z from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { heldEmailOf, holdOver } from '../accounts/hold.ts'
import { emailTaken, identifierKey, release, searchedOf, take } from '../accounts/identifiers.ts'
import { lockRow } from '../accounts/lock.ts'
import { dropPending } from '../accounts/pending.ts'
import { fromUsername } from '../accounts/personNames.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import { nonEmpty, parse } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { findMailToken, spendMailToken } from '../mailTokens/mailTokens.ts'
import { endSessions } from '../sessions/end.ts'
import { reserveForUndo } from '../undo/offer.ts'

/** The account of a token, while its address is unverified. @throws {Failure} INVALID_MAIL_TOKEN */
export const unverifiedOwnerOf = async (tx: Tx, { userId, address }: { userId: string; address: string }): Promise<Account> => {
  const account = await tx.user.findUnique({ where: { id: userId } })
  if (account === null || account.email !== address || account.emailVerifiedAt !== null) throw new Failure('INVALID_MAIL_TOKEN')
  return account
}

/** Replaces a username that is the address by a random one, and the names with it. */
const namesWithout = async (domain: Domain, tx: Tx, { id, username, name }: Account, address: string) => {
  const isAddress = (text: string) => identifierKey(text) === identifierKey(address)
  const fresh = `user-${domain.randomBytes(8).toString('hex')}`
  if (isAddress(username) && !(await take(domain, tx, fresh, id))) throw new Error('a random username is taken')
  return { ...(isAddress(username) ? { username: fresh } : {}), ...(isAddress(name) ? fromUsername(fresh) : {}) }
}

/** The address to restore, if one is held. @throws {Failure} EMAIL_TAKEN */
const addressBefore = async (domain: Domain, tx: Tx, account: Account): Promise<Pick<Account, 'email' | 'emailVerifiedAt'>> => {
  const held = heldEmailOf(domain, account)
  if (held === null) return { email: null, emailVerifiedAt: null }
  if (!(await take(domain, tx, held, account.id))) throw emailTaken()
  return { email: held, emailVerifiedAt: account.heldVerifiedAt }
}

/** @throws {Failure} INVALID_INPUT, INVALID_MAIL_TOKEN, TOO_MANY_REQUESTS */
export async function disownEmail(domain: Domain, caller: Caller, input: { token: string }): Promise<void> {
  const { token } = parse(z.object({ token: nonEmpty }), input)
  await domain.limits.attempt(caller.clientAddress)
  const row = await findMailToken(domain, token, ['verify_email'])
  await inTransaction(domain.db, async (tx) => {
    await lockRow(tx, row.userId)
    await spendMailToken(tx, row)
    const account = await unverifiedOwnerOf(tx, row)
    const ended = await endSessions(domain, tx, account.id)
    await dropPending(tx, account.id)
    await tx.mailToken.deleteMany({ where: { userId: account.id } })
    const data = {
      ...(await namesWithout(domain, tx, account, row.address)),
      ...(await addressBefore(domain, tx, account)),
      ...holdOver(account),
    }
    const changed = await tx.user.update({
      where: { id: account.id },
      data: { ...data, ...searchedOf({ ...account, ...data }), credentialVersion: { increment: 1 }, updatedAt: domain.clock.now() },
    })
    await reserveForUndo(domain, tx, changed)
    await release(tx, account.id, [changed.username, changed.email])
    await record(domain, tx, caller, { type: 'email.disowned', userId: account.id, actorId: null, details: { ended } })
  })
}
