/** The mails in English. Each says what happened, what to do, and what to do if it was not you. */
import { inUnits } from '../amounts.ts'
import { type Block, type MailLanguage, type Phrase, say, words } from '../content.ts'
import type { Happening, NoticeName } from '../mailFacts.ts'
import { surfaceNames } from '../surfaceNames.ts'

const plurals = new Intl.PluralRules('en')
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' })

const counted = (count: number, noun: string): string => `${count} ${noun}${plurals.select(count) === 'one' ? '' : 's'}`
const span = (milliseconds: number): Phrase => {
  const { count, unit } = inUnits(milliseconds)
  return words(counted(count, unit))
}
const instant = (at: Date): Phrase => words(`${date.format(at)}, ${time.format(at)} UTC`)

const IF_NOT_YOU = words(
  'If this was not you, somebody else may be using your account: reset your password now, and tell an administrator.',
)
const noAccount = (service: string): Phrase => say`If you do not have an account at ${service}, you need not do anything.`
const OPEN_TO_CONFIRM = words('To confirm that this is your e-mail address, open this link:')
const CONFIRM = 'Confirm e-mail address'
const TYPE_CODE = words('Or type this code where you are asked for it:')
const lives = (life: number, codeLife: number): Phrase =>
  say`The link works once, for ${span(life)}. The code works once, for ${span(codeLife)}.`

const undoing = (undo: { link: string; life: number } | undefined): Block[] =>
  undo === undefined
    ? [IF_NOT_YOU]
    : [
        words(
          'If this was not you, open this link. It restores your previous address and second factor, ends all sessions, and lets you choose a new password:',
        ),
        { link: undo.link, label: 'Undo the change' },
        say`It works once, for ${span(undo.life)}. If you have several such mails, use the oldest.`,
      ]

const codesLeft = (left: number): Phrase =>
  left === 0
    ? words('You have no recovery codes left: make new ones now.')
    : words(`You have ${counted(left, 'recovery code')} left. You can make new ones at any time.`)

/** The name of each kind of notice in the digest. */
const HAPPENINGS: Readonly<Record<NoticeName, string>> = {
  accountDeleted: 'Account deleted',
  changeUndone: 'Change undone by a link from a mail',
  emailChanged: 'E-mail address changed',
  passwordChanged: 'Password changed',
  passwordReset: 'Password reset by mail',
  twoFactorEnabled: 'Two-factor authentication turned on',
  twoFactorDisabled: 'Two-factor authentication turned off',
  recoveryCodesRegenerated: 'New recovery codes made',
  recoveryCodeUsed: 'Recovery code used',
  newDevice: 'Sign-in from a new device or network',
  personalAccessTokenCreated: 'Personal access token made',
}
const happened = ({ times, firstAt, lastAt }: Happening): Phrase =>
  times === 1 ? say`once, ${instant(firstAt)}` : say`${words(String(times))} times, from ${instant(firstAt)} to ${instant(lastAt)}`

export const en: MailLanguage = {
  greeting: (name) => (name === null ? words('Hello,') : say`Hello ${name},`),
  mails: {
    resetPassword: ({ link, life, service }) => ({
      subject: 'Reset your password',
      blocks: [
        say`Somebody, most likely you, asked to reset the password of your account at ${service}. To choose a new one, open this link:`,
        { link, label: 'Choose a new password' },
        say`It works once, for ${span(life)}.`,
        words('If this was not you, you need not do anything: your password stays as it is.'),
      ],
    }),
    invitation: ({ link, life, service }) => ({
      subject: 'You are invited',
      blocks: [
        say`An account at ${service} was made for you. To choose its password, open this link:`,
        { link, label: 'Choose a password' },
        say`It works once, for ${span(life)}.`,
        words('If you do not expect this, you need not do anything: nobody can sign in to the account without a password.'),
      ],
    }),
    confirmEmail: ({ link, life, code, codeLife, service }) => ({
      subject: 'Confirm your e-mail address',
      blocks: [
        OPEN_TO_CONFIRM,
        { link, label: CONFIRM },
        ...(code === undefined || codeLife === undefined
          ? [say`It works once, for ${span(life)}.`]
          : [TYPE_CODE, { code }, lives(life, codeLife)]),
        noAccount(service),
      ],
    }),
    verifyEmail: ({ link, life, code, codeLife, disownLink, service }) => ({
      subject: 'Verify your e-mail address',
      blocks: [
        OPEN_TO_CONFIRM,
        { link, label: CONFIRM },
        TYPE_CODE,
        { code },
        lives(life, codeLife),
        say`If you do not have an account at ${service}, somebody else made one with your address. This link removes your address from it:`,
        { link: disownLink, label: 'It was not me' },
      ],
    }),
    emailChanged: ({ newAddress, undo, hold }) => ({
      subject: 'Your e-mail address was changed',
      blocks: [
        say`The e-mail address of your account is now ${newAddress}. This address is no longer used for it.`,
        ...(undo === undefined
          ? [
              words(
                'If this was not you, somebody else may be using your account: tell an administrator now. A password reset would go to the new address.',
              ),
            ]
          : [...undoing(undo), say`For ${span(hold)} from now on, a password reset still goes to this address.`]),
      ],
    }),
    accountDeleted: ({ service }) => ({
      subject: 'Your account was deleted',
      blocks: [
        say`Your account at ${service} was deleted with all its data, as you asked for with your password. This cannot be undone, and no further mail about it follows.`,
        words('If this was not you, somebody else knew your password: tell an administrator, and change it wherever else you use it.'),
      ],
    }),
    changeUndone: () => ({
      subject: 'A change to your account was undone',
      blocks: [
        words(
          'A change to your account was undone with a link from a mail. Your address and your second factor are as they were before the change. All sessions and all personal access tokens were ended. You can sign in with the new password.',
        ),
        IF_NOT_YOU,
      ],
    }),
    passwordChanged: () => ({
      subject: 'Your password was changed',
      blocks: [
        words('The password of your account was changed. All other sessions and all personal access tokens were ended.'),
        IF_NOT_YOU,
      ],
    }),
    passwordReset: ({ cleaned }) => ({
      subject: 'Your password was reset',
      blocks: [
        words(
          'The password of your account was reset with a link from a mail. All sessions and all personal access tokens were ended. You can sign in with the new password.',
        ),
        ...(cleaned
          ? [
              words(
                'This address was confirmed for the first time. So that nobody else keeps access, two-factor authentication and its recovery codes were removed from the account, and pending changes were dropped. You can turn two-factor authentication on again.',
              ),
            ]
          : []),
        IF_NOT_YOU,
      ],
    }),
    twoFactorEnabled: ({ undo }) => ({
      subject: 'Two-factor authentication is on',
      blocks: [
        words(
          'From now on, signing in to your account also needs a code from your authenticator app. Keep your recovery codes in a safe place: they are the way in if you lose the app.',
        ),
        ...undoing(undo),
      ],
    }),
    twoFactorDisabled: ({ undo }) => ({
      subject: 'Two-factor authentication is off',
      blocks: [words('From now on, your password alone is enough to sign in to your account.'), ...undoing(undo)],
    }),
    recoveryCodesRegenerated: () => ({
      subject: 'You have new recovery codes',
      blocks: [words('New recovery codes were made for your account. The old ones do not work any more.'), IF_NOT_YOU],
    }),
    recoveryCodeUsed: ({ left }) => ({
      subject: 'A recovery code was used',
      blocks: [words('One of the recovery codes of your account was used. It does not work again.'), codesLeft(left), IF_NOT_YOU],
    }),
    newDevice: ({ at, clientAddress, userAgent, surface }) => ({
      subject: 'New sign-in to your account',
      blocks: [
        words('Somebody, most likely you, signed in to your account from a device or a network that we have not seen before:'),
        {
          details: [
            ['Time', instant(at)],
            ['Address', say`${clientAddress}`],
            ['Program', userAgent === null ? words('unknown') : say`${userAgent}`],
            ['Through', say`${surfaceNames[surface]}`],
          ],
        },
        IF_NOT_YOU,
      ],
    }),
    personalAccessTokenCreated: ({ tokenName, expiresAt }) => ({
      subject: 'A personal access token was made',
      blocks: [
        words('A personal access token was made for your account. Whoever holds it can use your account without signing in.'),
        {
          details: [
            ['Name', say`${tokenName}`],
            ['Works until', instant(expiresAt)],
          ],
        },
        words(
          'If this was not you, somebody else may be using your account: revoke the token and reset your password now, and tell an administrator.',
        ),
      ],
    }),
    digest: ({ happenings }) => ({
      subject: 'What happened to your account',
      blocks: [
        words('More happened to your account within an hour than we send separate mails about. This is the rest:'),
        { details: happenings.map((happening) => [HAPPENINGS[happening.name], happened(happening)] as const) },
        IF_NOT_YOU,
      ],
    }),
  },
  closing: ({ service }) => say`This mail was sent by ${service}.`,
}
