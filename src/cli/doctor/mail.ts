/** Checks whether mails can be sent: the mail server, its TLS, the login. */
import type { Config } from '../../config.ts'
import { type Check, failed, ok, warning } from './check.ts'

interface SmtpError {
  readonly code?: string
  /** That of the system, such as ECONNREFUSED. */
  readonly originalCode?: string
  readonly command?: string
  readonly responseCode?: number
  readonly syscall?: string
}

const remedyOf = ({ code, command = '', responseCode = 0, syscall }: SmtpError): string => {
  if (code === 'EAUTH' || command.startsWith('AUTH') || responseCode === 535) return 'correct the user and password in SMTP_URL'
  if ((code === 'ETLS' || code === 'ESOCKET') && syscall !== 'connect')
    return 'correct the host and port in SMTP_URL (smtps:// for port 465), and the certificate of the mail server'
  if (code === 'EDNS' || code === 'ENOTFOUND') return 'correct the host in SMTP_URL'
  return 'start the mail server, correct SMTP_URL, or open the firewall; mails wait meanwhile for MAIL_LIFE'
}

export const checkMail = async ({ SMTP_URL, production }: Config): Promise<readonly Check[]> => {
  const name = 'mail'
  if (SMTP_URL === undefined) {
    const found = 'SMTP_URL is not set: each mail becomes a file in DATA_DIR/outbox'
    return [production ? warning(name, found, 'set SMTP_URL, so that people get their mails') : ok(name, found)]
  }
  try {
    const { checkSmtp } = await import('../../mail/checkSmtp.ts')
    const { server, isEncrypted, isSignedIn } = await checkSmtp(SMTP_URL)
    const login = isSignedIn ? 'the login is accepted' : 'without a login'
    if (isEncrypted) return [ok(name, `${server} answers over TLS, ${login}`)]
    return /^(localhost|127\.[\d.]+|\[?::1\]?):\d+$/.test(server)
      ? [ok(name, `${server} answers on this machine, ${login}`)]
      : [
          warning(
            name,
            `${server} answers without TLS, ${login}`,
            'use smtps://, or a mail server with STARTTLS: mails contain links that sign in',
          ),
        ]
  } catch (error) {
    const failure = error as SmtpError
    // Not the text of the server's answer, which may repeat the user.
    const reason = [failure.originalCode ?? failure.code ?? 'unknown', failure.responseCode, failure.command]
      .filter((part) => part !== undefined)
      .join(' ')
    return [failed(name, `the mail server cannot be used: ${reason}`, remedyOf(failure))]
  }
}
