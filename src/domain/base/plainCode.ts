/**
 * Codes as people type them: in whatever decimal digits their keyboard has, in full width, with dashes and spaces between groups,
 * or pasted with marks of the writing direction around them. One form for each, before anything is looked at.
 */
const DIGIT = /\p{Nd}/u
/** Dashes of every length, the minus sign among them; white space; signs that are not seen. */
const BETWEEN = /[\p{Pd}\u2212\s\p{Cf}]/gu

/** What a decimal digit of any script is worth: they stand in runs of ten, from zero to nine (Unicode, 4.6). */
const worthOf = (digit: string): string => {
  const at = digit.codePointAt(0) ?? 0
  let before = 0
  while (DIGIT.test(String.fromCodePoint(at - before - 1))) before += 1
  return String(before % 10)
}

/** A code in ASCII digits and capital letters, without what stands between its groups. */
export const plainCode = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(BETWEEN, '')
    .replace(/\p{Nd}/gu, worthOf)
    .toUpperCase()
