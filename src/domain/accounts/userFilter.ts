/** Which accounts a list is about: the filter, each field as a condition of Prisma for the list, and of SQL for the estimate of its length. */
import { z } from 'zod'
import { Prisma } from '../../db/generated/client.ts'
import { moment, parse } from '../base/input.ts'

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

/** What a field of the filter asks of an account: for Prisma, and as SQL on `users`. */
export interface UserCondition {
  readonly where: Prisma.UserWhereInput
  readonly sql: Prisma.Sql
}

const { sql } = Prisma
/** Whether a column that may be null has a value. */
const isSet = (wanted: boolean) => (wanted ? { not: null } : null)

const given = <Value>(value: Value | null | undefined, condition: (value: Value) => UserCondition): UserCondition[] =>
  value == null ? [] : [condition(value)]

/** The conditions of the fields that are given. @throws {Failure} INVALID_INPUT */
export const conditionsOf = (filter: UserFilter): UserCondition[] => {
  const { isAdmin, loginDisabled, twoFactorEnabled, emailVerified, createdSince, createdUntil } = parse(schema, filter)
  return [
    ...given(isAdmin, (is) => ({ where: { isAdmin: is }, sql: sql`is_admin = ${is}` })),
    ...given(loginDisabled, (is) => ({ where: { loginDisabled: is }, sql: sql`login_disabled = ${is}` })),
    ...given(twoFactorEnabled, (is) => ({ where: { twoFactorSecret: isSet(is) }, sql: sql`(two_factor_secret IS NOT NULL) = ${is}` })),
    ...given(emailVerified, (is) => ({ where: { emailVerifiedAt: isSet(is) }, sql: sql`(email_verified_at IS NOT NULL) = ${is}` })),
    ...given(createdSince, (gte) => ({ where: { createdAt: { gte } }, sql: sql`created_at >= ${gte}::timestamptz` })),
    ...given(createdUntil, (lt) => ({ where: { createdAt: { lt } }, sql: sql`created_at < ${lt}::timestamptz` })),
  ]
}
