/**
 * Spellings of one text: as wide or narrow letters of East Asian keyboards, decomposed, in another case. Pure functions.
 */

/** What Unicode decomposes with `<wide>` or `<narrow>` (UAX #11): full width and half width forms. */
const WIDTHS = /[\u3000\uFF01-\uFFEE]/g

/** Half width Hangul, whose decomposition is a letter that NFKC takes apart once more. */
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

/** RFC 8265, 3.3.2: full width and half width forms become what they are forms of. */
export const widthMapped = (text: string): string => text.replace(WIDTHS, withoutWidth)

const single = (text: string): boolean => [...text].length === 1

/** A lower-case letter without its variants: `ς`, `ſ` and `ı` go with `σ`, `s` and `i`, whose capitals they share; `ß` is not `ss`. */
const folded = (letter: string): string => {
  const [upper, lower] = [letter.toUpperCase(), letter.toUpperCase().toLowerCase()]
  return single(upper) && single(lower) ? lower : letter
}

/** One form for all cases of a text; in the end letter by letter, so that no case depends on what is around, as a Greek sigma's does. */
export const caseFolded = (text: string): string => text.toLowerCase().replace(/[^\0-\x7F]/gu, folded)

/** However many spaces stand between two words, they are the same words. */
export const spaceFolded = (text: string): string => text.replace(/ {2,}/g, ' ')

/** RFC 8265, 3.3.2 and 3.3.3: width, NFC, and no white space around it. */
export const prepared = (text: string): string => widthMapped(text).normalize('NFC').trim()
