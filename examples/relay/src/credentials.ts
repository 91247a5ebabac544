import type { TokenPair } from '../../shared/tokens.ts'

/** The selection of `Credentials` that each sign-in needs. */
interface Credentials {
  readonly accessToken: { readonly token: string } | null | undefined
  readonly refreshToken: { readonly token: string } | null | undefined
}

/** The tokens of a session. Both are null only in a session in a cookie, which this app does not ask for. */
export const toTokens = ({ accessToken, refreshToken }: Credentials): TokenPair => {
  if (accessToken == null || refreshToken == null) throw new Error('The session has no bearer tokens.')
  return { accessToken: accessToken.token, refreshToken: refreshToken.token }
}
