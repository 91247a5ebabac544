/**
 * Every mail that there is, and what it has to say. The names are those of the functions in `templates.ts`; every language has
 * words for each of them.
 */
import type { Surface } from '../base/surfaces.ts'

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

/** A link that puts the account back to what it was; where there is none, the change was proven, or the mail goes to another address. */
interface Undoable {
  readonly undo?: MailedLink
}

export interface MailFacts {
  readonly resetPassword: MailedLink
  /** To a new address that waits to replace the old one. */
  readonly confirmEmail: MailedLink & Partial<MailedCode>
  /** To the address that the account has; `disownLink` is for who did not make the account. */
  readonly verifyEmail: MailedLink & MailedCode & { readonly disownLink: string }
  /** To the old address; with an undo link, resets go there for `hold` milliseconds. */
  readonly emailChanged: Undoable & { readonly newAddress: string; readonly hold: number }
  /** Everything is as it was before a change. */
  readonly changeUndone: object
  readonly passwordChanged: object
  /** After a reset that was asked for by mail; `cleaned`: the address was never proven before. */
  readonly passwordReset: { readonly cleaned: boolean }
  readonly twoFactorEnabled: Undoable
  readonly twoFactorDisabled: Undoable
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
