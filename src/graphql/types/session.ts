/**
 * Sessions: the list of them, and how one goes on and ends.
 */
import type { Account } from '../../domain/accounts/account.ts'
import type { Surface } from '../../domain/base/surfaces.ts'
import type { ListedSession } from '../../domain/sessions/list.ts'
import type { Credentials } from '../../domain/sessions/open.ts'
import { builder } from '../builder.ts'
import { dropCookie, keepCookie } from '../cookieSlot.ts'
import { guarded } from '../guardedField.ts'
import { CredentialsType, proven } from './signIn.ts'
import { SessionTransport } from './transport.ts'
import { UserType } from './user.ts'

const surfaceValues: Readonly<Record<Uppercase<Surface>, { value: Surface; description: string }>> = {
  GRAPHQL: { value: 'graphql', description: 'This schema.' },
  IDIOT: { value: 'idiot', description: 'The iDIoT backend API, and the sign-in that it shares with the Users API.' },
  WEKAN: { value: 'wekan', description: 'The Wekan REST API.' },
  XIOT: { value: 'xiot', description: 'The Users API.' },
  AUTHENTICATION: { value: 'authentication', description: 'The Authentication API.' },
  CUSTOM: { value: 'custom', description: 'A dialect of the server, loaded at start.' },
}

export const SurfaceEnum = builder.enumType('Surface', { description: 'A way into Vestibule.', values: surfaceValues })

const SessionType = builder.objectRef<ListedSession>('Session')

builder.node(SessionType, {
  name: 'Session',
  description: 'A sign-in, and all the tokens born of it. When it ends, they all end at once.',
  id: { resolve: ({ id }) => id, description: 'Carries the prefix `Session:`.' },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'refreshCounter' in value,
  loadOne: async (id, { session }) => await session(id),
  fields: (t) => ({
    surface: t.field({
      type: SurfaceEnum,
      description: 'The surface that it was opened through.',
      resolve: ({ surface }) => surface as Surface,
    }),
    transport: t.field({
      type: SessionTransport,
      description: 'How its token travels: in a cookie, it is a browser.',
      resolve: ({ kind }) => (kind === 'cookie' ? 'cookie' : 'bearer'),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it began.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Its absolute end, whatever is refreshed.' }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      description: 'When one of its tokens was last used. A use through another server of the same database shows up to two minutes later.',
    }),
    authenticatedAt: t.expose('authenticatedAt', {
      type: 'DateTime',
      description: 'The last check of a password or code, which step-up looks at.',
    }),
    clientAddress: t.exposeString('clientAddress', {
      nullable: true,
      description: 'The address that it was opened from; later ones are not kept.',
    }),
    userAgent: t.exposeString('userAgent', {
      nullable: true,
      description: 'The User-Agent that it was opened with; later ones are not kept.',
    }),
    current: t.boolean({
      description: 'Whether it is the session of this request.',
      resolve: ({ id }, _args, { caller }) => caller.viewer?.session.id === id,
    }),
    hasResumeToken: t.boolean({
      description: 'Whether a Wekan token was born of it.',
      resolve: ({ opaqueTokens }) => opaqueTokens.some(({ kind }) => kind === 'resume'),
    }),
  }),
})

builder.objectField(UserType, 'sessions', (t) =>
  t.field({
    ...guarded('sessions', 'The live sessions, newest first.'),
    type: [SessionType],
    resolve: async ({ id }, _args, { sessions }) => await sessions(id),
  }),
)

const RefreshSessionSuccess = builder.objectRef<{ account: Account; credentials: Credentials }>('RefreshSessionSuccess').implement({
  description: 'The session goes on with new tokens.',
  fields: (t) => ({
    user: t.field({ type: UserType, description: 'Your account.', resolve: ({ account }) => account }),
    credentials: t.expose('credentials', {
      type: CredentialsType,
      description: 'A fresh access token, and the successor of the refresh token.',
    }),
  }),
})

export const SignOutSuccess = builder.objectRef<{ endedSessions: number }>('SignOutSuccess').implement({
  description: 'Sessions have ended; each of their tokens is dead from now on.',
  fields: (t) => ({ endedSessions: t.exposeInt('endedSessions', { description: 'How many.' }) }),
})

const ReauthenticateSuccess = builder.objectRef<{ authenticatedAt: Date }>('ReauthenticateSuccess').implement({
  description: 'The session has a fresh proof.',
  fields: (t) => ({ authenticatedAt: t.expose('authenticatedAt', { type: 'DateTime', description: 'The time of the proof.' }) }),
})

const RefreshSessionInput = builder.inputType('RefreshSessionInput', {
  description: 'A session to go on with.',
  fields: (t) => ({ refreshToken: t.string({ required: true, description: 'The newest refresh token of the session.' }) }),
})

const SignOutInput = builder.inputType('SignOutInput', {
  description: 'A session to end.',
  fields: (t) => ({ refreshToken: t.string({ description: 'Its refresh token; left out, it is the session of this request.' }) }),
})

const ReauthenticateInput = builder.inputType('ReauthenticateInput', {
  description: 'A fresh proof.',
  fields: (t) => ({
    password: t.string({ required: true, description: 'Your password.' }),
    code: t.string({ description: 'A second-factor code, where your account has one.' }),
  }),
})

builder.mutationFields((t) => ({
  refreshSession: t.field({
    type: RefreshSessionSuccess,
    errors: {},
    description:
      'Trades a refresh token for its successor. A spent one answers the same again for a few seconds; later it ends the session.',
    args: { input: t.arg({ type: RefreshSessionInput, required: true, description: 'The refresh token.' }) },
    resolve: async (_root, { input }, context) => proven(context, await context.operations.refreshSession({ ...input })),
  }),
  signOut: t.field({
    type: SignOutSuccess,
    errors: {},
    description: 'Ends one session: that of this request, or that of a refresh token. A personal access token revokes itself.',
    args: { input: t.arg({ type: SignOutInput, description: 'Which session.' }) },
    resolve: async (_root, { input }, { operations, caller, cookie }) => {
      dropCookie(cookie, caller, await operations.signOut({ ...input }))
      return { endedSessions: 1 }
    },
  }),
  signOutEverywhere: t.field({
    type: SignOutSuccess,
    errors: {},
    description: 'Ends all sessions of your account, this one too, and all its personal access tokens.',
    resolve: async (_root, _args, { operations, caller, cookie }) => {
      const endedSessions = await operations.signOutEverywhere()
      dropCookie(cookie, caller, 'all')
      return { endedSessions }
    },
  }),
  reauthenticate: t.field({
    type: ReauthenticateSuccess,
    errors: {},
    description:
      'Gives this session a fresh proof, for what asks for one (`REAUTHENTICATION_REQUIRED`). One in a cookie gets a new cookie.',
    args: { input: t.arg({ type: ReauthenticateInput, required: true, description: 'The proof.' }) },
    resolve: async (_root, { input }, { operations, cookie }) => {
      const result = await operations.reauthenticate({ ...input })
      keepCookie(cookie, result)
      return result
    },
  }),
}))
