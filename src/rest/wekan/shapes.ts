/**
 * How `wekan` prints an account: Meteor's document. Real clients fail without `modifiedAt`, `services`, `emails`,
 * `profile`, `authenticationMethod` and `sessionData`, so these are always there; every secret is replaced.
 */
import type { Reply } from '../dialect.ts'
import type { ResumeTokenFragment, WekanDocumentFragment, WekanOwnDocumentFragment } from '../operations.ts'

const REDACTED = '[redacted]'

/** `{id, token, tokenExpires}`. */
export const signedIn = (user: { readonly id: string }, credentials: ResumeTokenFragment | null): Reply => ({
  status: 200,
  body: { id: user.id, token: credentials?.opaqueToken?.token, tokenExpires: credentials?.opaqueToken?.expiresAt },
})

/** A document without `services`: what an account sees of itself. */
export const ownDocument = (user: WekanOwnDocumentFragment) => ({
  _id: user.id,
  createdAt: user.createdAt,
  modifiedAt: user.updatedAt,
  username: user.username,
  emails: user.email === null ? [] : [{ address: user.email, verified: user.emailVerified }],
  ...(user.isAdmin === true ? { isAdmin: true } : {}),
  ...(user.loginDisabled === true ? { loginDisabled: true } : {}),
  profile: user.name === user.username ? {} : { fullname: user.name },
  authenticationMethod: 'password',
  sessionData: {},
})

export const wholeDocument = (user: WekanDocumentFragment) => ({
  ...ownDocument(user),
  services: {
    password: { bcrypt: REDACTED },
    email: {
      verificationTokens: (user.pendingEmails ?? []).map(({ address, createdAt }) => ({ token: REDACTED, address, when: createdAt })),
    },
    resume: {
      loginTokens: (user.sessions ?? [])
        .filter(({ hasResumeToken }) => hasResumeToken)
        .map(({ createdAt }) => ({ when: createdAt, hashedToken: REDACTED })),
    },
  },
})
