/** The usual secret: 256 random bits, stored only as a hash. */
import { hash } from 'node:crypto'
import type { RandomBytes } from '../base/ports.ts'

/** 256 bits as 43 characters of base64url. */
export const newSecret = (randomBytes: RandomBytes): string => randomBytes(32).toString('base64url')

/** The stored form of a secret: base64(sha256(text)). It is Meteor's form, so imported tokens are found in the same way. */
export const hashSecret = (secret: string): string => hash('sha256', secret, 'base64')
