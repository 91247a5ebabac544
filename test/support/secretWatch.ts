/**
 * Finds secrets in log lines. It notes every secret that a world is sent or hands out: passwords, tokens, codes, keys, by the names of the
 * fields that carry them, and what mails carry. Lines are searched for each however deep it lies.
 */
import type { Mail } from '../../src/domain/base/ports.ts'
import type { LogLine } from './world.ts'

const NAMES =
  /^(?:(?:old|new)?password(?:confirmation)?|confirm|token|access_?token|refresh_?token|accessToken|loginCode|code|recoveryCodes?|secret|otpauthUrl|qrCode)$/i
/** Under `code` a failure has its name. */
const isCode = (text: string): boolean => /^[A-Z_]+$/.test(text)
/** Only where this is a word of the log, the log is searched for the whole. */
const longestWord = (secret: string): string =>
  secret.split(/[^\w-]+/).reduce((longest, word) => (word.length > longest.length ? word : longest), '')
/** Shorter texts are words of any log. */
const SHORTEST = 6

export interface SecretWatch {
  /** What a request or an answer has in its body. */
  body(text: unknown): void
  token(token: string | undefined): void
  mail(mail: Mail): void
  readonly count: () => number
  /** The secrets that these lines have. */
  foundIn(lines: readonly LogLine[]): string[]
}

export const createSecretWatch = (): SecretWatch => {
  const secrets = new Set<string>()
  const note = (text: string): void => {
    if (text.length >= SHORTEST && !isCode(text)) secrets.add(text)
  }
  const look = (value: unknown, isSecret: boolean): void => {
    if (typeof value === 'string' && isSecret) note(value)
    if (typeof value !== 'object' || value === null) return
    for (const [name, item] of Object.entries(value)) look(item, NAMES.test(name) || (isSecret && Array.isArray(value)))
    if (!Array.isArray(value) && isSecret) for (const item of Object.values(value)) look(item, false)
  }
  return {
    body: (value) => look(value, false),
    token: (token) => {
      if (token !== undefined) note(token)
    },
    mail: ({ text }) => {
      for (const [, token] of text.matchAll(/#token=([\w-]+)/g)) note(token ?? '')
    },
    count: () => secrets.size,
    foundIn(lines) {
      const text = lines.map((line) => JSON.stringify(line)).join('\n')
      const words = new Set(text.split(/[^\w-]+/))
      return [...secrets].filter((secret) => words.has(longestWord(secret)) && text.includes(JSON.stringify(secret).slice(1, -1)))
    },
  }
}
