/**
 * The second protection of the log: values under a name that sounds secret become `[redacted]`, and errors are reduced to type, message,
 * stack, code and cause, because drivers attach whole requests to them.
 *
 * The first protection is not to log secrets. Looks four levels deep, and prints nothing of what lies deeper; a `code` counts as a second-
 * factor code unless it belongs to an error.
 */
const SECRET =
  /pass(word|phrase)|passwd|token|secret|^(?:login|recovery|totp|sms)?codes?$|authorization|cookie|credential|api-?key|private-?key|otpauth|qr-?code/i
const DEPTH = 4

export const REDACTED = '[redacted]'

/** Names that were judged, since lines have the same few: judging them anew takes as long as writing the line. */
const judged = new Map<string, boolean>()
const MOST_JUDGED = 1_000

const isSecret = (name: string): boolean => {
  const known = judged.get(name)
  if (known !== undefined) return known
  const found = SECRET.test(name)
  if (judged.size < MOST_JUDGED) judged.set(name, found)
  return found
}

const plainError = (error: Error & { code?: unknown }, depth: number): object => ({
  type: error.name,
  message: error.message,
  stack: error.stack,
  ...(typeof error.code === 'string' || typeof error.code === 'number' ? { code: error.code } : {}),
  ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
})

/** A copy of `value` that may be logged. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth >= DEPTH) return '[deeper]'
  if (value instanceof Error) return plainError(value, depth)
  if (ArrayBuffer.isView(value)) return '[binary]'
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  const copy: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) {
    // Setting it would change what the copy is.
    if (name === '__proto__') continue
    copy[name] = item !== null && isSecret(name) ? REDACTED : redact(item, depth + 1)
  }
  return copy
}
