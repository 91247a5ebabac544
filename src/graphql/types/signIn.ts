/**
 * How a session begins: sign-up, sign-in, second factor, and the tokens that result. A front end chooses between bearer tokens and
 * a cookie (docs/sessions.md).
 */

import type { Transport } from '../../domain/base/surfaces.ts'
import type { Account } from '../../domain/frame/account.ts'
import type { IssuedToken } from '../../domain/sessions/accessTokens.ts'
import type { Credentials } from '../../domain/sessions/makeSession.ts'
import type { SignedIn } from '../../domain/sessions/openSession.ts'
import type { SignedUp } from '../../domain/signIn/signUp.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { checkTransport, keepCookie } from '../cookieSlot.ts'
import { failsAs } from '../errorTypes.ts'
import { LocaleEnum } from './locale.ts'
import { SessionTransport } from './sessionTransport.ts'
import { UserType } from './user.ts'

const Token = builder.objectRef<IssuedToken>('Token').implement({
  description: 'A token and its expiry. It is shown only once: the server keeps its hash, or nothing.',
  fields: (t) => ({
    token: t.exposeString('token', { description: 'The token.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it expires.' }),
  }),
})

export const CredentialsType = builder.objectRef<Credentials>('Credentials').implement({
  description:
    'The tokens of a session. GraphQL issues an access token and a refresh token; with the transport `COOKIE`, all fields are null.',
  fields: (t) => ({
    accessToken: t.expose('accessToken', {
      type: Token,
      nullable: true,
      description: 'A JWT. Send it as `Authorization: Bearer …`, to any surface.',
    }),
    refreshToken: t.expose('refreshToken', {
      type: Token,
      nullable: true,
      description: 'Exchange it for new tokens with `refreshSession`; it can be used once.',
    }),
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
    credentials: t.expose('credentials', { type: CredentialsType, description: 'The tokens of the session.' }),
    originCredentials: t.expose('originCredentials', {
      type: CredentialsType,
      nullable: true,
      description: 'Further tokens, for a sign-in that began on another surface with tokens of its own.',
    }),
  }),
})

const SignUpSuccess = builder.objectRef<SignedUp>('SignUpSuccess').implement({
  description: 'The account was created, and its session has begun.',
  fields: (t) => ({
    user: t.field({ type: UserType, description: 'Your account.', resolve: ({ account }) => account }),
    credentials: t.expose('credentials', {
      type: CredentialsType,
      nullable: true,
      description: 'The tokens of the session; never null on GraphQL.',
    }),
  }),
})

/** The input field by which a front end chooses. */
const transport = {
  type: SessionTransport,
  required: true,
  defaultValue: 'bearer',
  description: 'Whether to use bearer tokens or a cookie.',
} as const

const SignUpInput = builder.inputType('SignUpInput', {
  description: 'A new account. It needs a password, and an e-mail address or a username.',
  fields: (t) => ({
    email: t.string({ description: 'An e-mail address that no account has.' }),
    username: t.string({
      description: 'A username that no account has, 1 to 128 characters. If left out, it is derived from the e-mail address.',
    }),
    password: t.string({
      required: true,
      description: '8 to 128 characters; not a common password, and not made of your names and addresses. White space counts.',
    }),
    name: t.string({ description: 'The full name, 1 to 100 characters. It takes precedence over first and last name.' }),
    firstName: t.string({ description: 'The first name, 1 to 50 characters.' }),
    lastName: t.string({ description: 'The last name, 1 to 50 characters.' }),
    phone: t.string({ description: 'A phone number. Without a country code it is taken as Egyptian.' }),
    bio: t.string({ description: 'A text about the person, at most 500 characters.' }),
    locale: t.field({ type: LocaleEnum, description: 'The language of mails. If left out, it is taken from the Accept-Language header.' }),
    transport: t.field(transport),
  }),
})

const SignInInput = builder.inputType('SignInInput', {
  description: 'The credentials to sign in with.',
  fields: (t) => ({
    identifier: t.string({ required: true, description: 'A username or an e-mail address.' }),
    password: t.string({ required: true, description: 'The password.' }),
    code: t.string({ description: 'A second-factor code, if you have one ready. Otherwise the result may be `TwoFactorRequired`.' }),
    transport: t.field(transport),
  }),
})

const VerifyTwoFactorInput = builder.inputType('VerifyTwoFactorInput', {
  description: 'The second step of a sign-in.',
  fields: (t) => ({
    loginCode: t.string({ required: true, description: 'From `TwoFactorRequired`.' }),
    code: t.string({ required: true, description: 'Six digits of the authenticator app, or a recovery code.' }),
    transport: t.field(transport),
  }),
})

/** Lets the rest of this request read all fields of the account. */
export const proven = <Result extends { account: Account }>(context: Context, result: Result): Result => {
  context.proven.add(result.account.id)
  return result
}

/** Runs a sign-in with a transport. The token of a cookie session goes into the cookie only. */
const signedIn = async <Result extends { account: Account; cookieToken: IssuedToken | null }>(
  context: Context,
  transport: Transport,
  signIn: () => Promise<Result>,
): Promise<Result> => {
  checkTransport(context.cookie, transport)
  const result = await signIn()
  keepCookie(context.cookie, result)
  return proven(context, result)
}

builder.mutationFields((t) => ({
  signUp: t.field({
    type: SignUpSuccess,
    errors: failsAs('signUp'),
    description: 'Creates an account and signs in to it. The very first account may become administrator.',
    args: { input: t.arg({ type: SignUpInput, required: true, description: 'The account.' }) },
    resolve: async (_root, { input }, context) => await signedIn(context, input.transport, () => context.operations.signUp({ ...input })),
  }),
  signIn: t.field({
    type: SignInSuccess,
    errors: failsAs('signIn'),
    description: 'Opens a session. The answer does not distinguish between an unknown account and a wrong password.',
    args: { input: t.arg({ type: SignInInput, required: true, description: 'The credentials.' }) },
    resolve: async (_root, { input }, context) => await signedIn(context, input.transport, () => context.operations.signIn({ ...input })),
  }),
  verifyTwoFactor: t.field({
    type: SignInSuccess,
    errors: failsAs('verifyTwoFactor'),
    description: 'Completes a sign-in that waits for its second factor.',
    args: { input: t.arg({ type: VerifyTwoFactorInput, required: true, description: 'The login code and the code.' }) },
    resolve: async (_root, { input }, context) =>
      await signedIn(context, input.transport, () => context.operations.verifyTwoFactor({ ...input })),
  }),
}))
