/**
 * Personal access tokens: `pat_` and 43 characters of base64url, so that scanners of leaked secrets know one.
 */
import type { RandomBytes } from '../base/ports.ts'
import { newSecret } from './secret.ts'

export const newPersonalToken = (randomBytes: RandomBytes): string => `pat_${newSecret(randomBytes)}`
