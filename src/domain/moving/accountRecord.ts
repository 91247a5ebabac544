/**
 * One account in the intermediate form of imports and exports: a line of JSON (docs/moving/form.md). Each importer translates the
 * records of its origin into it. Names, addresses and usernames are taken as they are, because people must be able to go on with
 * what they have; only what the database cannot hold, or what would be unsafe, is refused.
 */
import * as z from 'zod'
import { isKnownScope } from '../accounts/accountScopes.ts'
import { identifierKey } from '../accounts/identifiers.ts'
import { codePoints, moment, text } from '../base/input.ts'
import { locales } from '../base/locales.ts'
import { canonicalBase32 } from '../twoFactor/base32.ts'
import { problemsOf } from './reportText.ts'

/** The longest identifier of an account: that of an address (RFC 5321) with some room. In code points. */
const LONGEST_IDENTIFIER = 320
const LONGEST_TEXT = 2_000
/** The most sessions, recovery codes and further addresses of one account. */
const MOST = 1_000

const upTo = (most: number) =>
  text
    .refine((value) => value.length <= most * 2 && codePoints(value) <= most, `must have at most ${most} characters`)
    .meta({ maxLength: most })
const NO_CONTROLS = 'must not contain control characters'
const hasNoControls = (value: string): boolean => !/\p{Cc}/u.test(value)
const identifier = upTo(LONGEST_IDENTIFIER)
  .transform((value) => value.trim())
  .refine((value) => identifierKey(value) !== '', 'must not be empty')
  .refine(hasNoControls, NO_CONTROLS)

const NO_TIME = 'must be a time: ISO 8601 with a time zone, or milliseconds since 1970'

/** ISO 8601 with a time zone, or milliseconds since 1970. */
const time = z
  .union([z.number(), z.iso.datetime({ offset: true, error: NO_TIME })], { error: NO_TIME })
  .transform((value) => new Date(value))
  .pipe(moment)

const totp = z.strictObject({
  /** Base32, with or without spaces and padding. */
  secret: text
    .transform((value) => value.replaceAll(/[\s=-]/g, '').toUpperCase())
    .pipe(z.string().regex(/^[A-Z2-7]{8,256}$/, 'must be base32'))
    .transform(canonicalBase32),
  digits: z.union([z.literal(6), z.literal(8)]).default(6),
  /** In seconds. */
  period: z.int().min(10).max(120).default(30),
  algorithm: z.enum(['SHA1', 'SHA256', 'SHA512']).default('SHA1'),
})

const session = z
  .strictObject({
    /** The access token, or base64(sha256(token)), which is Meteor's form, or the same in hex. */
    token: upTo(LONGEST_TEXT).optional(),
    tokenHash: text.regex(/^(?:[A-Za-z0-9+/]{43}=|[0-9a-f]{64})$/, 'must be a SHA-256 in base64 or hex').optional(),
    /** The dialect whose clients have the token. */
    surface: z.enum(['wekan', 'idiot', 'xiot', 'authentication', 'graphql']),
    createdAt: time,
    expiresAt: time,
    lastSeenAt: time.optional(),
    clientAddress: upTo(45).optional(),
    userAgent: upTo(LONGEST_TEXT).optional(),
  })
  .refine((value) => (value.token === undefined) !== (value.tokenHash === undefined), 'needs either token or tokenHash')
  .meta({ oneOf: [{ required: ['token'] }, { required: ['tokenHash'] }] })

export const accountRecord = z
  .strictObject({
    type: z.literal('account').default('account'),
    /** Kept. Without it, the account gets a new one. */
    id: upTo(255)
      .refine((value) => value !== '', 'must not be empty')
      .refine(hasNoControls, NO_CONTROLS)
      .optional(),
    username: identifier.optional(),
    email: identifier.optional(),
    /** When the address was verified; true if that is unknown. */
    emailVerified: z.union([z.boolean(), time]).default(false),
    /** Addresses beside `email`; they are reported, and not imported. */
    otherEmails: z.array(identifier).max(MOST).default([]),
    name: upTo(LONGEST_TEXT).optional(),
    firstName: upTo(LONGEST_TEXT).optional(),
    lastName: upTo(LONGEST_TEXT).nullish(),
    phone: upTo(100).optional(),
    bio: upTo(LONGEST_TEXT).optional(),
    locale: z.enum(locales).optional(),
    isAdmin: z.boolean().default(false),
    disabled: z.boolean().default(false),
    scopes: z.array(upTo(100).refine(isKnownScope, 'is not a known scope')).max(MOST).default([]),
    /** In a form of docs/moving/hashes.md. Without it, nobody can sign in by password before a reset. */
    passwordHash: upTo(4_096).optional(),
    mustChangePassword: z.boolean().default(false),
    totp: totp.optional(),
    /** In clear, of any form. Those that can be guessed are left out: fewer than 8 characters, or fewer than 12 digits and no letter. */
    recoveryCodes: z.array(upTo(100)).max(MOST).default([]),
    sessions: z.array(session).max(MOST).default([]),
    createdAt: time.optional(),
    updatedAt: time.optional(),
  })
  .refine(
    (value) => value.username !== undefined || value.email !== undefined || value.id !== undefined,
    'needs an id, a username or an e-mail address',
  )
  .meta({ anyOf: [{ required: ['id'] }, { required: ['username'] }, { required: ['email'] }] })

/** An account as an importer gives it. */
export type GivenAccount = z.input<typeof accountRecord>
/** An account whose form was checked. */
export type AccountRecord = z.output<typeof accountRecord>

export type ReadAccount = { readonly record: AccountRecord } | { readonly reason: string }

/** Checks the form of an account. `reason` names every wrong field, and nothing of its content. */
export const readAccount = (given: unknown): ReadAccount => {
  const result = accountRecord.safeParse(given)
  return result.success ? { record: result.data } : { reason: problemsOf(result.error) }
}
