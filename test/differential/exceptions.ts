/**
 * The table of exceptions: all that may differ between what an operation leaves behind when it came through GraphQL and
 * through a dialect, one line a reason. `from` names what the line is read from; where it is a column, the expected difference is
 * computed from that column, and anything else is a failure. Each line has a sequence in `exceptionSequences.ts`: a short
 * sequence that fails when the line is taken out.
 */
export interface Exception {
  /** What it touches: the database, the outcome, or the way to run a step. */
  readonly touches: string
  readonly reason: string
  readonly from: string
}

export const exceptions = {
  surface: {
    touches: '`surface` of sessions, login codes and audit events, `origin` of sessions',
    reason: 'names the surface that was called, and where a sign-in began',
    from: 'rows',
  },
  accountIds: {
    touches: '`users.id`',
    reason: 'an account made through `wekan` has a Meteor id, every other one a UUID',
    from: 'contract',
  },
  tokens: {
    touches: '`sessions.expires_at`, `refresh_counter`, `refresh_expires_at`, rows of `opaque_tokens`, tokens in answers',
    reason: 'each surface hands out its own tokens, with their own lives',
    from: '`tokens` of surfaces.ts',
  },
  signUpSignsIn: {
    touches: 'sign-up',
    reason: '`xiot` hands out no tokens at sign-up: the session of the other side is opened by a sign-in that follows',
    from: '`signUpSignsIn` of surfaces.ts',
  },
  passwordLength: {
    touches: 'sign-up, new accounts, reset: outcome',
    reason: 'the printed bodies of `wekan` and `authentication` have passwords of 6 characters',
    from: '`minimumPasswordLength` of surfaces.ts',
  },
  commonPasswords: {
    touches: 'every new password: outcome',
    reason: 'common passwords, and those made of words of their context, are refused by default on GraphQL only',
    from: '`refusesCommonPasswords` of surfaces.ts',
  },
  stepUp: {
    touches: 'change of e-mail, both changes of the second factor: outcome',
    reason: 'clients of `xiot` cannot ask for a fresh proof',
    from: '`stepUp` of surfaces.ts',
  },
  emailAtOnce: {
    touches:
      'change of e-mail: events and mails, what they count against, what is held, reserved and kept for an undo, how many changes are counted',
    reason: '`xiot` has no step to confirm the new address; it counts unverified, can be undone, and is verified afterwards',
    from: '`changesEmailAtOnce` of surfaces.ts',
  },
  twoFactorAtOnce: {
    touches: 'enrolment: events, `users.two_factor_last_step`, what is kept for an undo, how many changes are counted',
    reason: '`xiot` has no step to confirm the authenticator, so that no first code is spent',
    from: '`enablesTwoFactorAtOnce` of surfaces.ts',
  },
  withoutProof: {
    touches: 'end of the second factor: outcome, what is kept for an undo',
    reason: 'the document of `xiot` has no body there',
    from: '`disablesTwoFactorWithoutProof` of surfaces.ts',
  },
  unknownEmail: {
    touches: 'request of a reset: outcome',
    reason: 'the document of `xiot` says that the address must exist',
    from: '`disclosesUnknownEmail` of surfaces.ts',
  },
  routeNames: {
    touches: '`operation` and `requirement` of `access.refused`',
    reason: 'a dialect refuses before the operation, and names its route and what the route asks for',
    from: '`who` of the row',
  },
  asksForMore: {
    touches: 'new and deleted accounts, lists: outcome',
    reason: 'the document of `wekan` lets administrators only, where a scope is enough elsewhere',
    from: '`who` of the row',
  },
  stricterInput: {
    touches: 'input: outcome',
    reason: 'a document asks for more of a field than the operation does; the fields are listed below',
    from: 'contract',
  },
  emptyIsAbsent: {
    touches: 'input of `wekan`',
    reason: 'an empty username or e-mail is one that was left out, as forms send it',
    from: 'contract',
  },
  confirmation: {
    touches: 'texts of `xiot` and `authentication`',
    reason: 'what is no text is refused in the confirmation of a password as well',
    from: 'contract',
  },
  matchFailed: {
    touches: 'texts of `wekan`',
    reason: 'what the row\'s schema refuses is Meteor\'s "Match failed", without the field',
    from: 'contract',
  },
  resumeTokens: {
    touches: '`services.resume.loginTokens` of a whole document of `wekan`',
    reason: 'lists the sessions that have a Wekan token',
    from: '`tokens` of surfaces.ts',
  },
} as const satisfies Record<string, Exception>

export type ExceptionName = keyof typeof exceptions

/** The lines that count; its sequence takes one out. */
export type Lines = ReadonlySet<ExceptionName>
export const allLines: Lines = new Set(Object.keys(exceptions) as ExceptionName[])
export const without = (name: ExceptionName): Lines => new Set([...allLines].filter((line) => line !== name))
