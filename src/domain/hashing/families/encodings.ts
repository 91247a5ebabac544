/** The base64 of hash strings: standard (RFC 4648) with or without padding, passlib's with `.` for `+`, and that of crypt(3). */
import { HashRefused } from './family.ts'

const PADDING = '='

/** Without the padding at its end. (`/=+$/` would take the square of the length of a hostile text.) */
export const unpadded = (base64: string): string => {
  let end = base64.length
  while (end > 0 && base64[end - 1] === PADDING) end -= 1
  return base64.slice(0, end)
}

/** @throws {HashRefused} for a text that is not the base64 of at least one byte */
export const fromBase64 = (text: string): Buffer => {
  const standard = text.replaceAll('.', '+')
  const bytes = Buffer.from(standard, 'base64')
  if (bytes.length === 0 || unpadded(bytes.toString('base64')) !== unpadded(standard))
    throw new HashRefused('salt or hash is not valid base64')
  return bytes
}

/** The same, for a part that may be empty. */
export const fromBase64OrNothing = (text: string): Buffer => (text === '' ? Buffer.alloc(0) : fromBase64(text))

/** Without padding. */
export const toBase64 = (bytes: Uint8Array): string => unpadded(Buffer.from(bytes).toString('base64'))

/** The base64 of so many bytes that are zero. */
export const zeros = (bytes: number): string => toBase64(Buffer.alloc(bytes))

const CRYPT_ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The last group of fewer than three bytes has fewer characters. Each character has six bits, the lowest ones first. */
export const toCrypt64 = (bytes: readonly number[]): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const group = bytes.slice(at, at + 3)
    let bits = group.reduce((sum, byte, index) => sum | (byte << (8 * index)), 0)
    for (let characters = group.length + 1; characters > 0; characters -= 1) {
      text += CRYPT_ALPHABET[bits & 63]
      bits >>>= 6
    }
  }
  return text
}

/** The number that a character of crypt(3)'s base64 stands for; -1 for any other character. */
export const crypt64Digit = (character: string): number => CRYPT_ALPHABET.indexOf(character)
