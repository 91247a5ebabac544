/**
 * Delivers mail through SMTP_URL, or into files without it: one attempt per call, whose outcome is returned. The log names a sent
 * mail by its subject or file, never its content or recipient.
 */
import { canBeWrittenTo } from '../config/mailAddresses.ts'
import type { Config } from '../config.ts'
import type { Deliver, Delivery, Log } from '../domain/base/ports.ts'
import { compose } from './compose.ts'
import { createFiles } from './files.ts'
import { createSmtp } from './smtp.ts'

export interface Mailer {
  readonly deliver: Deliver
  /** Closes the idle connections. */
  close(): void
}

const toFiles = (config: Config, dataDir: string, log: Log): Mailer => {
  const write = createFiles(dataDir, config.MAIL_FILES)
  const deliver: Deliver = async (mail, stamp) => {
    try {
      const file = await write(compose(mail, config.MAIL_FROM, stamp), stamp)
      log.info({ file }, 'mail written to a file, as SMTP_URL is not set')
      return { outcome: 'delivered' }
    } catch (error) {
      return { outcome: 'unavailable', reason: (error as NodeJS.ErrnoException).code ?? 'unknown' }
    }
  }
  return { deliver, close: () => undefined }
}

const throughSmtp = (config: Config, url: string, log: Log): Mailer => {
  const smtp = createSmtp(url)
  const deliver: Deliver = async (mail, stamp) => {
    const delivery = await smtp.send(compose(mail, config.MAIL_FROM, stamp))
    if (delivery.outcome === 'delivered') log.info({ subject: mail.subject }, 'mail handed to the mail server')
    return delivery
  }
  return { deliver, close: smtp.close }
}

const UNREACHABLE: Delivery = { outcome: 'refused', reason: 'the address cannot be written to' }

export function createMailer({ config, dataDir, log }: { config: Config; dataDir: string; log: Log }): Mailer {
  const { deliver, close } = config.SMTP_URL === undefined ? toFiles(config, dataDir, log) : throughSmtp(config, config.SMTP_URL, log)
  return { deliver: async (mail, stamp) => (canBeWrittenTo(mail.to) ? await deliver(mail, stamp) : UNREACHABLE), close }
}
