/**
 * What most secrets are: 256 random bits, kept only as a hash.
 */
import { createHash } from 'node:crypto'
import type { RandomBytes } from '../base/ports.ts'

/** 256 bits as 43 characters of base64url. */
export const newSecret = (randomBytes: RandomBytes): string => randomBytes(32).toString('base64url')

/** The form in which a secret is kept and found: base64(sha256(text)), which is Meteor's, so that imported tokens are found the same way. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64')
