/** Personal access tokens: `pat_` and 43 characters of base64url. The prefix lets scanners for leaked secrets recognise them. */
import type { RandomBytes } from '../base/ports.ts'
import { newSecret } from './secret.ts'

export const newPersonalToken = (randomBytes: RandomBytes): string => `pat_${newSecret(randomBytes)}`
