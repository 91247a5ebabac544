/**
 * What better-auth encrypts and signs with its secret: the secret of a second factor and its backup codes (XChaCha20-Poly1305 under the
 * SHA-256 of the secret, in hex: 24 bytes of nonce, then the text), and the session tokens that clients have (token, `.`, HMAC-SHA256).
 * https://github.com/better-auth/better-auth (packages/better-auth/src/crypto/index.ts, src/cookies)
 */
import { createHash, createHmac } from 'node:crypto'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { Untranslatable } from './fromDocuments.ts'

const NONCE_BYTES = 24
/** Secrets that can be replaced have a version before the text: `$ba$1$...`. */
const ENVELOPE = /^\$ba\$\d+\$/

/** @throws {Untranslatable} if the text is not encrypted under the secret */
export const decrypted = (hex: string, secret: string): string => {
  try {
    const bytes = Buffer.from(hex.replace(ENVELOPE, ''), 'hex')
    const key = createHash('sha256').update(secret).digest()
    return Buffer.from(xchacha20poly1305(key, bytes.subarray(0, NONCE_BYTES)).decrypt(bytes.subarray(NONCE_BYTES))).toString()
  } catch {
    throw new Untranslatable('the second factor cannot be decrypted: is --secret that of this database?')
  }
}

/** The token with its signature, as the cookie and the header `set-auth-token` have it. */
export const signed = (token: string, secret: string): string => `${token}.${createHmac('sha256', secret).update(token).digest('base64')}`
