/**
 * Who may read a field of an account, from the table in `domain/access/fields.ts`. For everybody else the field fails with FORBIDDEN,
 * so that null always means that there is no value.
 */
import { type Audience, userFields } from '../domain/access/fields.ts'
import { Failure } from '../domain/base/errors.ts'
import type { Account } from '../domain/frame/account.ts'

/** The fields that not every reader of the account may read. */
export type GuardedField = {
  [Name in keyof typeof userFields]: (typeof userFields)[Name] extends 'anyone' ? never : Name
}[keyof typeof userFields]

type Guarded = Exclude<Audience, 'anyone'>

const readers: Readonly<Record<Guarded, string>> = {
  reader: 'Of another account you need `users:read`.',
  owner: 'Needs a session that you signed in to; of another account, an administrator.',
}

const refusals: Readonly<Record<Guarded, () => Failure>> = {
  reader: () => new Failure('FORBIDDEN', { message: 'missing permission users:read', missingScope: 'users:read' }),
  owner: () => new Failure('FORBIDDEN'),
}

/** The options of a guarded field: `t.field({ ...guarded('sessions', 'The live sessions.'), … })`. */
export const guarded = (name: GuardedField, description: string) =>
  ({
    description: `${description} ${readers[userFields[name]]}`,
    authScopes: ({ id }: Account) => ({ [userFields[name]]: id }),
    unauthorizedResolver: (): never => {
      throw refusals[userFields[name]]()
    },
  }) as const
