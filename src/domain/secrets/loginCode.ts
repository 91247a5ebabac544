/** The code between a right password and the second factor: 43 characters of base64url, valid for one sign-in. */
import { hashSecret, newSecret } from './secret.ts'

export const newLoginCode = newSecret
export const hashLoginCode = hashSecret
