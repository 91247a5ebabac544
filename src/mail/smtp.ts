/**
 * Delivers to the mail server of SMTP_URL over a few kept connections: one attempt per call, within DELIVERY_LIMIT. The outbox
 * decides about further attempts (`src/domain/outbox`).
 *
 * An answer about the recipient or the message concerns only this mail: 5xx is permanent, 4xx temporary (RFC 5321, 4.2.1). Any
 * other problem (no connection, a time-out, a refused login or sender) concerns the server, and so all mails.
 */
import nodemailer, { type SendMailOptions } from 'nodemailer'
import type { Delivery } from '../domain/base/ports.ts'

/** For connecting, the greeting, and each answer, in ms. */
export const STEP_TIMEOUT = 10_000
const DELIVERY_LIMIT = 60_000

export interface Smtp {
  send(options: SendMailOptions): Promise<Delivery>
  close(): void
}

interface SmtpError {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
}

const isOfThisMail = ({ command, responseCode = 0 }: SmtpError): boolean =>
  (command === 'RCPT TO' || command === 'DATA') && responseCode >= 400 && responseCode !== 421

/** Only codes: the text of a server's answer may contain the address. */
const whatFailed = (error: unknown): Delivery => {
  const failure = error as SmtpError
  const { code = 'unknown', responseCode } = failure
  const reason = responseCode === undefined ? code : `${code} ${responseCode}`
  if (!isOfThisMail(failure)) return { outcome: 'unavailable', reason }
  return { outcome: (responseCode ?? 0) >= 500 ? 'refused' : 'deferred', reason }
}

export function createSmtp(url: string): Smtp {
  const timeouts = { connectionTimeout: STEP_TIMEOUT, greetingTimeout: STEP_TIMEOUT, socketTimeout: STEP_TIMEOUT, dnsTimeout: STEP_TIMEOUT }
  const transporter = nodemailer.createTransport({ url, pool: true, maxConnections: 4, maxRequeues: 1, ...timeouts })
  return {
    async send(options) {
      const limited = { ...options, signal: AbortSignal.timeout(DELIVERY_LIMIT) }
      return await transporter.sendMail(limited).then((): Delivery => ({ outcome: 'delivered' }), whatFailed)
    },
    close: () => transporter.close(),
  }
}
