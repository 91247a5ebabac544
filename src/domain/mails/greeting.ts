/**
 * Whether the first line of a mail says the name. Whoever signs up chooses it, and may do so with somebody else's address: a
 * name that could pass for a link, an address or a sentence is left out, so that no mail of ours carries a stranger's message.
 */
const MORE_THAN_A_NAME = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}:/\\@<>()[\]{}!?]|\.\S|www|\d{5}/iu
const LONGEST_NAME = 60

/** The name to greet by; null for one that is more than a name. */
export const nameToGreet = (name: string): string | null => {
  const plain = name.trim()
  return plain === '' || [...plain].length > LONGEST_NAME || MORE_THAN_A_NAME.test(plain) ? null : plain
}
