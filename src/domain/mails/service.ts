/** The name of this server in its mails. */
import type { Config } from '../../config.ts'

/** The display name of the sender, or else the host of PUBLIC_URL. */
export const serviceName = ({ MAIL_FROM, PUBLIC_URL }: Pick<Config, 'MAIL_FROM' | 'PUBLIC_URL'>): string =>
  MAIL_FROM.name === '' ? new URL(PUBLIC_URL).host : MAIL_FROM.name
