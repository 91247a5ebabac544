/**
 * The opaque tokens of sessions in their documented forms: `sess_<public>:<secret>` of `/v1`, and 43 characters of base64url of
 * Wekan and of cookies. Any other text, of any length, is looked up too, because imported tokens have other forms.
 */
import type { RandomBytes } from '../base/ports.ts'
import { newSecret } from './secret.ts'

export type SessionTokenKind = 'sess' | 'resume' | 'cookie'

export const newSessionToken = (randomBytes: RandomBytes, kind: SessionTokenKind): string =>
  kind === 'sess' ? `sess_${randomBytes(16).toString('hex')}:${newSecret(randomBytes)}` : newSecret(randomBytes)
