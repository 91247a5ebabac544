/**
 * Supabase's users: rows of the table `auth.users`, as CSV or JSON. Where a query adds the columns `identities` and `mfa_factors`, with
 * the rows of these tables as JSON, they are read as well.
 * https://github.com/supabase/auth (internal/models/user.go, internal/models/factor.go, internal/crypto/password.go)
 */
import * as z from 'zod'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { asOf, asOfIn, BANNED } from './bans.ts'
import { flag, object, rows, text, textIn, time } from './fields.ts'
import { importerOf, type Translate, Untranslatable } from './fromDocuments.ts'
import { ANONYMOUS, ENCRYPTED_APP, MORE_FACTORS, SMS, signsInBy, WEBAUTHN } from './notes.ts'
import { rowsOf } from './sources/rows.ts'

/** Bans without end are far in the future. */
const until = z.union([z.literal(['infinity', 'Infinity']).transform(() => Number.MAX_SAFE_INTEGER), time]).optional()

const factor = z.object({ factor_type: z.string(), status: z.string(), secret: text })
type Factor = z.output<typeof factor>

const user = z.object({
  id: z.string(),
  email: text,
  encrypted_password: text,
  email_confirmed_at: time,
  confirmed_at: time,
  phone: text,
  banned_until: until,
  deleted_at: time,
  is_super_admin: flag,
  is_sso_user: flag,
  is_anonymous: flag,
  raw_user_meta_data: object,
  raw_app_meta_data: object,
  created_at: time,
  updated_at: time,
  identities: rows(z.looseObject({ provider: z.string() })),
  mfa_factors: rows(factor),
})
type User = z.output<typeof user>

/** Firebase's scrypt, as Supabase writes it: `$fbscrypt$v=1,n=14,r=8,p=1,ss=SEPARATOR,sk=KEY$SALT$HASH`. */
const FIREBASE =
  /^\$fbscrypt\$v=1,n=(?<n>\d+),r=(?<r>\d+),p=(?<p>\d+)(?:,ss=(?<ss>[^,$]+))?,sk=(?<sk>[^$]+)\$(?<salt>[^$]+)\$(?<hash>[^$]+)$/

const hashOf = (hash: string | undefined): string | undefined => {
  const { n, r, p, ss = '', sk, salt, hash: value } = FIREBASE.exec(hash ?? '')?.groups ?? {}
  return n === undefined ? hash : `$firescrypt$ln=${n},r=${r},p=${p}$${salt}$${value}$${ss}$${sk}`
}

/** Supabase can encrypt the secrets of factors under a key that is not in the database. */
const isPlain = ({ secret = '' }: Factor): boolean => /^[A-Z2-7]+=*$/.test(secret)

const OTHER_FACTORS: ReadonlyMap<string, string> = new Map([
  ['phone', SMS],
  ['webauthn', WEBAUTHN],
])

const providersOf = ({ identities, raw_app_meta_data: { provider, providers } }: User): string[] => {
  const named = identities.length > 0 ? identities.map((identity) => identity.provider) : Array.isArray(providers) ? providers : [provider]
  return named.filter((name): name is string => typeof name === 'string' && name !== 'email')
}

const notesOf = (read: User, verified: readonly Factor[], isBanned: boolean): string[] => {
  const apps = verified.filter(({ factor_type }) => factor_type === 'totp')
  return [
    ...providersOf(read).map(signsInBy),
    ...verified.flatMap(({ factor_type }) => OTHER_FACTORS.get(factor_type) ?? []),
    ...(apps.some((app) => !isPlain(app)) ? [ENCRYPTED_APP] : []),
    ...(apps.filter(isPlain).length > 1 ? [MORE_FACTORS] : []),
    ...(isBanned ? [BANNED] : []),
    ...(read.is_anonymous === true ? [ANONYMOUS] : []),
  ]
}

const translator =
  (asOf: number): Translate =>
  (document) => {
    const read = user.parse(document)
    if (read.deleted_at !== undefined) throw new Untranslatable('the account was deleted')
    const verified = read.mfa_factors.filter(({ status }) => status === 'verified')
    const app = verified.find((each) => each.factor_type === 'totp' && isPlain(each))
    const isBanned = (read.banned_until ?? 0) > asOf
    const { raw_user_meta_data: data } = read
    const account: GivenAccount = {
      id: read.id,
      username: textIn(data, 'username', 'user_name', 'preferred_username'),
      email: read.email,
      emailVerified: read.email_confirmed_at ?? (read.email === undefined ? undefined : read.confirmed_at) ?? false,
      name: textIn(data, 'full_name', 'name', 'display_name'),
      firstName: textIn(data, 'first_name', 'given_name'),
      lastName: textIn(data, 'last_name', 'family_name'),
      phone: read.phone ?? textIn(data, 'phone'),
      isAdmin: read.is_super_admin === true,
      disabled: isBanned,
      passwordHash: hashOf(read.encrypted_password),
      totp: app?.secret === undefined ? undefined : { secret: app.secret },
      createdAt: read.created_at,
      updatedAt: read.updated_at,
    }
    return { account, notes: notesOf(read, verified, isBanned) }
  }

export const supabase = importerOf({
  name: 'supabase',
  summary: 'the table `auth.users` of Supabase, as CSV or JSON',
  options: [asOf],
  documents: rowsOf,
  translator: (options) => translator(asOfIn(options)),
})
