/**
 * The mail that asks the reader to confirm an address: a link, and a code for a signed-in user. A newer mail invalidates the code
 * of the older one. Links to the same address stay valid side by side, because people open whichever mail arrives first.
 */

import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { addressee } from '../mails/notices.ts'
import { confirmEmail, verifyEmail } from '../mails/templates.ts'
import { dropMailCode, type MailCode } from '../mailTokens/codes.ts'
import { issueMailToken, pageLink } from '../mailTokens/mailTokens.ts'
import { queueMail } from '../outbox/queue.ts'

/**
 * Queues the mail to `address`; the account's row must be locked. `confirm_email`: the new address of a pending change.
 * `verify_email`: the present address; the mail also has a link for a reader who did not create the account.
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
