/** The forms of simple settings: words, numbers, lists. Error messages repeat a value only where it cannot be a secret. */
import { availableParallelism } from 'node:os'
import * as z from 'zod'
import { nearest } from './near.ts'

/** The value in quotes, cut to fit a line. */
export const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text)

const MEANT: Readonly<Record<string, string>> = { yes: 'true', on: 'true', '1': 'true', no: 'false', off: 'false', '0': 'false' }

const meantBy = (text: string, values: readonly string[]): string | undefined => {
  const word = text.toLowerCase()
  const begun = word.length < 3 ? undefined : values.find((value) => value.startsWith(word) || word.startsWith(value))
  const synonym = MEANT[word]
  return begun ?? (synonym !== undefined && values.includes(synonym) ? synonym : nearest(word, values))
}

/** One of these words; `otherwise` is the suggestion for a word that is not similar to any. */
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T, otherwise?: T[number]) =>
  z.enum(values, {
    error: ({ input }) => {
      const text = String(input)
      const meant = meantBy(text, values) ?? otherwise
      return `${quoted(text)} is none of ${values.join(', ')}${meant === undefined ? '' : `: ${meant}?`}`
    },
  })

export const flag = oneOf(['true', 'false']).transform((text) => text === 'true')

export const natural = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number')
  .transform(Number)

const MOST = 1_000_000
/** A limit, at most a million. */
export const positive = natural.refine((n) => n > 0, 'must be at least 1').refine((n) => n <= MOST, `must be at most ${MOST}`)

/** A part of a whole. */
export const share = z
  .string()
  .regex(/^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/, 'must be a number from 0 to 1, such as 0.1')
  .transform(Number)

const MOST_WORKERS = 64
/** How many processes serve; `auto`: as many as there are cores. */
export const workerCount = z
  .string()
  .transform((text) => (text === 'auto' ? Math.min(availableParallelism(), MOST_WORKERS) : /^\d+$/.test(text) ? Number(text) : 0))
  .refine((count) => count >= 1 && count <= MOST_WORKERS, `must be 1 to ${MOST_WORKERS}, or auto`)

const parts = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((entries) => !entries.includes(''), { error: 'has an empty entry', abort: true })

const repeated = (entries: readonly string[]): string | undefined => entries.find((entry, index) => entries.indexOf(entry) < index)

/** A list separated by commas, each entry once. */
export const list = z
  .string()
  .transform((text, context) => {
    if (text === '') return []
    const parsed = parts.safeParse(text)
    if (parsed.success) return parsed.data
    context.addIssue({ code: 'custom', message: 'has an empty entry' })
    return z.NEVER
  })
  .superRefine((entries, context) => {
    const again = repeated(entries)
    if (again !== undefined) context.addIssue({ code: 'custom', message: `${quoted(again)} is listed twice` })
  })

const KEY_LENGTH = 32
/** Keys separated by commas; error messages never repeat them. */
export const secretKeys = parts
  .refine((keys) => keys.every((key) => key.length >= KEY_LENGTH), `must have at least ${KEY_LENGTH} characters`)
  .refine((keys) => repeated(keys) === undefined, 'has the same key twice')
