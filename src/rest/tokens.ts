/**
 * A refresh chain's tokens as `authentication` prints them.
 */
import type { TokensFragment } from './operations.ts'

/** `{access: {token, expires}, refresh: {token, expires}}`, or null where there is no chain. */
export const tokensOf = (credentials: TokensFragment | null) => {
  if (credentials?.accessToken == null || credentials.refreshToken == null) return null
  const { accessToken, refreshToken } = credentials
  return {
    access: { token: accessToken.token, expires: accessToken.expiresAt },
    refresh: { token: refreshToken.token, expires: refreshToken.expiresAt },
  }
}
