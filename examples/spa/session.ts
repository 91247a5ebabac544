/** The session, which all tabs share (`../shared/tokens.ts`): how it begins, goes on and ends, and requests in its name. */
import { dropTokens, type Exchange, keepTokens, readTokens, refreshTokens, type TokenPair } from '../shared/tokens.ts'
import { type Failure, send, unreachable } from './api.ts'
import {
  RefreshSessionDocument,
  SignInDocument,
  SignOutDocument,
  SignUpDocument,
  type SignUpInput,
  type TokensFragment,
  VerifyTwoFactorDocument,
} from './operations.ts'

/** Both tokens are there unless the session is in a cookie, which this app does not ask for. */
const tokensOf = (credentials: TokensFragment | null): TokenPair => ({
  accessToken: credentials?.accessToken?.token ?? '',
  refreshToken: credentials?.refreshToken?.token ?? '',
})

interface Opened {
  readonly user: { readonly id: string }
  readonly credentials: TokensFragment | null
}

const begin = ({ user, credentials }: Opened): void => keepTokens({ accountId: user.id, ...tokensOf(credentials) })

/** Each of these returns what went wrong; nothing if it went well. */
type Done = Promise<Failure | undefined>

export const signUp = async (input: SignUpInput): Done => {
  const result = await send(SignUpDocument, { input })
  switch (result.__typename) {
    case 'SignUpSuccess':
      begin(result)
      return
    default:
      return result
  }
}

/** @param askCode is called with a login code, for `verifyCode`, if the account has a second factor */
export const signIn = async (identifier: string, password: string, askCode: (loginCode: string) => void): Done => {
  const result = await send(SignInDocument, { input: { identifier, password } })
  switch (result.__typename) {
    case 'SignInSuccess':
      begin(result)
      return
    case 'TwoFactorRequired':
      askCode(result.loginCode)
      return
    default:
      return result
  }
}

export const verifyCode = async (loginCode: string, code: string): Done => {
  const result = await send(VerifyTwoFactorDocument, { input: { loginCode, code } })
  switch (result.__typename) {
    case 'SignInSuccess':
      begin(result)
      return
    default:
      return result
  }
}

export const signOut = async (): Done => {
  const result = await ask(SignOutDocument, {})
  switch (result.__typename) {
    case 'SignOutSuccess':
      dropTokens()
      return
    default:
      return result
  }
}

const exchange: Exchange = async (refreshToken, signal) => {
  const result = await send(RefreshSessionDocument, { input: { refreshToken } }, { signal })
  switch (result.__typename) {
    case 'RefreshSessionSuccess':
      return tokensOf(result.credentials)
    case 'AuthenticationError':
    case 'InputError':
      // The session has ended.
      return null
    default:
      // It may go on later.
      throw new Error(result.message)
  }
}

/** Sends a request in the name of who is signed in. If the access token is dead, it gets new tokens, and sends the request once more. */
export const ask: typeof send = async (document, variables) => {
  const tokens = readTokens()
  const answer = await send(document, variables, { accessToken: tokens?.accessToken })
  if (tokens === null || !('code' in answer) || answer.code !== 'UNAUTHENTICATED') return answer
  const isAlive = await refreshTokens(tokens, exchange).catch(() => null)
  if (isAlive === null) return unreachable
  return isAlive ? await send(document, variables, { accessToken: readTokens()?.accessToken }) : answer
}
