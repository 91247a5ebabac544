/**
 * An account for somebody else, who chooses the password: a mail carries a link to do so, which also verifies the address, like a reset
 * does. Until then the account has no password, so nobody can sign in to it.
 *
 * An invitation may be sent again to an account that was invited and has no password yet; the account stays as it is. Whoever may
 * invite learns by that, and nobody else, that an address was invited and has not answered.
 */
import * as z from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { scopeList } from '../accounts/accountScopes.ts'
import { createAccount, recordCreated } from '../accounts/createAccount.ts'
import { findMailbox } from '../accounts/identifiers.ts'
import { lockAccount } from '../accounts/lock.ts'
import { record } from '../auditLog/events.ts'
import { email, parse } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { addressee } from '../mails/notices.ts'
import { invitation } from '../mails/templates.ts'
import { issueMailToken, pageLink } from '../mailTokens/mailTokens.ts'
import { queueMail } from '../outbox/queue.ts'
import { expectRoom } from '../outbox/room.ts'
import { invitationShares, takeShares } from '../outbox/shares.ts'
import { accountFields, newAccountOf, refuseTaken } from './newAccountInput.ts'

const schema = z.object({ email, ...accountFields })

export type InviteUserInput = z.input<typeof schema> & { readonly scopes?: readonly string[] | null | undefined }

export interface Invited {
  readonly account: Account
  /** False if the invitation was sent again. */
  readonly isNew: boolean
}

/** Queues an invitation, unless too many were sent to the address. */
const send = async (domain: Domain, tx: Tx, caller: Caller, account: Account, address: string): Promise<void> => {
  if (!(await takeShares(domain, tx, invitationShares(domain, address)))) return
  const life = domain.config.INVITATION_LIFE
  await record(domain, tx, caller, { type: 'account.invited', userId: account.id })
  const link = pageLink(domain, 'reset-password', await issueMailToken(domain, tx, account.id, 'reset_password', address, life))
  await queueMail(domain, tx, invitation({ ...addressee(domain, account, address), link, life }), life, caller.clientAddress)
}

const wasInvited = async (tx: Tx, userId: string): Promise<boolean> =>
  (await tx.auditEvent.findFirst({ where: { userId, type: 'account.invited' }, select: { seq: true } })) !== null

const isWaiting = ({ passwordHash, loginDisabled }: Account): boolean => passwordHash === null && !loginDisabled

/** Sends the invitation again to an account that waits for its owner; null if no account with this address does. */
const sendAgain = async (domain: Domain, caller: Caller, address: string): Promise<Account | null> => {
  const found = await findMailbox(domain, address)
  if (found === null || !isWaiting(found.account)) return null
  return await inTransaction(domain.db, async (tx) => {
    const account = await lockAccount(tx, found.account.id)
    if (account === null || account.email === null || account.email !== found.address) return null
    if (!isWaiting(account) || !(await wasInvited(tx, account.id))) return null
    await send(domain, tx, caller, account, account.email)
    return account
  })
}

/**
 * Creates an account without a password and mails the invitation, even while registration is closed; or mails it again. If too many
 * mails were sent to the address, the answer is the same, but no mail goes out.
 * @throws {Failure} FORBIDDEN for a scope that the caller lacks, INVALID_INPUT, EMAIL_TAKEN, USERNAME_TAKEN, TOO_MANY_REQUESTS,
 * OVERLOADED
 */
export async function inviteUser(domain: Domain, caller: Caller, input: InviteUserInput): Promise<Invited> {
  const viewer = viewerOf(caller)
  const scopes = scopeList(viewer, input.scopes ?? [])
  const given = parse(schema, input)
  await domain.limits.attempt(caller.clientAddress, viewer.account.id)
  await expectRoom(domain, domain.db, caller.clientAddress)
  const waiting = await sendAgain(domain, caller, given.email)
  if (waiting !== null) return { account: waiting, isNew: false }
  await refuseTaken(domain, given)
  return await inTransaction(domain.db, async (tx) => {
    const account = await createAccount(domain, tx, caller, { ...newAccountOf(given, domain.config.DEFAULT_LOCALE, null), scopes })
    await recordCreated(domain, tx, caller, account, viewer.account.id || null)
    await send(domain, tx, caller, account, given.email)
    return { account, isNew: true }
  })
}
