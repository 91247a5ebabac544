/**
 * All texts of the pages in one language: constants for the HTML and the script. `{reason}` stands for the server's message, which
 * is English; a translation may leave it out.
 */
export interface PageTexts {
  readonly needsScript: string
  readonly wait: string
  /** The link has no token. */
  readonly incomplete: string
  readonly failed: string
  readonly unreachable: string
  /** A failure that is not in the next table. */
  readonly refused: string
  /** The link to the front end at the end of a page. */
  readonly onward: string
  /** By the code of the failure. */
  readonly failures: {
    readonly INVALID_MAIL_TOKEN: string
    readonly EMAIL_TAKEN: string
    readonly EMAIL_ALREADY_VERIFIED: string
    readonly ACCOUNT_DISABLED: string
    readonly TOO_MANY_REQUESTS: string
    readonly OVERLOADED: string
  }
  /** The field for a new password. */
  readonly password: {
    readonly label: string
    readonly hint: string
    readonly show: string
    readonly hide: string
    readonly showPassword: string
    readonly hidePassword: string
    readonly empty: string
    /** The server refused the password. */
    readonly refused: string
  }
  /** The form that requests a new reset link. */
  readonly again: {
    readonly prompt: string
    readonly label: string
    readonly submit: string
    readonly empty: string
    readonly done: string
  }
  readonly resetPassword: ActionTexts
  readonly confirmEmail: ActionTexts & { readonly prompt: string }
  readonly disownEmail: ActionTexts & { readonly prompt: string }
  readonly undoChange: ActionTexts & { readonly prompt: string }
}

export interface ActionTexts {
  readonly title: string
  readonly submit: string
  readonly done: string
  /** The link is invalid, and what to do. */
  readonly dead: string
}

/** The pages, each with its part of the texts. */
export type PageName = 'resetPassword' | 'confirmEmail' | 'disownEmail' | 'undoChange'
