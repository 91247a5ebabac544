/**
 * Delivery to the mail server of SMTP_URL, over a few kept connections. What may pass (no connection, a time-out, a 4xx of
 * the server) is tried again, three times in all; what will not (a 5xx, a refused sign-in) is not.
 *
 * The tries live in memory: mails under way are lost with the process. A try whose answer was lost may deliver twice, under
 * one Message-ID.
 */
import { setTimeout as delay } from 'node:timers/promises'
import nodemailer, { type SendMailOptions } from 'nodemailer'

const STEP_TIMEOUT_MS = 10_000
export const RETRY_DELAYS_MS: readonly number[] = [1_000, 5_000]

export interface Smtp {
  send(options: SendMailOptions): Promise<void>
  close(): void
}

const isPermanent = (error: unknown): boolean => {
  const { responseCode, code } = error as { responseCode?: number; code?: string }
  return responseCode === undefined ? code === 'EAUTH' || code === 'EENVELOPE' : responseCode >= 500
}

export function createSmtp(url: string, retryDelays: readonly number[] = RETRY_DELAYS_MS): Smtp {
  const timeouts = {
    connectionTimeout: STEP_TIMEOUT_MS,
    greetingTimeout: STEP_TIMEOUT_MS,
    socketTimeout: STEP_TIMEOUT_MS,
    dnsTimeout: STEP_TIMEOUT_MS,
  }
  const transporter = nodemailer.createTransport({ url, pool: true, maxConnections: 3, ...timeouts })
  const attempt = async (options: SendMailOptions, tried: number): Promise<void> => {
    try {
      await transporter.sendMail(options)
    } catch (error) {
      const wait = retryDelays[tried]
      if (wait === undefined || isPermanent(error)) throw error
      await delay(wait)
      await attempt(options, tried + 1)
    }
  }
  return { send: (options) => attempt(options, 0), close: () => transporter.close() }
}
