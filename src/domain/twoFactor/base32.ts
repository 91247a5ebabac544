/** Base32 (RFC 4648) as people and programs write it, without what stands for no whole byte. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const BITS = 5

/**
 * The text of the same bytes that every reader takes. Apps ignore bits at the end that are no whole byte; strict readers refuse them.
 * @param text capital letters and digits of base32, without padding
 */
export const canonicalBase32 = (text: string): string => {
  const characters = Math.ceil((Math.floor((text.length * BITS) / 8) * 8) / BITS)
  const spare = (characters * BITS) % 8
  const last = ALPHABET.indexOf(text[characters - 1] ?? '')
  return text.slice(0, characters - 1) + ALPHABET.charAt((last >> spare) << spare)
}
