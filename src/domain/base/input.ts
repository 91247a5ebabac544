/**
 * The rules for what comes in, once, for every surface. An operation parses its input here before anything else; a
 * broken rule is one INVALID_INPUT with every wrong field at once. What a rule says by a function, its `meta` says again in JSON
 * Schema's words, for the documents of the dialects; lengths are of the text as it counts, without the white space around it.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { z } from 'zod'
import { Failure, type FieldError } from './errors.ts'
import { locales } from './locales.ts'
import { prepared } from './spelling.ts'
import { usernameProblem } from './usernames.ts'

const CONTROL = /\p{Cc}/u

/** Whether a database can hold a text: well-formed Unicode without NUL. */
export const storable = (value: string): boolean => !value.includes('\0') && value.isWellFormed()

/** Text that a database and a person can hold. */
export const text = z
  .string({ error: (issue) => (issue.input === undefined || issue.input === null ? 'is required' : 'must be a string') })
  .refine(storable, {
    error: 'must be well-formed text without NUL characters',
  })

/** Which object: its id is opaque text, and one that nothing has is not found. */
export const byId = z.object({ id: text })

/** The number of code points of a text, which is what people count. */
export const codePoints = (value: string): number => [...value].length

const upTo = (max: number) => (value: string) => value.length <= max * 2 && codePoints(value) <= max
const trimmed = text.transform((value) => value.trim())
const noControls = (value: string) => !CONTROL.test(value)

/** At sign-in: any non-empty string, no format check. */
export const nonEmpty = text.refine((value) => value !== '', 'is required').meta({ minLength: 1 })

export const email = trimmed
  .pipe(
    z
      .string()
      .min(1, 'is required')
      .max(254, 'must be a valid e-mail address')
      .regex(z.regexes.html5Email, 'must be a valid e-mail address'),
  )
  .meta({ minLength: 1, maxLength: 254 })

/** An address that somebody may have, whatever rule it was checked by when it came: imported ones are what they are. */
export const knownEmail = trimmed.pipe(
  z
    .string()
    .min(1, 'is required')
    .max(320, 'must be a valid e-mail address')
    .regex(/^[^\s\p{Cc}@]+@[^\s\p{Cc}@]+$/u, 'must be a valid e-mail address'),
)

/**
 * Whether a text, in the form in which identifiers are compared, has that of an e-mail address: of one that may sign up, such as
 * `root@localhost`, or of one that the internet delivers to, by whatever rule.
 */
export const hasAddressForm = (key: string): boolean => email.safeParse(key).success || /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(key)

/** A new username, prepared: see `usernames.ts`. Those that are there already are what they are. */
export const username = text
  .refine((value) => value.length <= 2_048, { error: 'must have at most 128 characters', abort: true })
  .transform(prepared)
  .pipe(
    z
      .string()
      .min(1, 'is required')
      .refine(upTo(128), { error: 'must have at most 128 characters', abort: true })
      .superRefine((value, context) => {
        const message = usernameProblem(value)
        if (message !== undefined) context.addIssue({ code: 'custom', message })
      }),
  )

const personName = (max: number) =>
  trimmed
    .pipe(
      z
        .string()
        .min(1, 'is required')
        .refine(upTo(max), `must have at most ${max} characters`)
        .refine(noControls, 'must not contain control characters'),
    )
    .meta({ minLength: 1, maxLength: max })

export const name = personName(100)
export const firstName = personName(50)
export const lastName = personName(50)
export const bio = text.refine(upTo(500), 'must have at most 500 characters').meta({ maxLength: 500 })

export const locale = z.enum(locales, { error: `must be one of ${locales.join(', ')}` })

/** A phone number as it was sent, with its E.164 form; numbers without a country are Egyptian. Empty and null clear it. */
export const phone = text.nullable().transform((value, context) => {
  if (value === null || value.trim() === '') return null
  const parsed = value.length <= 40 ? parsePhoneNumberFromString(value.trim(), 'EG') : undefined
  if (parsed?.isPossible()) return { asSent: value.trim(), e164: parsed.number as string }
  context.addIssue({ code: 'custom', message: 'must be a valid phone number' })
  return z.NEVER
})

/** A password to set. What is counted is what is hashed: the text in NFC. */
export const password = (minimum: number) =>
  text
    .refine((value) => codePoints(value.normalize('NFC')) >= minimum, `must have at least ${minimum} characters`)
    .refine((value) => upTo(128)(value.normalize('NFC')), 'must have at most 128 characters')
    .meta({ minLength: minimum, maxLength: 128 })

/** An instant to compare with, such that every database can. */
export const moment = z
  .date()
  .min(new Date('0001-01-02T00:00:00Z'), 'must be a later time')
  .max(new Date('9999-12-30T00:00:00Z'), 'must be an earlier time')

/** The first error of each field. */
export const fieldErrorsOf = (error: Pick<z.ZodError, 'issues'>): FieldError[] => {
  const errors = new Map<string, string>()
  for (const issue of error.issues) {
    const field = issue.path.join('.')
    if (!errors.has(field)) errors.set(field, issue.message)
  }
  return [...errors].map(([field, message]) => ({ field, message }))
}

/** The failure of input that breaks rules. */
export const invalidInput = (fieldErrors: readonly FieldError[]): Failure => {
  const [first] = fieldErrors
  return new Failure('INVALID_INPUT', {
    message: first === undefined ? 'Invalid input' : `${first.field} ${first.message}`.trim(),
    fieldErrors,
  })
}

/**
 * Reads `input` by `schema`; unknown keys are dropped.
 * @throws {Failure} INVALID_INPUT with all field errors.
 */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw invalidInput(fieldErrorsOf(result.error))
}
