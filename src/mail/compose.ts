/**
 * From a `Mail` to what nodemailer takes. A mail has one sender, one addressee and one subject, whatever is in them: an
 * address that is not plainly one address cannot be written to, control characters in the subject become spaces. Its
 * Message-ID and date are those of its stamp, so that a second try is the same mail.
 */
import type { SendMailOptions } from 'nodemailer'
import { canBeWrittenTo, type Sender } from '../config/mailAddresses.ts'
import type { Mail, MailStamp } from '../domain/base/ports.ts'

const NOT_FOR_HEADERS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu

/** @throws {Error} when `mail.to` cannot be written to. */
export function compose(mail: Mail, from: Sender, { id, queuedAt }: MailStamp): SendMailOptions {
  if (!canBeWrittenTo(mail.to)) throw new Error('the address cannot be written to')
  return {
    from: { ...from },
    to: { name: '', address: mail.to },
    subject: mail.subject.replace(NOT_FOR_HEADERS, ' '),
    text: mail.text,
    ...(mail.html === undefined ? {} : { html: mail.html }),
    date: queuedAt,
    messageId: `<${id}@${from.address.split('@').at(-1)}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
