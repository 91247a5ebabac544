/**
 * Converts a `Mail` to nodemailer's form. A mail has exactly one sender, recipient and subject, whatever they contain: an address
 * that is not exactly one address is refused, and control characters in the subject become spaces. Message-ID and date come from
 * its stamp, so a second attempt sends the same mail.
 */
import type { SendMailOptions } from 'nodemailer'
import { canBeWrittenTo, type Sender } from '../config/mailAddresses.ts'
import type { Mail, MailStamp } from '../domain/base/ports.ts'

const NOT_FOR_HEADERS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu

/** @throws {Error} if `mail.to` is not a valid address */
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
