/**
 * Sessions and their tokens: how one begins, goes on and ends.
 */
import type { SignedUp } from '../../domain/accounts/signUp.ts'
import type { IssuedToken } from '../../domain/sessions/accessTokens.ts'
import type { Account } from '../../domain/sessions/authenticate.ts'
import type { ListedSession } from '../../domain/sessions/list.ts'
import type { Credentials, SignedIn } from '../../domain/sessions/open.ts'
import type { Surface } from '../../domain/surfaces.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { UserType } from './user.ts'

const surfaceValues: Readonly<Record<Uppercase<Surface>, { value: Surface; description: string }>> = {
  GRAPHQL: { value: 'graphql', description: 'This schema.' },
  IDIOT: { value: 'idiot', description: 'The iDIoT backend API, and the sign-in that it shares with the Users API.' },
  WEKAN: { value: 'wekan', description: 'The Wekan REST API.' },
  XIOT: { value: 'xiot', description: 'The Users API.' },
  AUTHENTICATION: { value: 'authentication', description: 'The Authentication API.' },
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
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it began.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Its absolute end, whatever is refreshed.' }),
    lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', description: 'When it was opened or last refreshed.' }),
    authenticatedAt: t.expose('authenticatedAt', {
      type: 'DateTime',
      description: 'The last check of a password or code, which step-up looks at.',
    }),
    clientAddress: t.exposeString('clientAddress', { nullable: true, description: 'The address that it was opened from.' }),
    userAgent: t.exposeString('userAgent', { nullable: true, description: 'The User-Agent that it was opened with.' }),
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
    type: [SessionType],
    nullable: true,
    authScopes: (account) => ({ ownsAccount: account.id }),
    unauthorizedResolver: () => null,
    description: 'The live sessions, newest first. Null for others, unless you are an administrator.',
    resolve: async ({ id }, _args, { sessions }) => await sessions(id),
  }),
)

const Token = builder.objectRef<IssuedToken>('Token').implement({
  description: 'A token, told this once: only its hash is kept, or nothing at all.',
  fields: (t) => ({
    token: t.exposeString('token', { description: 'The token itself.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends by itself.' }),
  }),
})

const CredentialsType = builder.objectRef<Credentials>('Credentials').implement({
  description: 'The tokens of a session. Which there are depends on the surface; GraphQL gets an access token and a refresh token.',
  fields: (t) => ({
    accessToken: t.expose('accessToken', {
      type: Token,
      nullable: true,
      description: 'A JWT. Send it as `Authorization: Bearer …`, to any surface.',
    }),
    refreshToken: t.expose('refreshToken', { type: Token, nullable: true, description: 'Works once, in `refreshSession`.' }),
    opaqueToken: t.expose('opaqueToken', {
      type: Token,
      nullable: true,
      description: 'The token of `/v1` (`sess_…:…`) or of Wekan. Send it as `Authorization: Bearer …`, to any surface.',
    }),
  }),
})

const SignInSuccess = builder.objectRef<SignedIn>('SignInSuccess').implement({
  description: 'A session was opened.',
  fields: (t) => ({
    user: t.field({ type: UserType, description: 'Your account.', resolve: ({ account }) => account }),
    credentials: t.expose('credentials', { type: CredentialsType, description: 'The tokens of this surface.' }),
    originCredentials: t.expose('originCredentials', {
      type: CredentialsType,
      nullable: true,
      description: 'The tokens of the surface that the sign-in began on, when that is one with others.',
    }),
  }),
})

const SignUpSuccess = builder.objectRef<SignedUp>('SignUpSuccess').implement({
  description: 'The account was made.',
  fields: (t) => ({
    user: t.field({ type: UserType, description: 'Your account.', resolve: ({ account }) => account }),
    credentials: t.expose('credentials', {
      type: CredentialsType,
      nullable: true,
      description: 'The tokens of this surface; GraphQL always hands them out.',
    }),
  }),
})

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

const SignOutSuccess = builder.objectRef<{ endedSessions: number }>('SignOutSuccess').implement({
  description: 'Sessions have ended; each of their tokens is dead from now on.',
  fields: (t) => ({ endedSessions: t.exposeInt('endedSessions', { description: 'How many.' }) }),
})

const ReauthenticateSuccess = builder.objectRef<{ authenticatedAt: Date }>('ReauthenticateSuccess').implement({
  description: 'The session has a fresh proof.',
  fields: (t) => ({ authenticatedAt: t.expose('authenticatedAt', { type: 'DateTime', description: 'The time of the proof.' }) }),
})

const SignUpInput = builder.inputType('SignUpInput', {
  description: 'A new account: an e-mail address or a username at least, and a password.',
  fields: (t) => ({
    email: t.string({ description: 'An e-mail address that no account has.' }),
    username: t.string({ description: 'A username that no account has, 1 to 128 characters; made from the address when left out.' }),
    password: t.string({ required: true, description: '8 to 128 characters, none of the most common ones. Kept exactly as sent.' }),
    name: t.string({ description: 'The name in full, 1 to 100 characters. Goes before first and last name.' }),
    firstName: t.string({ description: 'The first name, 1 to 50 characters.' }),
    lastName: t.string({ description: 'The last name, 1 to 50 characters.' }),
    phone: t.string({ description: 'A phone number; without a country it is Egyptian.' }),
    bio: t.string({ description: 'Some words about the person, at most 500 characters.' }),
  }),
})

const SignInInput = builder.inputType('SignInInput', {
  description: 'Who signs in.',
  fields: (t) => ({
    identifier: t.string({ required: true, description: 'A username or an e-mail address.' }),
    password: t.string({ required: true, description: 'The password.' }),
    code: t.string({ description: 'A second-factor code, if you have it at hand; else `TwoFactorRequired` asks for it.' }),
  }),
})

const VerifyTwoFactorInput = builder.inputType('VerifyTwoFactorInput', {
  description: 'The second half of a sign-in.',
  fields: (t) => ({
    loginCode: t.string({ required: true, description: 'From `TwoFactorRequired`.' }),
    code: t.string({ required: true, description: 'Six digits of the authenticator app, or a recovery code.' }),
  }),
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

/** From here on the request may see what is private to the account. */
const signedIn = <Result extends { account: Account }>({ proven }: Context, result: Result): Result => {
  proven.add(result.account.id)
  return result
}

builder.mutationFields((t) => ({
  signUp: t.field({
    type: SignUpSuccess,
    errors: {},
    description: 'Makes an account and signs it in. The very first account may become administrator.',
    args: { input: t.arg({ type: SignUpInput, required: true, description: 'The account.' }) },
    resolve: async (_root, { input }, context) => signedIn(context, await context.operations.signUp({ ...input })),
  }),
  signIn: t.field({
    type: SignInSuccess,
    errors: {},
    description: 'Opens a session. Unknown account and wrong password are the same answer.',
    args: { input: t.arg({ type: SignInInput, required: true, description: 'Who signs in.' }) },
    resolve: async (_root, { input }, context) => signedIn(context, await context.operations.signIn({ ...input })),
  }),
  verifyTwoFactor: t.field({
    type: SignInSuccess,
    errors: {},
    description: 'Ends a sign-in that waits for its second factor.',
    args: { input: t.arg({ type: VerifyTwoFactorInput, required: true, description: 'The login code and the code.' }) },
    resolve: async (_root, { input }, context) => signedIn(context, await context.operations.verifyTwoFactor({ ...input })),
  }),
  refreshSession: t.field({
    type: RefreshSessionSuccess,
    errors: {},
    description:
      'Trades a refresh token for its successor. A spent one answers the same again for a few seconds; later it ends the session.',
    args: { input: t.arg({ type: RefreshSessionInput, required: true, description: 'The refresh token.' }) },
    resolve: async (_root, { input }, context) => signedIn(context, await context.operations.refreshSession({ ...input })),
  }),
  signOut: t.field({
    type: SignOutSuccess,
    errors: {},
    description: 'Ends one session: that of this request, or that of a refresh token.',
    args: { input: t.arg({ type: SignOutInput, description: 'Which session.' }) },
    resolve: async (_root, { input }, { operations }) => {
      await operations.signOut({ ...input })
      return { endedSessions: 1 }
    },
  }),
  signOutEverywhere: t.field({
    type: SignOutSuccess,
    errors: {},
    description: 'Ends all sessions of your account, this one too.',
    resolve: async (_root, _args, { operations }) => ({ endedSessions: await operations.signOutEverywhere() }),
  }),
  reauthenticate: t.field({
    type: ReauthenticateSuccess,
    errors: {},
    description: 'Gives this session a fresh proof, for what asks for one (`REAUTHENTICATION_REQUIRED`).',
    args: { input: t.arg({ type: ReauthenticateInput, required: true, description: 'The proof.' }) },
    resolve: async (_root, { input }, { operations }) => await operations.reauthenticate({ ...input }),
  }),
}))
