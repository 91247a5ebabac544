/**
 * All that our pages say in a language: constants that go into HTML and into the page's script as they are. `{reason}` stands for
 * what the server said, which is English; a language that does without it has words of its own.
 */
export interface PageTexts {
  readonly needsScript: string
  readonly wait: string
  /** The link has no token in it. */
  readonly incomplete: string
  readonly failed: string
  readonly unreachable: string
  /** A failure that the next table does not know. */
  readonly refused: string
  /** The link to the front end, when a page is done. */
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
    /** The server refuses the password. */
    readonly refused: string
  }
  /** The form that asks for a new link to reset the password. */
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
  /** The link does not work any more, and what to do then. */
  readonly dead: string
}

/** The pages, by their part of the texts. */
export type PageName = 'resetPassword' | 'confirmEmail' | 'disownEmail' | 'undoChange'
