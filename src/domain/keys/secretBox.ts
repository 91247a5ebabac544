/**
 * Encryption at rest: AES-256-GCM with keys derived (HKDF-SHA-256, RFC 5869) from SECRET_KEY. An envelope names its key: the first
 * of several SECRET_KEYs encrypts, and all decrypt. It is also bound to its place by `context`: an envelope copied to another row
 * does not open.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { RandomBytes } from '../base/ports.ts'

export interface SecretBox {
  /** The prefix of envelopes of the first key. */
  readonly prefix: string
  /** Whether there are keys that only decrypt. */
  readonly hasOlderKeys: boolean
  seal(plaintext: string, context: string): string
  /** @throws {SecretBoxError} if no key fits or the envelope was changed */
  open(envelope: string, context: string): string
  /** A keyed hash (HMAC-SHA-256, 32 bytes) of `message` with the newest key. */
  mac(message: string): Buffer
  /** The keyed hashes of `message` with every key, that of the newest first. */
  macs(message: string): readonly Buffer[]
  /** Whether `tag` is the keyed hash of `message` with any key; constant time. */
  macMatches(message: string, tag: Buffer): boolean
}

export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError'
}

const IV_BYTES = 12
const TAG_BYTES = 16

const derive = (secret: string, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', `vestibule ${purpose}`, 32))

const keysOf = (secret: string) => {
  const sealing = derive(secret, 'sealing')
  return { id: createHash('sha256').update(sealing).digest('base64url').slice(0, 8), sealing, mac: derive(secret, 'mac') }
}

export function createSecretBox(secrets: readonly string[], randomBytes: RandomBytes): SecretBox {
  const keys = secrets.map(keysOf)
  const newest = keys[0]
  if (newest === undefined) throw new SecretBoxError('no SECRET_KEY')
  const prefix = `v1.${newest.id}.`
  const macOf = (key: Buffer, message: string) => createHmac('sha256', key).update(message).digest()
  return {
    prefix,
    hasOlderKeys: keys.some(({ id }) => id !== newest.id),
    seal(plaintext, context) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', newest.sealing, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${prefix}${iv.toString('base64url')}.${body.toString('base64url')}`
    },
    open(envelope, context) {
      const [version, id, iv = '', sealed = ''] = envelope.split('.')
      const key = keys.find((candidate) => candidate.id === id)
      if (version !== 'v1' || key === undefined) throw new SecretBoxError('sealed with another SECRET_KEY')
      const body = Buffer.from(sealed, 'base64url')
      try {
        const decipher = createDecipheriv('aes-256-gcm', key.sealing, Buffer.from(iv, 'base64url'), { authTagLength: TAG_BYTES })
          .setAAD(Buffer.from(context))
          .setAuthTag(body.subarray(-TAG_BYTES))
        return decipher.update(body.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        throw new SecretBoxError('changed or moved since it was sealed')
      }
    },
    mac: (message) => macOf(newest.mac, message),
    macs: (message) => keys.map((key) => macOf(key.mac, message)),
    macMatches: (message, tag) => keys.filter((key) => timingSafeEqual(macOf(key.mac, message), tag)).length > 0,
  }
}
