/**
 * Who may read a field of an account, from the table in `domain/access/fields.ts`. Everybody else reads null, so such a field is
 * always nullable.
 */
import { type Audience, userFields } from '../domain/access/fields.ts'
import type { Account } from '../domain/accounts/account.ts'

/** The fields that not every reader of the account may read. */
export type GuardedField = {
  [Name in keyof typeof userFields]: (typeof userFields)[Name] extends 'anyone' ? never : Name
}[keyof typeof userFields]

const nullFor: Readonly<Record<Exclude<Audience, 'anyone'>, string>> = {
  reader: 'Null for others, unless you hold `users:read`.',
  owner: 'Null for others, unless you are an administrator.',
}

/** The options of a guarded field: `t.field({ ...guarded('sessions', 'The live sessions.'), … })`. */
export const guarded = (name: GuardedField, description: string) =>
  ({
    nullable: true,
    description: `${description} ${nullFor[userFields[name]]}`,
    authScopes: ({ id }: Account) => ({ [userFields[name]]: id }),
    unauthorizedResolver: () => null,
  }) as const
