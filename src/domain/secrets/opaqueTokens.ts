/**
 * Opaque access tokens in their documented forms: `sess_<public>:<secret>` of `/v1`, 43 characters of base64url of Wekan and
 * of cookies; and personal access tokens, `pat_` and as many, so that scanners of leaked secrets know one. Kept only as
 * base64(sha256(token)), which is the form of Meteor, so that imported tokens are found the same way.
 */
import { createHash } from 'node:crypto'
import type { RandomBytes } from '../base/ports.ts'

export type OpaqueTokenKind = 'sess' | 'resume' | 'cookie' | 'personal'

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64')

/** A one-time token for links and login codes: 256 bits as base64url. */
export const newSecret = (randomBytes: RandomBytes): string => randomBytes(32).toString('base64url')

const prefixOf = (randomBytes: RandomBytes, kind: OpaqueTokenKind): string =>
  ({ sess: () => `sess_${randomBytes(16).toString('hex')}:`, resume: () => '', cookie: () => '', personal: () => 'pat_' })[kind]()

export const newOpaqueToken = (randomBytes: RandomBytes, kind: OpaqueTokenKind): string =>
  `${prefixOf(randomBytes, kind)}${newSecret(randomBytes)}`
