/**
 * Every mail that there is, and what it has to say. The names are those of the functions in `templates.ts`; every language has
 * words for each of them.
 */
import type { Surface } from '../surfaces.ts'

/** A link of ours that works once, for `life` milliseconds. */
interface MailedLink {
  readonly link: string
  readonly life: number
}

/** Digits to type in instead of following the link, for `codeLife` milliseconds. */
interface MailedCode {
  readonly code: string
  readonly codeLife: number
}

export interface MailFacts {
  readonly resetPassword: MailedLink
  /** To a new address that waits to replace the old one. */
  readonly confirmEmail: MailedLink & Partial<MailedCode>
  /** To the address that the account has. */
  readonly verifyEmail: MailedLink & MailedCode
  /** To the old address. */
  readonly emailChanged: { readonly newAddress: string }
  readonly passwordChanged: object
  /** After a reset that was asked for by mail. */
  readonly passwordReset: object
  readonly twoFactorEnabled: object
  readonly twoFactorDisabled: object
  readonly recoveryCodesRegenerated: object
  readonly recoveryCodeUsed: { readonly left: number }
  readonly newDevice: {
    readonly at: Date
    readonly clientAddress: string
    readonly userAgent: string | null
    readonly surface: Surface
  }
  readonly personalAccessTokenCreated: { readonly tokenName: string; readonly expiresAt: Date }
  /** Notices that were too many for one mail each. */
  readonly digest: { readonly happenings: readonly Happening[] }
}

export type MailName = keyof MailFacts

/** The mails that nobody asked for: they tell the owner of an account what happened to it. */
export type NoticeName = Exclude<MailName, 'resetPassword' | 'confirmEmail' | 'verifyEmail' | 'digest'>

/** What happened so many times, and when for the first and the last time. */
export interface Happening {
  readonly name: NoticeName
  readonly times: number
  readonly firstAt: Date
  readonly lastAt: Date
}
