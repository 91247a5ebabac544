/**
 * The rules for input, one for all surfaces. An operation parses its input before it does anything else; a single INVALID_INPUT
 * names every wrong field. A rule that is a function has the same limits in `meta`, in the terms of JSON Schema, for the OpenAPI
 * documents. Lengths are those of the trimmed text.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js'
import * as z from 'zod'
import { Failure, type FieldError } from './errors.ts'
import { locales } from './locales.ts'
import { prepared } from './spelling.ts'
import { usernameProblem } from './usernames.ts'

const CONTROL = /\p{Cc}/u

/** Whether a database can hold a text: well-formed Unicode without NUL. */
export const storable = (value: string): boolean => !value.includes('\0') && value.isWellFormed()

/** Text that the database can store. */
export const text = z
  .string({ error: (issue) => (issue.input === undefined || issue.input === null ? 'is required' : 'must be a string') })
  .refine(storable, {
    error: 'must be well-formed text without NUL characters',
  })

/** Input that names an object by its id: any text. An unknown id is NOT_FOUND, not invalid. */
export const byId = z.object({ id: text })

/** The length of a text in code points. */
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

/** An address of an existing account. Imported addresses may break the rule for new ones, so this rule is looser. */
export const knownEmail = trimmed.pipe(
  z
    .string()
    .min(1, 'is required')
    .max(320, 'must be a valid e-mail address')
    .regex(/^[^\s\p{Cc}@]+@[^\s\p{Cc}@]+$/u, 'must be a valid e-mail address'),
)

/**
 * Whether a normalised identifier has the form of an e-mail address: one that may sign up, such as `root@localhost`, or one with a
 * domain, even if it may not sign up.
 */
export const hasAddressForm = (key: string): boolean => email.safeParse(key).success || /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(key)

/** A new username, normalised: see `usernames.ts`. Existing usernames are not checked again. */
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

/** A new password. Its length is that of its NFC form, which is also what is hashed. */
export const password = (minimum: number) =>
  text
    .refine((value) => codePoints(value.normalize('NFC')) >= minimum, `must have at least ${minimum} characters`)
    .refine((value) => upTo(128)(value.normalize('NFC')), 'must have at most 128 characters')
    .meta({ minLength: minimum, maxLength: 128 })

/** A time that the database can compare with. */
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

/** The failure for input that breaks rules. */
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
