/**
 * The mails, as plain text. Pure: facts in, a `Mail` out.
 *
 * Each says what happened, what to do, and what to do if it was not you. Subjects hold nothing that a user wrote.
 */
import type { Mail } from '../ports.ts'
import type { Surface } from '../surfaces.ts'
import { greeting } from './greeting.ts'

export interface Addressee {
  readonly to: string
  readonly name: string
}

const mail = ({ to, name }: Addressee, subject: string, ...paragraphs: string[]): Mail => ({
  to,
  subject,
  text: `${[greeting(name), ...paragraphs].join('\n\n')}\n`,
})

/** `n***@example.com`: enough to know one's own address again, too little to learn another's. */
const masked = (address: string): string => {
  const at = address.lastIndexOf('@')
  return at < 1 ? '***' : `${[...address][0]}***${address.slice(at)}`
}

const IF_NOT_YOU = 'If this was not you, somebody else may be using your account: reset your password now, and tell an administrator.'

export const resetPassword = ({ link, life, ...addressee }: Addressee & { link: string; life: string }): Mail =>
  mail(
    addressee,
    'Reset your password',
    'Somebody, most likely you, asked to reset the password of your account. To choose a new one, open this link:',
    link,
    `It works once, for ${life}.`,
    'If this was not you, you need not do anything: your password stays as it is.',
  )

interface Confirmation extends Addressee {
  readonly link: string
  readonly life: string
  /** Six digits, and how long they work. */
  readonly code: string
  readonly codeLife: string
}

const confirmation = ({ link, life, code, codeLife, ...addressee }: Confirmation, subject: string, ask: string): Mail =>
  mail(
    addressee,
    subject,
    ask,
    link,
    `It works once, for ${life}.`,
    `Where you are signed in, you can type this code instead. It works once, for ${codeLife}:`,
    code,
    'If you do not have an account with us, you need not do anything.',
  )

/** Goes to the address that an account is to move to. */
export const confirmEmail = (given: Confirmation): Mail =>
  confirmation(given, 'Confirm your new e-mail address', 'To use this e-mail address for your account from now on, open this link:')

/** Goes to the address that an account has. */
export const verifyEmail = (given: Confirmation): Mail =>
  confirmation(given, 'Confirm your e-mail address', 'To confirm that this is your e-mail address, open this link:')

/** Goes to the old address. */
export const emailChanged = ({ newAddress, ...addressee }: Addressee & { newAddress: string }): Mail =>
  mail(
    addressee,
    'Your e-mail address was changed',
    `The e-mail address of your account is now ${masked(newAddress)}. This address is no longer used for it.`,
    'If this was not you, somebody else may be using your account: tell an administrator now. A password reset would go to the new address.',
  )

export const passwordChanged = (addressee: Addressee): Mail =>
  mail(addressee, 'Your password was changed', 'The password of your account was changed, and all other sessions were ended.', IF_NOT_YOU)

/** After a sign-in from a device that the account was not seen with. `userAgent` is of `programOf`. */
export const newDevice = ({
  at,
  clientAddress,
  userAgent,
  surface,
  ...addressee
}: Addressee & { at: Date; clientAddress: string; userAgent: string | null; surface: Surface }): Mail =>
  mail(
    addressee,
    'A new sign-in to your account',
    'Somebody, most likely you, signed in to your account from a device or a network that we have not seen with it before:',
    [
      `Time: ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      `Address: ${clientAddress}`,
      `Program: ${userAgent ?? 'unknown'}`,
      `Through: ${surface}`,
    ].join('\n'),
    IF_NOT_YOU,
  )

export const recoveryCodeUsed = ({ left, ...addressee }: Addressee & { left: number }): Mail =>
  mail(
    addressee,
    'A recovery code was used',
    `A recovery code took the place of your authenticator app. You have ${left} of them left; each works once.`,
    IF_NOT_YOU,
  )

/** After a reset that was asked for by mail. */
export const passwordReset = (addressee: Addressee): Mail =>
  mail(
    addressee,
    'Your password was reset',
    'The password of your account was reset with a link from a mail, and all sessions were ended. You can sign in with the new password.',
    IF_NOT_YOU,
  )

export const twoFactorEnabled = (addressee: Addressee): Mail =>
  mail(
    addressee,
    'Two-factor authentication is on',
    'From now on, signing in to your account needs a code from your authenticator app as well. Keep your recovery codes in a safe place: they are the way in if you lose the app.',
    IF_NOT_YOU,
  )

export const twoFactorDisabled = (addressee: Addressee): Mail =>
  mail(addressee, 'Two-factor authentication is off', 'From now on, your password alone is enough to sign in to your account.', IF_NOT_YOU)
