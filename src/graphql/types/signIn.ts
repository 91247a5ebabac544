/**
 * How a session begins: sign-up, sign-in, second factor, and the tokens that come of it. A front end chooses how its token is to
 * travel (docs/sessions.md).
 */

import type { Account } from '../../domain/accounts/account.ts'
import type { Transport } from '../../domain/base/surfaces.ts'
import type { IssuedToken } from '../../domain/sessions/accessTokens.ts'
import type { Credentials, SignedIn } from '../../domain/sessions/open.ts'
import type { SignedUp } from '../../domain/signIn/signUp.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { checkTransport, keepCookie } from '../cookieSlot.ts'
import { LocaleEnum } from './locale.ts'
import { SessionTransport } from './transport.ts'
import { UserType } from './user.ts'

const Token = builder.objectRef<IssuedToken>('Token').implement({
  description: 'A token. It is shown only this once: only its hash is kept, or nothing at all.',
  fields: (t) => ({
    token: t.exposeString('token', { description: 'The token itself.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends by itself.' }),
  }),
})

export const CredentialsType = builder.objectRef<Credentials>('Credentials').implement({
  description:
    'The tokens of a session. Which there are depends on the surface; GraphQL gets an access token and a refresh token, and none here with the transport `COOKIE`.',
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

/** The field by which a front end chooses. */
const transport = {
  type: SessionTransport,
  required: true,
  defaultValue: 'bearer',
  description: 'How the token of the session is to travel.',
} as const

const SignUpInput = builder.inputType('SignUpInput', {
  description: 'A new account: an e-mail address or a username at least, and a password.',
  fields: (t) => ({
    email: t.string({ description: 'An e-mail address that no account has.' }),
    username: t.string({ description: 'A username that no account has, 1 to 128 characters; made from the address when left out.' }),
    password: t.string({
      required: true,
      description:
        '8 to 128 characters; none of the most common passwords, and more than your own names and addresses. Kept exactly as sent.',
    }),
    name: t.string({ description: 'The name in full, 1 to 100 characters. Goes before first and last name.' }),
    firstName: t.string({ description: 'The first name, 1 to 50 characters.' }),
    lastName: t.string({ description: 'The last name, 1 to 50 characters.' }),
    phone: t.string({ description: 'A phone number; without a country it is Egyptian.' }),
    bio: t.string({ description: 'Some words about the person, at most 500 characters.' }),
    locale: t.field({ type: LocaleEnum, description: 'The language of mails; left out, the one that Accept-Language asks for.' }),
    transport: t.field(transport),
  }),
})

const SignInInput = builder.inputType('SignInInput', {
  description: 'Who signs in.',
  fields: (t) => ({
    identifier: t.string({ required: true, description: 'A username or an e-mail address.' }),
    password: t.string({ required: true, description: 'The password.' }),
    code: t.string({ description: 'A second-factor code, if you have it at hand; else `TwoFactorRequired` asks for it.' }),
    transport: t.field(transport),
  }),
})

const VerifyTwoFactorInput = builder.inputType('VerifyTwoFactorInput', {
  description: 'The second half of a sign-in.',
  fields: (t) => ({
    loginCode: t.string({ required: true, description: 'From `TwoFactorRequired`.' }),
    code: t.string({ required: true, description: 'Six digits of the authenticator app, or a recovery code.' }),
    transport: t.field(transport),
  }),
})

/** From here on the request may see what is private to the account. */
export const proven = <Result extends { account: Account }>(context: Context, result: Result): Result => {
  context.proven.add(result.account.id)
  return result
}

/** A sign-in by a transport; the token of a cookie goes there and nowhere else. */
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
    errors: {},
    description: 'Makes an account and signs it in. The very first account may become administrator.',
    args: { input: t.arg({ type: SignUpInput, required: true, description: 'The account.' }) },
    resolve: async (_root, { input }, context) => await signedIn(context, input.transport, () => context.operations.signUp({ ...input })),
  }),
  signIn: t.field({
    type: SignInSuccess,
    errors: {},
    description: 'Opens a session. Unknown account and wrong password are the same answer.',
    args: { input: t.arg({ type: SignInInput, required: true, description: 'Who signs in.' }) },
    resolve: async (_root, { input }, context) => await signedIn(context, input.transport, () => context.operations.signIn({ ...input })),
  }),
  verifyTwoFactor: t.field({
    type: SignInSuccess,
    errors: {},
    description: 'Ends a sign-in that waits for its second factor.',
    args: { input: t.arg({ type: VerifyTwoFactorInput, required: true, description: 'The login code and the code.' }) },
    resolve: async (_root, { input }, context) =>
      await signedIn(context, input.transport, () => context.operations.verifyTwoFactor({ ...input })),
  }),
}))
