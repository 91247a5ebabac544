/**
 * Which accounts a list is about, as conditions on `users`: the text of a search, and the filter. Searches use the index of trigrams,
 * and filters for what few accounts are use partial indexes, so values are part of the text where there are few.
 */
import * as z from 'zod'
import { Prisma } from '../../db/generated/client.ts'
import { fieldFailure } from '../base/errors.ts'
import { moment, parse, storable } from '../base/input.ts'
import { identifierKey } from './identifiers.ts'

const schema = z.object({
  isAdmin: z.boolean().nullish(),
  loginDisabled: z.boolean().nullish(),
  twoFactorEnabled: z.boolean().nullish(),
  emailVerified: z.boolean().nullish(),
  createdSince: moment.nullish(),
  /** Exclusive. */
  createdUntil: moment.nullish(),
})

/** Which accounts; all of it must match. */
export type UserFilter = Readonly<z.input<typeof schema>>

export interface UserSelection {
  /** Part of the name, username or address, in any case. */
  readonly search?: string | null | undefined
  readonly filter?: UserFilter | undefined
}

const { sql } = Prisma

const either = (wanted: boolean | null | undefined, yes: Prisma.Sql, no: Prisma.Sql): Prisma.Sql[] =>
  wanted == null ? [] : [wanted ? yes : no]

const since = (time: Date | null | undefined) => (time == null ? [] : [sql`created_at >= ${time}::timestamptz`])
const until = (time: Date | null | undefined) => (time == null ? [] : [sql`created_at < ${time}::timestamptz`])

const filtered = (filter: UserFilter): Prisma.Sql[] => {
  const { isAdmin, loginDisabled, twoFactorEnabled, emailVerified, createdSince, createdUntil } = parse(schema, filter)
  return [
    ...either(isAdmin, sql`is_admin`, sql`NOT is_admin`),
    ...either(loginDisabled, sql`login_disabled`, sql`NOT login_disabled`),
    ...either(twoFactorEnabled, sql`two_factor_secret IS NOT NULL`, sql`two_factor_secret IS NULL`),
    ...either(emailVerified, sql`email_verified_at IS NOT NULL`, sql`email_verified_at IS NULL`),
    ...since(createdSince),
    ...until(createdUntil),
  ]
}

/**
 * Where a walk in the order of creation has to begin, if it is for accounts of some time: it would else pass all that are not, since those of
 * one time are close together. `seq + 0` makes PostgreSQL use the index of times, and not the same walk. Cost: that index, as far as it matches.
 */
export const startOf = ({ filter = {} }: UserSelection, direction: 'asc' | 'desc'): Prisma.Sql[] => {
  const { createdSince, createdUntil } = parse(schema, filter)
  const times = direction === 'asc' ? since(createdSince) : until(createdUntil)
  if (times.length === 0) return []
  const matching = allOf([...since(createdSince), ...until(createdUntil)])
  return direction === 'asc'
    ? [sql`seq >= (SELECT min(seq + 0) FROM users WHERE ${matching})`]
    : [sql`seq <= (SELECT max(seq + 0) FROM users WHERE ${matching})`]
}

/** The text is taken literally. It is compared in the normal form, so that the locale of the database does not matter. */
const searched = (search: string): Prisma.Sql => {
  const pattern = `%${identifierKey(search).replace(/[\\%_]/g, '\\$&')}%`
  return sql`(name_key LIKE ${pattern} OR identifier_keys LIKE ${pattern})`
}

/** @throws {Failure} INVALID_INPUT */
export const conditionsOf = ({ search, filter = {} }: UserSelection): Prisma.Sql[] => {
  if (search != null && !storable(search)) throw fieldFailure('INVALID_INPUT', 'search', 'must be well-formed text')
  return [...(search == null || search === '' ? [] : [searched(search)]), ...filtered(filter)]
}

/** The conditions as one. */
export const allOf = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  conditions.length === 0 ? sql`true` : Prisma.join([...conditions], ' AND ')
