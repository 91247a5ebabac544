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
  /** By the code of the failure. */
  readonly failures: {
    readonly INVALID_MAIL_TOKEN: string
    readonly EMAIL_TAKEN: string
    readonly EMAIL_ALREADY_VERIFIED: string
    readonly ACCOUNT_DISABLED: string
    readonly TOO_MANY_REQUESTS: string
    readonly OVERLOADED: string
  }
  readonly resetPassword: {
    readonly title: string
    readonly label: string
    readonly hint: string
    readonly show: string
    readonly hide: string
    readonly showPassword: string
    readonly hidePassword: string
    readonly submit: string
    readonly empty: string
    /** The server refuses the password. */
    readonly refused: string
    readonly done: string
  }
  readonly confirmEmail: { readonly title: string; readonly prompt: string; readonly submit: string; readonly done: string }
}
