/**
 * The rules for new usernames. Allowed are letters, marks and digits, ASCII signs, emoji, and spaces (RFC 8264, IdentifierClass;
 * spaces as in RFC 8265), so that no character is invisible or a mere variant; only scripts that are written together (UTS #39,
 * Highly Restrictive); and only text that reads the same in both directions (RFC 5893, the Bidi Rule).
 *
 * The tables are those of Node's Unicode version: unknown letters are refused. Whole-script look-alikes are not detected: a name of
 * only Cyrillic letters may look like a Latin one.
 */

const HIDDEN = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u

/** Letters, digits and marks, printable ASCII, the characters that RFC 8264, 9.6 lists as valid, and emoji. */
const ALLOWED = /^[ -~\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}\p{Emoji_Presentation}\u06FD\u06FE\u0F0B\u3007]*$/u
/** Characters of these classes that are refused nevertheless: RFC 8264, 9.6 (such as tatweel) and 9.9 (conjoining Hangul). */
const EXCEPT = /[\u0640\u07FA\u302E\u302F\u3031-\u3035\u303B\u1100-\u11FF\uA960-\uA97C\uD7B0-\uD7FB]/u
/** RFC 5892, A.3 to A.7: characters that are valid only next to certain letters. Those for digits, A.8 and A.9, are below. */
const IN_CONTEXT =
  /(?<=[lL])\u00B7(?=[lL])|\u0375(?=\p{Script=Greek})|(?<=\p{Script=Hebrew})[\u05F3\u05F4]|(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])\u30FB/gu

/** UTS #39, 5.4: the same mark twice, or more than four marks. */
const STRAY_MARKS = /\p{Mn}{5}|(\p{Mn})\1|(?:^| )\p{M}/u

/** UAX #31, table 5: the scripts recommended for identifiers. */
const SCRIPTS =
  'Arabic Armenian Bengali Bopomofo Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana Kannada Katakana Khmer Lao Latin Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan'.split(
    ' ',
  )
/** UTS #39, 5.2: scripts that are written together. */
const TOGETHER = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
]

/** Texts whose letters all belong to these scripts, or to none. */
const writtenIn = (scripts: readonly string[]): RegExp =>
  new RegExp(`^[${['Common', 'Inherited', ...scripts].map((script) => `\\p{Script_Extensions=${script}}`).join('')}]*$`, 'u')

const WRITINGS = [...SCRIPTS.map((script) => [script]), ...TOGETHER].map(writtenIn)

const RTL_LETTER = '(?=[\\p{Script=Arabic}\\p{Script=Hebrew}\\p{Script=Thaana}])\\p{L}'
const RIGHT_TO_LEFT = new RegExp(RTL_LETTER, 'u')
/**
 * RFC 5893, 2, rules 1 to 3, with spaces inside: starts with a letter, ends with a letter or digit and its marks, and has no
 * letters of the other direction.
 */
const READS_ONE_WAY = new RegExp(`^${RTL_LETTER}(?:${RTL_LETTER}|\\P{L})*$(?<=[\\p{L}\\p{Nd}]\\p{M}*)`, 'u')
/** The same, rule 4, and RFC 5892, A.8 and A.9. */
const DIGITS = [/[0-9]/, /[\u0660-\u0669]/, /[\u06F0-\u06F9]/]

/** What is wrong with a normalised username; undefined if nothing. */
export const usernameProblem = (username: string): string | undefined => {
  if (HIDDEN.test(username)) return 'must not contain control or invisible characters'
  if (!ALLOWED.test(username.replace(IN_CONTEXT, '')) || EXCEPT.test(username) || username.normalize('NFKC') !== username)
    return 'must consist of letters, digits, emoji and the signs of ASCII'
  if (STRAY_MARKS.test(username)) return 'must not pile up marks on a letter, nor have any without one'
  if (!WRITINGS.some((writing) => writing.test(username))) return 'must not mix letters of different scripts'
  if (DIGITS.filter((kind) => kind.test(username)).length > 1) return 'must not mix digits of different kinds'
  if (RIGHT_TO_LEFT.test(username) && !READS_ONE_WAY.test(username)) return 'must begin with a letter and end with a letter or digit'
  return undefined
}
