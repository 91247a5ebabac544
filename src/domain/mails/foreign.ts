/**
 * What others wrote, made fit for a mail of ours. It may be hostile: it makes no line of its own, does not turn the direction
 * of the words around it, carries no link that a mail program would make one of, and has an end.
 */
const LINE_BREAKING = /[\p{Cc}\p{Zl}\p{Zp}]+/gu
const TURNING = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g
const MAY_PASS_FOR_A_LINK = /:\/\/|@|www\.|\.\p{L}{2,}/iu
const LONGEST = 200
/** After NFKC, the one sign that programs take for a dot in a domain (UTS #46, 4.2.2). */
const OTHER_DOT = /\u3002/g

/** A text as people and mail programs read it: letters, digits, dots and signs of other widths and forms are the plain ones. */
export const asRead = (text: string): string => text.normalize('NFKC').replace(OTHER_DOT, '.')

/** In one line, and without marks that turn the direction of text. */
export const inOneLine = (text: string): string => text.replace(LINE_BREAKING, ' ').replace(TURNING, '').trim()

/** At most 200 characters; words that could pass for a link or an address are left out. */
export const withoutLinks = (text: string): string => {
  const kept = inOneLine(text)
    .split(/\s+/u)
    .map((word) => (MAY_PASS_FOR_A_LINK.test(asRead(word)) ? '…' : word))
    .join(' ')
  const characters = [...kept]
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join('')}…` : kept
}

const LONGEST_DOMAIN = 60

/** `n***@example.com`: enough to know one's own address again, too little to learn another's. A domain that is a message is none. */
export const masked = (address: string): string => {
  const at = address.lastIndexOf('@')
  if (at < 1) return '***'
  const domain = address.slice(at + 1)
  return `${[...address][0]}***@${domain.length > LONGEST_DOMAIN || (domain.match(/\p{N}/gu)?.length ?? 0) > 5 ? '***' : domain}`
}
