/**
 * From a `Mail` to what nodemailer takes. A mail has one sender, one addressee and one subject, whatever is in them: an
 * address that is not plainly one address can not be written to, control characters in the subject become spaces. Its
 * Message-ID and date are those of its stamp, so that a second try is the same mail.
 */
import type { SendMailOptions } from 'nodemailer'
import type { Mail, MailStamp } from '../domain/ports.ts'

const ONE_ADDRESS = /^[^\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>()[\]\\,;:"@]+@[^\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>()\\,;"@]+$/u
const NOT_FOR_HEADERS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu

const senderDomain = (from: string): string => /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost'

/** Whether a text is plainly one address. */
export const canBeWrittenTo = (address: string): boolean => ONE_ADDRESS.test(address)

/** @throws {Error} when `mail.to` can not be written to. */
export function compose(mail: Mail, from: string, { id, queuedAt }: MailStamp): SendMailOptions {
  if (!canBeWrittenTo(mail.to)) throw new Error('the address can not be written to')
  return {
    from,
    to: { name: '', address: mail.to },
    subject: mail.subject.replace(NOT_FOR_HEADERS, ' '),
    text: mail.text,
    ...(mail.html === undefined ? {} : { html: mail.html }),
    date: queuedAt,
    messageId: `<${id}@${senderDomain(from)}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
