/**
 * The code between a right password and a second factor: 43 characters of base64url, good for one sign-in.
 */
import { hashSecret, newSecret } from './secret.ts'

export const newLoginCode = newSecret
export const hashLoginCode = hashSecret
