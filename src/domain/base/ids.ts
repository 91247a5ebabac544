/** Ids of accounts and sessions, from the domain's source of randomness. They are opaque to all other code. */
import type { RandomBytes } from './ports.ts'
import type { Surface } from './surfaces.ts'

const METEOR_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz'
const METEOR_LENGTH = 17

/** A random UUID, version 4 (RFC 9562, 5.4). */
export const uuid = (randomBytes: RandomBytes): string => {
  const bytes = randomBytes(16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** `length` characters of `alphabet`, each equally likely (biased bytes are discarded). */
export const randomText = (randomBytes: RandomBytes, alphabet: string, length: number): string => {
  const limit = 256 - (256 % alphabet.length)
  let result = ''
  while (result.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < limit && result.length < length) result += alphabet[byte % alphabet.length]
    }
  }
  return result
}

/** Real Wekan clients check the length of ids, so accounts created through `wekan` get a Meteor id. */
export const newAccountId = (randomBytes: RandomBytes, surface: Surface): string =>
  surface === 'wekan' ? randomText(randomBytes, METEOR_ALPHABET, METEOR_LENGTH) : uuid(randomBytes)
