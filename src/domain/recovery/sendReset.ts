/**
 * The second step of a requested reset. It runs outside the request, so that the request takes the same time for every address: it
 * looks up the account and, if the account may have a link, turns the entry of the outbox into a mail. While an address is held for
 * the account, the mail goes there, and the reader of the unverified address gets the link that frees it.
 */
import { inTransaction } from '../../db/transaction.ts'
import { findMailbox, isSameIdentifier } from '../accounts/identifiers.ts'
import { record } from '../auditLog/events.ts'
import { warnUnproven } from '../emails/verifyEmail.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { addressee } from '../mails/notices.ts'
import { resetPassword } from '../mails/templates.ts'
import { issueMailToken, pageLink } from '../mailTokens/mailTokens.ts'
import { queueMail } from '../outbox/queue.ts'
import { resetShares, takeShares } from '../outbox/shares.ts'

/** Who asked, from where, and for which address, as typed. */
export type ResetRequest = Pick<Caller, 'surface' | 'clientAddress' | 'userAgent' | 'requestId' | 'locale'> & { readonly email: string }

const callerOf = ({ email: _, ...facts }: ResetRequest): Caller => ({
  ...facts,
  viewer: null,
  presentsDeadToken: false,
  steppedUp: false,
  registrationOpen: false,
})

/** Turns the entry `id` of the outbox into a reset mail, unless there is no recipient. Counts its share. */
export async function sendReset(domain: Domain, id: string, request: ResetRequest): Promise<void> {
  const mailbox = await findMailbox(domain, request.email)
  if (mailbox === null || mailbox.account.loginDisabled) return
  const { account, address } = mailbox
  const isVerified = address !== account.email || account.emailVerifiedAt !== null
  const life = domain.config.RESET_TOKEN_LIFE
  const asksByUnproven = address !== account.email && account.email !== null && isSameIdentifier(account.email, request.email)
  if (asksByUnproven && account.emailVerifiedAt === null) await warnUnproven(domain, callerOf(request), account)
  await inTransaction(domain.db, async (tx) => {
    const { count } = await tx.outboxEntry.deleteMany({ where: { id } })
    if (count === 0 || !(await takeShares(domain, tx, resetShares(domain, address, isVerified)))) return
    await record(domain, tx, callerOf(request), { type: 'password.reset_requested', userId: account.id, actorId: null })
    const token = await issueMailToken(domain, tx, account.id, 'reset_password', address, life)
    const link = pageLink(domain, 'reset-password', token)
    await queueMail(domain, tx, resetPassword({ ...addressee(domain, account, address), link, life }), life, request.clientAddress)
  })
}
