/**
 * Whether a mail may repeat a name. Whoever signs up chooses the name, possibly with somebody else's address: a name that looks
 * like a link, an address, a phone number or a sentence is left out, so that our mails never carry a stranger's message.
 */
import { asRead } from './foreign.ts'

/** Letters of any script, digits, and the few marks that occur in names. */
const NAME = /^[\p{L}\p{M}\p{N} .,'\u2018\u2019\u02BC`\u2010\u2013&\u00B7\u30FB-]+$/u
/** Invisible characters separate words that look like one. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u
const LINK = /\.\S|www/iu
/** Stacked marks, and more letters of scripts without spaces than names have. */
const PILED_UP = /\p{M}{5}|[\p{Script=Han}\p{Script=Hiragana}]{9}/u
const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}.'\u2018\u2019\u02BC`]+/u

const LONGEST_NAME = 60
const MOST_WORDS = 5
/** Six digits may be a phone number, however they are grouped. */
const MOST_DIGITS = 5

const digitsIn = (text: string): number => text.match(/\p{N}/gu)?.length ?? 0
const wordsIn = (text: string): number => text.split(BETWEEN_WORDS).filter((word) => /[\p{L}\p{N}]/u.test(word)).length

const isMoreThanAName = (name: string): boolean => {
  const read = asRead(name)
  if (!NAME.test(read) || UNSEEN.test(name) || LINK.test(read) || PILED_UP.test(read)) return true
  return digitsIn(read) > MOST_DIGITS || wordsIn(read) > MOST_WORDS
}

/** The name to greet with; null if it looks like more than a name. */
export const nameToGreet = (name: string): string | null => {
  const plain = name.trim()
  return plain === '' || [...plain].length > LONGEST_NAME || isMoreThanAName(plain) ? null : plain
}

/** The name of a token for a mail; some more marks are usual in it. */
export const tokenNameToSay = (name: string): string => (nameToGreet(name.replace(/[_#()]/g, ' ')) === null ? '…' : name.trim())
