/** The tokens of an answer, in the form in which they are kept. */
import type { TokenPair } from '../shared/tokens.ts'
import type { SessionTokensFragment } from './operations.ts'

/** Both tokens are there unless the session is in a cookie, which this app does not ask for. */
export const tokensOf = (credentials: SessionTokensFragment | null): TokenPair => {
  if (!credentials?.accessToken || !credentials.refreshToken) throw new Error('The answer has no tokens.')
  return { accessToken: credentials.accessToken.token, refreshToken: credentials.refreshToken.token }
}
