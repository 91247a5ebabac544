/** Sessions: the list, refresh, sign-out and re-authentication. */

import type { Surface } from '../../domain/base/surfaces.ts'
import type { Account } from '../../domain/frame/account.ts'
import type { ListedSession } from '../../domain/sessions/list.ts'
import type { Credentials } from '../../domain/sessions/makeSession.ts'
import { builder } from '../builder.ts'
import { dropCookie, keepCookie } from '../cookieSlot.ts'
import { failsAs } from '../errorTypes.ts'
import { guarded } from '../guardedField.ts'
import { SessionTransport } from './sessionTransport.ts'
import { CredentialsType, proven } from './signIn.ts'
import { UserType } from './user.ts'

const surfaceValues: Readonly<Record<Uppercase<Surface>, { value: Surface; description: string }>> = {
  GRAPHQL: { value: 'graphql', description: 'This schema.' },
  IDIOT: { value: 'idiot', description: 'The iDIoT backend API, and the sign-in route that it shares with the Users API.' },
  WEKAN: { value: 'wekan', description: 'The Wekan REST API.' },
  XIOT: { value: 'xiot', description: 'The Users API.' },
  AUTHENTICATION: { value: 'authentication', description: 'The Authentication API.' },
  CLI: { value: 'cli', description: 'The command line of the server, for its operators.' },
  CUSTOM: { value: 'custom', description: 'A dialect that this server loads from a file.' },
}

export const SurfaceEnum = builder.enumType('Surface', {
  description: 'An API of Vestibule: this schema, a legacy REST API, or the command line.',
  values: surfaceValues,
})

const SessionType = builder.objectRef<ListedSession>('Session')

builder.node(SessionType, {
  name: 'Session',
  description: 'A session: one sign-in, and all tokens issued for it. When the session ends, all its tokens stop working at once.',
  id: { resolve: ({ id }) => id, description: 'Begins with `Session:`.' },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'refreshCounter' in value,
  loadOne: async (id, { session }) => await session(id),
  fields: (t) => ({
    surface: t.field({
      type: SurfaceEnum,
      description: 'The surface of the sign-in.',
      resolve: ({ surface }) => surface as Surface,
    }),
    transport: t.field({
      type: SessionTransport,
      description: 'How the client sends its token: as a bearer token, or in a cookie.',
      resolve: ({ kind }) => (kind === 'cookie' ? 'cookie' : 'bearer'),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it began.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends at the latest; refreshing does not move this.' }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      description: 'When one of its tokens was last used. May be up to two minutes behind if several servers share the database.',
    }),
    authenticatedAt: t.expose('authenticatedAt', {
      type: 'DateTime',
      description: 'When a password or code was last checked in this session. Sensitive operations need this to be recent.',
    }),
    clientAddress: t.exposeString('clientAddress', {
      nullable: true,
      description: 'The IP address of the sign-in; later addresses are not stored.',
    }),
    userAgent: t.exposeString('userAgent', {
      nullable: true,
      description: 'The User-Agent header of the sign-in; later ones are not stored.',
    }),
    current: t.boolean({
      description: 'Whether this request belongs to the session.',
      resolve: ({ id }, _args, { caller }) => caller.viewer?.session.id === id,
    }),
    hasResumeToken: t.boolean({
      description: 'Whether a Wekan token was issued for it.',
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
  description: 'The session continues with new tokens.',
  fields: (t) => ({
    user: t.field({ type: UserType, description: 'Your account.', resolve: ({ account }) => account }),
    credentials: t.expose('credentials', {
      type: CredentialsType,
      description: 'A new access token and a new refresh token.',
    }),
  }),
})

const SignOutSuccess = builder.objectRef<{ endedSessions: number }>('SignOutSuccess').implement({
  description: 'The sessions have ended; none of their tokens works any more.',
  fields: (t) => ({ endedSessions: t.exposeInt('endedSessions', { description: 'How many sessions and personal access tokens ended.' }) }),
})

const ReauthenticateSuccess = builder.objectRef<{ authenticatedAt: Date }>('ReauthenticateSuccess').implement({
  description: 'Your identity was checked again.',
  fields: (t) => ({
    authenticatedAt: t.expose('authenticatedAt', { type: 'DateTime', description: 'When it was checked.' }),
    session: t.field({
      type: SessionType,
      nullable: true,
      description: 'The session as it is now; null if it has just ended.',
      resolve: async (_success, _args, { caller, session }) => (caller.viewer === null ? null : await session(caller.viewer.session.id)),
    }),
  }),
})

const RefreshSessionInput = builder.inputType('RefreshSessionInput', {
  description: 'The session to continue.',
  fields: (t) => ({ refreshToken: t.string({ required: true, description: 'The newest refresh token of the session.' }) }),
})

const SignOutInput = builder.inputType('SignOutInput', {
  description: 'The session to end.',
  fields: (t) => ({
    refreshToken: t.string({ description: 'A refresh token of the session. If left out, the session of this request ends.' }),
  }),
})

const ReauthenticateInput = builder.inputType('ReauthenticateInput', {
  description: 'The proof of who you are.',
  fields: (t) => ({
    password: t.string({ required: true, description: 'Your password.' }),
    code: t.string({ description: 'A second-factor code; required if your account has a second factor.' }),
  }),
})

builder.mutationFields((t) => ({
  refreshSession: t.field({
    type: RefreshSessionSuccess,
    errors: failsAs('refreshSession'),
    description:
      'Exchanges a refresh token for new tokens. A used refresh token gives the same answer again for a few seconds; after that, using it ends the session.',
    args: { input: t.arg({ type: RefreshSessionInput, required: true, description: 'The refresh token.' }) },
    resolve: async (_root, { input }, context) => proven(context, await context.operations.refreshSession({ ...input })),
  }),
  signOut: t.field({
    type: SignOutSuccess,
    errors: failsAs('signOut'),
    description:
      'Ends one session: that of this request, or that of a refresh token. Called with a personal access token, it revokes the token.',
    args: { input: t.arg({ type: SignOutInput, description: 'The session to end.' }) },
    resolve: async (_root, { input }, { operations, caller, cookie }) => {
      dropCookie(cookie, caller, await operations.signOut({ ...input }))
      return { endedSessions: 1 }
    },
  }),
  signOutEverywhere: t.field({
    type: SignOutSuccess,
    errors: failsAs('signOutEverywhere'),
    description: 'Ends all sessions of your account, including this one, and all its personal access tokens.',
    resolve: async (_root, _args, { operations, caller, cookie }) => {
      const endedSessions = await operations.signOutEverywhere()
      dropCookie(cookie, caller, 'all')
      return { endedSessions }
    },
  }),
  reauthenticate: t.field({
    type: ReauthenticateSuccess,
    errors: failsAs('reauthenticate'),
    description:
      'Checks your password again, so that this session may run operations that failed with `REAUTHENTICATION_REQUIRED`. A session in a cookie gets a new cookie.',
    args: { input: t.arg({ type: ReauthenticateInput, required: true, description: 'The proof.' }) },
    resolve: async (_root, { input }, { operations, cookie }) => {
      const result = await operations.reauthenticate({ ...input })
      keepCookie(cookie, result)
      return result
    },
  }),
}))
