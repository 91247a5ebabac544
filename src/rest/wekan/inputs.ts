/**
 * What `wekan` reads, as Meteor's `check` does: one message for whatever is wrong.
 */
import * as z from 'zod'
import { storable, text } from '../../domain/base/input.ts'

const MATCH_FAILED = 'Match failed'
const string = z.string(MATCH_FAILED).refine(storable, MATCH_FAILED)
const nonEmpty = string.refine((value) => value !== '', MATCH_FAILED)
const orAbsent = string.optional().transform((value) => (value === '' ? undefined : value))

const username = { description: 'Your username', example: 'myusername' }
const email = { description: 'Your email', example: 'my@email.com' }
const password = nonEmpty.meta({ description: 'Your password', example: 'my$up3erP@ssw0rd' })

export const Credentials = z
  .object({ username: orAbsent.meta(username), email: orAbsent.meta(email), password })
  .meta({ id: 'Credentials', description: 'A username or an e-mail address, and a password' })

/** One of the two identifiers. */
export const SignIn = Credentials.extend({
  code: orAbsent.meta({ description: 'A code of the second factor, where the account has one' }),
}).refine(({ username, email }) => (username === undefined) !== (email === undefined), MATCH_FAILED)

/** The document asks for all three. */
export const NewUser = z.object({ username: nonEmpty.meta(username), email: nonEmpty.meta(email), password }).meta({ id: 'NewUser' })

export const userId = (description: string) => z.object({ id: text.meta({ description, example: 'BsNr28znDkG8aeo7W' }) })

/** Wekan takes true, 1, and these words of a form for yes; whatever else is sent does not ask for all. */
const isYes = (value: unknown): boolean =>
  value === true || value === 1 || (typeof value === 'string' && ['true', '1', 'yes'].includes(value.trim().toLowerCase()))

/** Text that cannot be stored is invalid here as everywhere. */
const isPlain = (value: unknown): boolean => typeof value !== 'string' || storable(value)

export const Logout = z.object({
  all: z
    .unknown()
    .optional()
    .refine(isPlain, MATCH_FAILED)
    .transform(isYes)
    .meta({ description: 'true, 1, "true", "1" or "yes": everywhere', example: true }),
})

const ACTIONS = { disableLogin: false, enableLogin: true } as const

/** An action is read as what `loginEnabled` becomes. */
export const EditUser = z.object({
  action: nonEmpty
    .pipe(z.enum(['disableLogin', 'enableLogin'], 'Unknown action: it must be disableLogin or enableLogin'))
    .transform((action) => ACTIONS[action])
    .meta({ enum: ['disableLogin', 'enableLogin'], example: 'disableLogin' }),
})
