/**
 * How `wekan` prints an account: Meteor's document. Real clients fail without `modifiedAt`, `services`, `emails`,
 * `profile`, `authenticationMethod` and `sessionData`, so these are always there; every secret is replaced.
 */
import * as z from 'zod'
import type { ResumeTokenFragment, WekanDocumentFragment, WekanOwnDocumentFragment } from '../operations.ts'
import { given } from '../rows.ts'
import type { EditUser, SignIn } from './inputs.ts'

const REDACTED = '[redacted]'

const redacted = z.literal(REDACTED)

const id = z.string().meta({ example: 'XQMZgynx9M79qTtQc' })
const address = z.string().meta({ example: 'my@email.com' })
const created = z.string().meta({ example: 'EnhMbvxh65Hr7YvtG' })

export const CreatedUser = z.object({ _id: created, id: created }).meta({ id: 'CreatedUser' })
export const DeletedUser = z.object({ _id: created }).meta({ id: 'DeletedUser' })
export const Message = z.object({ message: z.string() })
export const ListedUser = z.object({ _id: id, username: z.string().meta({ example: 'admin' }) }).meta({ id: 'ListedUser' })

export const SignedIn = z
  .object({
    id,
    token: z.string().meta({ example: 'ExMp2s9ML1JNp_l11sIfINPT3wykZ1SsVwg-cnxKdc8' }),
    tokenExpires: z.date().meta({ example: '2017-12-15T00:47:26.303Z' }),
  })
  .meta({ id: 'SignedIn' })

export const OwnDocument = z
  .object({
    _id: id,
    createdAt: z.date().meta({ example: '2017-09-13T06:45:53.127Z' }),
    modifiedAt: z.date().meta({ example: '2017-09-13T06:45:53.127Z' }),
    username: z.string().meta({ example: 'john' }),
    emails: z.array(z.object({ address, verified: z.boolean().meta({ example: false }) })),
    isAdmin: z.literal(true).optional().meta({ description: 'Absent when false' }),
    loginDisabled: z.literal(true).optional().meta({ description: 'Absent when false' }),
    profile: z.object({ fullname: z.string().optional() }),
    authenticationMethod: z.literal('password'),
    sessionData: z.object({}),
  })
  .meta({ id: 'OwnDocument' })

export const UserDocument = OwnDocument.extend({
  services: z.object({
    password: z.object({ bcrypt: redacted }),
    email: z.object({
      verificationTokens: z.array(z.object({ token: redacted, address, when: z.date().meta({ example: '2017-09-13T06:45:53.157Z' }) })),
    }),
    resume: z.object({
      loginTokens: z.array(z.object({ when: z.date().meta({ example: '2017-09-13T06:45:53.265Z' }), hashedToken: redacted })),
    }),
  }),
}).meta({ id: 'UserDocument', description: 'Every secret is replaced' })

interface WithUser<User> {
  readonly user: User
}
type WithId = WithUser<{ readonly id: string }>

export const signIn = ({ body: { username, email, password, code } }: { readonly body: z.output<typeof SignIn> }) => ({
  input: { identifier: username ?? email ?? '', password, code },
})
export const idOrUsername = ({ params: { id } }: { readonly params: { readonly id: string } }) => ({ id })
export const loginEnabled = ({
  params: { id },
  body: { action },
}: {
  readonly params: { readonly id: string }
  readonly body: z.output<typeof EditUser>
}) => ({
  input: { id, enabled: action },
})

export const signedIn = ({
  user,
  credentials,
}: WithId & { readonly credentials: ResumeTokenFragment | null }): z.input<typeof SignedIn> => {
  const { token, expiresAt } = given(credentials?.opaqueToken)
  return { id: user.id, token, tokenExpires: expiresAt }
}
export const signedOut = () => ({ message: "You've been logged out!" })
export const signedOutEverywhere = () => ({ message: 'All login tokens have been invalidated.' })
export const createdUser = ({ createdUserId: id }: { readonly createdUserId: string }) => ({ _id: id, id })
export const deletedUser = ({ deletedUserId }: { readonly deletedUserId: string }) => ({ _id: deletedUserId })
export const listedUser = ({ id, username }: { readonly id: string; readonly username: string }) => ({ _id: id, username })

/** A document without `services`: what an account sees of itself. */
export const ownDocument = (user: WekanOwnDocumentFragment): z.input<typeof OwnDocument> => ({
  _id: user.id,
  createdAt: user.createdAt,
  modifiedAt: user.updatedAt,
  username: user.username,
  emails: user.email === null ? [] : [{ address: user.email, verified: user.emailVerified }],
  ...(user.isAdmin ? { isAdmin: true } : {}),
  ...(user.loginDisabled ? { loginDisabled: true } : {}),
  profile: user.name === user.username ? {} : { fullname: user.name },
  authenticationMethod: 'password',
  sessionData: {},
})

/** All addresses that wait for their owner. Lists of the document are oldest first, and those of the schema newest first. */
const waiting = ({ pendingEmails, pendingVerification }: WekanDocumentFragment) =>
  [pendingVerification ?? [], pendingEmails.toReversed()].flat().sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime())

export const wholeDocument = (user: WekanDocumentFragment): z.input<typeof UserDocument> => ({
  ...ownDocument(user),
  services: {
    password: { bcrypt: REDACTED },
    email: {
      verificationTokens: waiting(user).map(({ address, createdAt }) => ({ token: REDACTED, address, when: createdAt })),
    },
    resume: {
      loginTokens: user.sessions
        .filter(({ hasResumeToken }) => hasResumeToken)
        .reverse()
        .map(({ createdAt }) => ({ when: createdAt, hashedToken: REDACTED })),
    },
  },
})

export const changedUser = ({ user }: WithUser<WekanDocumentFragment>) => wholeDocument(user)
