/** What this server offers to anybody, for the sign-in page of a front end. All of it can be found out without being asked. No SQL. */
import { type Locale, locales } from '../base/locales.ts'
import type { Domain } from '../frame/domain.ts'

/** The name of a service whose MAIL_FROM has none. */
const UNNAMED = 'Vestibule'

export interface Service {
  /** For people: the display name of MAIL_FROM. */
  readonly name: string
  readonly isRegistrationOpen: boolean
  /** The languages of mails and pages. */
  readonly locales: readonly Locale[]
  readonly defaultLocale: Locale
}

export const serviceOf = ({ config }: Pick<Domain, 'config'>): Service => ({
  name: config.MAIL_FROM.name === '' ? UNNAMED : config.MAIL_FROM.name,
  isRegistrationOpen: config.REGISTRATION === 'open',
  locales,
  defaultLocale: config.DEFAULT_LOCALE,
})
