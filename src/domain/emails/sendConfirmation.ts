/**
 * The mail that asks whether an address is its owner's: a link, and a code for who is signed in. Each newer mail kills the
 * code of the older one; links to the same address go on side by side, as people open whichever mail comes first.
 */

import type { Account } from '../accounts/account.ts'
import type { Caller } from '../frame/caller.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { addressee } from '../mails/notices.ts'
import { confirmEmail, verifyEmail } from '../mails/templates.ts'
import { dropMailCode, type MailCode } from '../mailTokens/codes.ts'
import { issueMailToken, pageLink } from '../mailTokens/mailTokens.ts'
import { queueMail } from '../outbox/queue.ts'

/**
 * Queues the mail to `address`; hold the account's row. `confirm_email`: an address that the account is to move to. `verify_email`: the
 * one that it has, with a link for who did not make the account.
 */
export async function sendConfirmation(
  domain: Domain,
  tx: Tx,
  { clientAddress }: Caller,
  account: Account,
  purpose: 'confirm_email' | 'verify_email',
  address: string,
  { code, hash }: MailCode,
): Promise<void> {
  const { CONFIRM_EMAIL_LIFE: life, EMAIL_CODE_LIFE: codeLife } = domain.config
  await dropMailCode(tx, account.id)
  const token = await issueMailToken(domain, tx, account.id, purpose, address, life, { hash, expiresAt: later(domain, codeLife) })
  const facts = {
    link: pageLink(domain, 'confirm-email', token),
    life,
    code,
    codeLife,
  }
  const mail = { ...addressee(domain, account, address), ...facts }
  const disownLink = pageLink(domain, 'disown-email', token)
  const rendered = purpose === 'confirm_email' ? confirmEmail(mail) : verifyEmail({ ...mail, disownLink })
  await queueMail(domain, tx, rendered, life, clientAddress)
}
