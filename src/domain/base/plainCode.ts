/**
 * Codes as people type them: in the digits of any script, full width, with dashes and spaces between groups, or pasted with
 * invisible direction marks. They are brought into one form before they are compared.
 */
const DIGIT = /\p{Nd}/u
/** Dashes of every length, including the minus sign; white space; invisible characters. */
const BETWEEN = /[\p{Pd}\u2212\s\p{Cf}]/gu

/** The value of a decimal digit of any script; digits stand in runs of ten, from zero to nine (Unicode, 4.6). */
const worthOf = (digit: string): string => {
  const at = digit.codePointAt(0) ?? 0
  let before = 0
  while (DIGIT.test(String.fromCodePoint(at - before - 1))) before += 1
  return String(before % 10)
}

/** A code in ASCII digits and capital letters, without separators. */
export const plainCode = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(BETWEEN, '')
    .replace(/\p{Nd}/gu, worthOf)
    .toUpperCase()
