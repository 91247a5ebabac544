/**
 * The mails, one function each: from facts to a `Mail` with text and HTML, in the language of the account. Pure functions. Other
 * people's words are made safe here, before the texts of a language see them. To add a mail, add it to `mailFacts.ts`; the compiler
 * then asks for its texts.
 */
import { type Locale, toLocale } from '../base/locales.ts'
import type { Mail } from '../base/ports.ts'
import type { MailLanguage } from './content.ts'
import { masked, withoutLinks } from './foreign.ts'
import { nameToGreet, tokenNameToSay } from './greeting.ts'
import { ar } from './locales/ar.ts'
import { en } from './locales/en.ts'
import type { MailFacts, MailName } from './mailFacts.ts'
import { render } from './render.ts'

/** The recipient of a mail. `locale` is the value in the account's row. */
export interface Addressee {
  readonly to: string
  readonly name: string
  readonly locale: string
  /** The name of the server that sends it. */
  readonly service: string
}

const languages: Readonly<Record<Locale, MailLanguage>> = { en, ar }

type Template<Name extends MailName> = (mail: Addressee & MailFacts[Name]) => Mail

const template =
  <Name extends MailName>(name: Name): Template<Name> =>
  (mail) => {
    const locale = toLocale(mail.locale)
    const { greeting, mails, closing } = languages[locale]
    const { subject, blocks } = mails[name](mail)
    return render({ to: mail.to, locale, subject, blocks: [greeting(nameToGreet(mail.name)), ...blocks, closing(mail)] })
  }

export const resetPassword = template('resetPassword')
export const invitation = template('invitation')
export const confirmEmail = template('confirmEmail')
export const verifyEmail = template('verifyEmail')
export const accountDeleted = template('accountDeleted')
export const changeUndone = template('changeUndone')
export const passwordChanged = template('passwordChanged')
export const passwordReset = template('passwordReset')
export const twoFactorEnabled = template('twoFactorEnabled')
export const twoFactorDisabled = template('twoFactorDisabled')
export const recoveryCodesRegenerated = template('recoveryCodesRegenerated')
export const recoveryCodeUsed = template('recoveryCodeUsed')
export const digest = template('digest')

const changed = template('emailChanged')
export const emailChanged: Template<'emailChanged'> = (mail) => changed({ ...mail, newAddress: masked(mail.newAddress) })

const seen = template('newDevice')
export const newDevice: Template<'newDevice'> = (mail) =>
  seen({
    ...mail,
    clientAddress: mail.clientAddress.replace(/%.*/s, ''),
    userAgent: mail.userAgent === null ? null : withoutLinks(mail.userAgent),
  })

const tokenMade = template('personalAccessTokenCreated')
export const personalAccessTokenCreated: Template<'personalAccessTokenCreated'> = (mail) =>
  tokenMade({ ...mail, tokenName: tokenNameToSay(mail.tokenName) })
