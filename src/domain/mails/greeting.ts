/**
 * The first line of a mail. Whoever signs up chooses the name, and may do so with somebody else's address: a name that could
 * pass for a link, an address or a sentence is left out, so that no mail of ours carries a stranger's message.
 */
const MORE_THAN_A_NAME = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}:/\\@<>()[\]{}!?]|\.\S|www|\d{5}/iu
const LONGEST_NAME = 60

export const isPlainName = (name: string): boolean =>
  name.trim() !== '' && [...name.trim()].length <= LONGEST_NAME && !MORE_THAN_A_NAME.test(name.trim())

export const greeting = (name: string): string => (isPlainName(name) ? `Hello ${name.trim()},` : 'Hello,')
