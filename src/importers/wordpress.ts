/**
 * WordPress' users: rows of `wp_users` with what belongs to them of `wp_usermeta`, as CSV or JSON; `wp user list` writes them, and a
 * query does (docs/moving/wordpress.md).
 * https://developer.wordpress.org/reference/classes/wp_user/, https://github.com/WordPress/two-factor
 */
import * as z from 'zod'
import { locales } from '../domain/base/locales.ts'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { flag, text, time } from './fields.ts'
import { importerOf, type Translate } from './fromDocuments.ts'
import type { ImporterOption } from './importer.ts'
import { HASHED_CODES } from './notes.ts'
import { rowsOf } from './sources/rows.ts'

const options: readonly ImporterOption[] = [
  {
    name: 'admin-role',
    value: 'ROLE',
    description: 'the role whose holders become administrators',
    default: 'administrator',
  },
]

const user = z.object({
  ID: text,
  user_login: text,
  user_pass: text,
  user_email: text,
  user_registered: time,
  display_name: text,
  /** Of a network of sites. */
  spam: flag,
  deleted: flag,
  first_name: text,
  last_name: text,
  description: text,
  locale: text,
  roles: z.union([z.array(z.string()), text]),
  /** PHP's serialization: `a:1:{s:13:"administrator";b:1;}`. */
  wp_capabilities: text,
  capabilities: text,
  _two_factor_totp_key: text,
  _two_factor_backup_codes: text,
})
type User = z.output<typeof user>

const CAPABILITY = /s:\d{1,4}:"(?<name>[^"]{1,200})";b:1;/g

const rolesOf = ({ roles, wp_capabilities, capabilities }: User): readonly string[] => {
  if (Array.isArray(roles)) return roles
  if (roles !== undefined) return roles.split(',').map((role) => role.trim())
  return [...(wp_capabilities ?? capabilities ?? '').matchAll(CAPABILITY)].map(({ groups }) => groups?.name ?? '')
}

/** What people typed was hashed with a backslash before quotes. WordPress checks bare MD5 in another way. */
const hashOf = (hash: string | undefined): string | undefined => (hash?.startsWith('$') === true ? `$slashed${hash}` : hash)

const translator =
  (adminRole: string): Translate =>
  (document) => {
    const read = user.parse(document)
    const language = read.locale?.split('_')[0]
    const secret = read._two_factor_totp_key
    const account: GivenAccount = {
      id: read.ID,
      username: read.user_login,
      email: read.user_email,
      name: read.first_name === undefined && read.last_name === undefined ? read.display_name : undefined,
      firstName: read.first_name,
      lastName: read.last_name,
      bio: read.description,
      locale: locales.find((locale) => locale === language),
      isAdmin: rolesOf(read).includes(adminRole),
      disabled: read.spam === true || read.deleted === true,
      passwordHash: hashOf(read.user_pass),
      totp: secret === undefined ? undefined : { secret },
      createdAt: read.user_registered,
    }
    return { account, notes: read._two_factor_backup_codes === undefined ? [] : [HASHED_CODES] }
  }

export const wordpress = importerOf({
  name: 'wordpress',
  summary: 'the users of WordPress, by `wp user list` or a query, as CSV or JSON',
  options,
  documents: rowsOf,
  translator: (options) => translator(options['admin-role'] ?? ''),
})
