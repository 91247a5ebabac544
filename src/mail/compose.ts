/**
 * From a `Mail` to what nodemailer takes. A mail has one sender, one addressee and one subject, whatever is in them: an
 * address that is not plainly one address is refused, control characters in the subject become spaces.
 */
import { randomUUID } from 'node:crypto'
import type { SendMailOptions } from 'nodemailer'
import type { Mail } from '../domain/ports.ts'

const ONE_ADDRESS = /^[^\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>()[\]\\,;:"@]+@[^\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>()\\,;"@]+$/u
const NOT_FOR_HEADERS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu

const senderDomain = (from: string): string => /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost'

/** @throws {Error} when `mail.to` is not plainly one address. */
export function compose(mail: Mail, from: string, date: Date): SendMailOptions {
  if (!ONE_ADDRESS.test(mail.to)) throw new Error('the address can not be written to')
  return {
    from,
    to: { name: '', address: mail.to },
    subject: mail.subject.replace(NOT_FOR_HEADERS, ' '),
    text: mail.text,
    ...(mail.html === undefined ? {} : { html: mail.html }),
    date,
    messageId: `<${randomUUID()}@${senderDomain(from)}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
