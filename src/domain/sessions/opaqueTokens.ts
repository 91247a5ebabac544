/**
 * Opaque access tokens in their documented forms: `sess_<public>:<secret>` of `/v1`, 43 characters of base64url of Wekan.
 * Kept only as base64(sha256(token)), which is the form of Meteor, so that imported tokens are found the same way.
 */
import { createHash } from 'node:crypto'
import type { RandomBytes } from '../ports.ts'

export type OpaqueTokenKind = 'sess' | 'resume'

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64')

/** A one-time token for links and login codes: 256 bits as base64url. */
export const newSecret = (randomBytes: RandomBytes): string => randomBytes(32).toString('base64url')

export const newOpaqueToken = (randomBytes: RandomBytes, kind: OpaqueTokenKind): string =>
  kind === 'resume' ? newSecret(randomBytes) : `sess_${randomBytes(16).toString('hex')}:${newSecret(randomBytes)}`
