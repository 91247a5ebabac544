/**
 * All mails, and the facts that each contains. The names are those of the functions in `templates.ts`; every language has texts for
 * each.
 */
import type { Surface } from '../base/surfaces.ts'

/** A link that works once, for `life` milliseconds. */
interface MailedLink {
  readonly link: string
  readonly life: number
}

/** A code to type in instead of following the link, valid for `codeLife` milliseconds. */
interface MailedCode {
  readonly code: string
  readonly codeLife: number
}

/** A link that undoes the change; absent if the change needed a proof, or if the mail goes to another address. */
interface Undoable {
  readonly undo?: MailedLink
}

export interface MailFacts {
  readonly resetPassword: MailedLink
  /** To the address of an account that somebody else created. */
  readonly invitation: MailedLink
  /** To a new address that waits to replace the old one. */
  readonly confirmEmail: MailedLink & Partial<MailedCode>
  /** To the present address; `disownLink` is for a reader who did not create the account. */
  readonly verifyEmail: MailedLink & MailedCode & { readonly disownLink: string }
  /** To the old address; with an undo link, resets go there for `hold` milliseconds. */
  readonly emailChanged: Undoable & { readonly newAddress: string; readonly hold: number }
  /** By its owner. */
  readonly accountDeleted: object
  /** A change was undone. */
  readonly changeUndone: object
  readonly passwordChanged: object
  /** After a reset by mail; `cleaned`: the address had never been verified before. */
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

/** The notices: mails that nobody requested, about what happened to an account. */
export type NoticeName = Exclude<MailName, 'resetPassword' | 'invitation' | 'confirmEmail' | 'verifyEmail' | 'digest'>

/** How often something happened, and when first and last. */
export interface Happening {
  readonly name: NoticeName
  readonly times: number
  readonly firstAt: Date
  readonly lastAt: Date
}
