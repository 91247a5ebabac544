/**
 * Devise's users: rows of the table `users`, as CSV or JSON.
 * https://github.com/heartcombo/devise (lib/devise/encryptor.rb, lib/devise/models), https://github.com/devise-two-factor/devise-two-factor
 */
import * as z from 'zod'
import { toBase64 } from '../domain/hashing/families/encodings.ts'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { flag, json, text, time } from './fields.ts'
import { importerOf, type Translate } from './fromDocuments.ts'
import type { ImporterOption } from './importer.ts'
import { ENCRYPTED_APP, HASHED_CODES } from './notes.ts'
import { rowsOf } from './sources/rows.ts'

const options: readonly ImporterOption[] = [
  {
    name: 'pepper',
    value: 'TEXT',
    description: 'config.pepper of config/initializers/devise.rb, if it is set',
    env: 'DEVISE_PEPPER',
  },
  {
    name: 'locked',
    value: 'WHAT',
    description: 'what becomes of accounts that Devise has locked',
    choices: ['disable', 'ignore'],
    default: 'disable',
  },
]

const user = z.object({
  id: text,
  email: text,
  username: text,
  login: text,
  encrypted_password: text,
  confirmed_at: time,
  unconfirmed_email: text,
  locked_at: time,
  deleted_at: time,
  name: text,
  full_name: text,
  first_name: text,
  last_name: text,
  phone: text,
  phone_number: text,
  admin: flag,
  is_admin: flag,
  role: text,
  otp_secret: text,
  encrypted_otp_secret: text,
  otp_required_for_login: flag,
  otp_backup_codes: z
    .union([json(z.array(z.string())), z.string()])
    .nullish()
    .catch(null),
  created_at: time,
  updated_at: time,
})
type User = z.output<typeof user>

const UNCONFIRMED = 'a new e-mail address that was not yet confirmed'
const LOCKED = 'a lock that would have ended by itself: the account is disabled for good'

const BASE32 = /^[A-Z2-7=\s]+$/i

/** Rails decrypts the secret when it writes JSON; what the database has is of no use without its keys. */
const secretOf = ({ otp_secret, otp_required_for_login }: User): string | undefined =>
  otp_required_for_login === true && otp_secret !== undefined && BASE32.test(otp_secret) ? otp_secret : undefined

const notesOf = (read: User, isLocked: boolean): string[] => [
  ...(read.otp_required_for_login === true && secretOf(read) === undefined ? [ENCRYPTED_APP] : []),
  ...((read.otp_backup_codes?.length ?? 0) > 0 ? [HASHED_CODES] : []),
  ...(read.unconfirmed_email === undefined ? [] : [UNCONFIRMED]),
  ...(isLocked ? [LOCKED] : []),
]

const hashOf = (hash: string | undefined, pepper: string | undefined): string | undefined =>
  hash === undefined || pepper === undefined ? hash : `$peppered$${toBase64(Buffer.from(pepper))}${hash}`

const translator =
  (disablesLocked: boolean, pepper: string | undefined): Translate =>
  (document) => {
    const read = user.parse(document)
    const isLocked = disablesLocked && read.locked_at !== undefined
    const secret = secretOf(read)
    const account: GivenAccount = {
      id: read.id,
      username: read.username ?? read.login,
      email: read.email,
      emailVerified: read.confirmed_at ?? false,
      name: read.full_name ?? read.name,
      firstName: read.first_name,
      lastName: read.last_name,
      phone: read.phone ?? read.phone_number,
      isAdmin: read.admin === true || read.is_admin === true || read.role === 'admin',
      disabled: isLocked || read.deleted_at !== undefined,
      passwordHash: hashOf(read.encrypted_password, pepper),
      totp: secret === undefined ? undefined : { secret },
      createdAt: read.created_at,
      updatedAt: read.updated_at,
    }
    return { account, notes: notesOf(read, isLocked) }
  }

export const devise = importerOf({
  name: 'devise',
  summary: 'the table `users` of a Rails application with Devise, as CSV or JSON',
  options,
  documents: rowsOf,
  translator: ({ locked, pepper }) => translator(locked === 'disable', pepper),
})
