/**
 * The way out for mail: through SMTP_URL, or into files when there is none. `send` returns at once; how it went is in the
 * log, without the mail's content or addressee. At most 1,000 mails are under way; beyond, a mail is dropped and logged.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from '../config.ts'
import type { Log, Mail, SendMail } from '../domain/ports.ts'
import { compose } from './compose.ts'
import { createOutbox } from './outbox.ts'
import { createSmtp } from './smtp.ts'

export interface Mailer {
  readonly send: SendMail
  /** Waits for what is under way, for up to 5 s. */
  close(): Promise<void>
}

const AT_MOST_UNDER_WAY = 1_000
const PATIENCE_MS = 5_000

const reason = (error: unknown) => {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message?: string }
  return { reason: code ?? message, ...(responseCode === undefined ? {} : { reply: responseCode }) }
}

type Deliver = (mail: Mail, log: Log) => Promise<void>

const toFiles = (config: Config, dataDir: string): Deliver => {
  const write = createOutbox(dataDir)
  return async (mail, log) => {
    const date = new Date()
    const file = await write(compose(mail, config.MAIL_FROM, date), date)
    log.info({ file }, 'mail written to a file, as SMTP_URL is not set')
  }
}

const throughSmtp =
  (config: Config, smtp: ReturnType<typeof createSmtp>): Deliver =>
  async (mail, log) => {
    await smtp.send(compose(mail, config.MAIL_FROM, new Date()))
    log.info({ subject: mail.subject }, 'mail handed to the mail server')
  }

export function createMailer({
  config,
  dataDir,
  log,
  retryDelays,
}: {
  config: Config
  dataDir: string
  log: Log
  retryDelays?: readonly number[]
}): Mailer {
  const smtp = config.SMTP_URL === undefined ? undefined : createSmtp(config.SMTP_URL, retryDelays)
  const deliver = smtp === undefined ? toFiles(config, dataDir) : throughSmtp(config, smtp)
  const underWay = new Set<Promise<void>>()

  const send = (mail: Mail): void => {
    if (underWay.size >= AT_MOST_UNDER_WAY) {
      log.error({ subject: mail.subject }, 'mail dropped: too many are under way')
      return
    }
    const delivery = deliver(mail, log)
      .catch((error: unknown) => log.error({ subject: mail.subject, ...reason(error) }, 'mail could not be delivered'))
      .finally(() => underWay.delete(delivery))
    underWay.add(delivery)
  }

  const close = async (): Promise<void> => {
    const patience = new AbortController()
    await Promise.race([Promise.all(underWay), delay(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined)])
    patience.abort()
    if (underWay.size > 0) log.error({ mails: underWay.size }, 'mails were not delivered before the end')
    smtp?.close()
  }

  return { send, close }
}
