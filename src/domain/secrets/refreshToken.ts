/**
 * Refresh tokens verify themselves: `rt_<session>.<number>.<tag>`, where the tag is a keyed hash of the rest. None is stored, not
 * even as a hash, and the successor of a used one can be computed again (RFC 9700, 4.14; contract, section 4).
 */
import type { SecretBox } from '../keys/secretBox.ts'

export interface RefreshTokens {
  write(sessionId: string, number: number): string
  /** The session and the number of a valid token, or null. */
  read(token: string): { readonly sessionId: string; readonly number: number } | null
}

const FORM = /^rt_([\w-]{36})\.(0|[1-9]\d{0,8})\.([\w-]{43})$/

export const createRefreshTokens = (secretBox: SecretBox): RefreshTokens => {
  const message = (sessionId: string, number: number | string) => `refresh token ${sessionId}.${number}`
  return {
    write: (sessionId, number) => `rt_${sessionId}.${number}.${secretBox.mac(message(sessionId, number)).toString('base64url')}`,
    read(token) {
      const [, sessionId = '', number = '', tag = ''] = FORM.exec(token) ?? []
      if (tag === '' || !secretBox.macMatches(message(sessionId, number), Buffer.from(tag, 'base64url'))) return null
      return { sessionId, number: Number(number) }
    },
  }
}
