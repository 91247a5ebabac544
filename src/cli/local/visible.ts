/**
 * Texts of others on a terminal: names of accounts, and what a server of another user prints. Control characters could move the cursor, hide lines
 * or have the terminal type; these and the marks that turn the direction of writing around are shown as escapes, which JSON reads as the same.
 */
const UNSAFE = /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

export const visible = (text: string): string =>
  text.replace(UNSAFE, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
