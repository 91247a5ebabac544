/**
 * Makes other people's words safe for a mail. They may be hostile: they cannot begin a new line, change the writing direction
 * around them, contain a text that a mail program turns into a link, or be of any length.
 */
const LINE_BREAKING = /[\p{Cc}\p{Zl}\p{Zp}]+/gu
const TURNING = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g
const MAY_PASS_FOR_A_LINK = /:\/\/|@|www\.|\.\p{L}{2,}/iu
const LONGEST = 200
/** After NFKC, the only other character that programs read as a dot in a domain (UTS #46, 4.2.2). */
const OTHER_DOT = /\u3002/g

/** A text as people and mail programs read it: variants of letters, digits, dots and signs become the plain ones. */
export const asRead = (text: string): string => text.normalize('NFKC').replace(OTHER_DOT, '.')

/** On one line, without marks that change the writing direction. */
export const inOneLine = (text: string): string => text.replace(LINE_BREAKING, ' ').replace(TURNING, '').trim()

/** At most 200 characters; words that look like a link or an address are left out. */
export const withoutLinks = (text: string): string => {
  const kept = inOneLine(text)
    .split(/\s+/u)
    .map((word) => (MAY_PASS_FOR_A_LINK.test(asRead(word)) ? '…' : word))
    .join(' ')
  const characters = [...kept]
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join('')}…` : kept
}

const LONGEST_DOMAIN = 60

/**
 * `n***@example.com`: enough to recognise your own address, too little to learn somebody else's. A domain that is a message is left
 * out.
 */
export const masked = (address: string): string => {
  const at = address.lastIndexOf('@')
  if (at < 1) return '***'
  const domain = address.slice(at + 1)
  return `${[...address][0]}***@${domain.length > LONGEST_DOMAIN || (domain.match(/\p{N}/gu)?.length ?? 0) > 5 ? '***' : domain}`
}
