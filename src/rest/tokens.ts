/**
 * A refresh chain's tokens as `authentication` prints them.
 */
import * as z from 'zod'
import type { TokensFragment } from './operations.ts'

const Token = z.object({ token: z.string(), expires: z.date() }).meta({ id: 'Token' })
export const Tokens = z.object({ access: Token, refresh: Token }).meta({ id: 'Tokens' })

/** `{access: {token, expires}, refresh: {token, expires}}`, or null where there is no chain. */
export const tokensOf = (credentials: TokensFragment | null) => {
  if (credentials?.accessToken == null || credentials.refreshToken == null) return null
  const { accessToken, refreshToken } = credentials
  return {
    access: { token: accessToken.token, expires: accessToken.expiresAt },
    refresh: { token: refreshToken.token, expires: refreshToken.expiresAt },
  }
}
