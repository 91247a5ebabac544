/** Looks whether mails could be sent through SMTP_URL: connects, starts TLS, signs in, and leaves without sending. */
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { STEP_TIMEOUT } from './smtp.ts'

export interface SmtpState {
  /** Host and port. */
  readonly server: string
  readonly isEncrypted: boolean
  /** Whether a user and password were accepted; false if SMTP_URL has none. */
  readonly isSignedIn: boolean
}

type Step = (done: (error?: Error | null) => void) => void

const waitFor = (connection: SMTPConnection, step: Step): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.once('error', reject)
    step((error) => {
      connection.off('error', reject)
      if (error) reject(error)
      else resolve()
    })
  })

/** @throws what nodemailer does, with `code`, `responseCode` and `command`; the message may contain the answer of the server */
export async function checkSmtp(url: string): Promise<SmtpState> {
  const options = parseConnectionUrl(url)
  const timeouts = { connectionTimeout: STEP_TIMEOUT, greetingTimeout: STEP_TIMEOUT, socketTimeout: STEP_TIMEOUT, dnsTimeout: STEP_TIMEOUT }
  const connection = new SMTPConnection({ ...options, ...timeouts })
  try {
    await waitFor(connection, (done) => connection.connect(done))
    const { auth } = options
    if (auth !== undefined) await waitFor(connection, (done) => connection.login(auth, done))
    const isEncrypted = connection.secure
    connection.quit()
    return { server: `${options.host}:${connection.port}`, isEncrypted, isSignedIn: auth !== undefined }
  } finally {
    connection.on('error', () => undefined)
    setTimeout(() => connection.close(), 1_000).unref()
  }
}
