/** Normal forms of text: full and half width letters, decomposed letters, upper and lower case. Pure functions. */

/** The full width and half width forms: what Unicode decomposes with `<wide>` or `<narrow>` (UAX #11). */
const WIDTHS = /[\u3000\uFF01-\uFFEE]/g

/** Half width Hangul: it decomposes to a letter that NFKC decomposes once more. */
const NARROW_HANGUL = [
  [0xffa1, 0xffbe, 0x3131],
  [0xffc2, 0xffc7, 0x314f],
  [0xffca, 0xffcf, 0x3155],
  [0xffd2, 0xffd7, 0x315b],
  [0xffda, 0xffdc, 0x3161],
] as const

const withoutWidth = (form: string): string => {
  const code = form.charCodeAt(0)
  const range = NARROW_HANGUL.find(([from, to]) => from <= code && code <= to)
  if (range !== undefined) return String.fromCharCode(code - range[0] + range[2])
  return form === '\uFFE3' ? '\u00AF' : form.normalize('NFKC')
}

/** RFC 8265, 3.3.2: full width and half width forms are replaced by the normal forms. */
export const widthMapped = (text: string): string => text.replace(WIDTHS, withoutWidth)

const single = (text: string): boolean => [...text].length === 1

/**
 * Lower-case variants of a letter: `ς`, `ſ` and `ı` become `σ`, `s` and `i`, which have the same capitals. `ß` does not become
 * `ss`.
 */
const folded = (letter: string): string => {
  const [upper, lower] = [letter.toUpperCase(), letter.toUpperCase().toLowerCase()]
  return single(upper) && single(lower) ? lower : letter
}

/** Case folding. The last step works letter by letter, so that the result does not depend on neighbours, as with the Greek sigma. */
export const caseFolded = (text: string): string => text.toLowerCase().replace(/[^\0-\x7F]/gu, folded)

/** Any number of spaces between two words is one space. */
export const spaceFolded = (text: string): string => text.replace(/ {2,}/g, ' ')

/** RFC 8265, 3.3.2 and 3.3.3: width folding, NFC, trimmed. */
export const prepared = (text: string): string => widthMapped(text).normalize('NFC').trim()
