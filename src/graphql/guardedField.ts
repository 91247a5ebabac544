/**
 * Who may read a field of an account, from the table in `domain/access/fields.ts`. For everybody else the field fails with FORBIDDEN,
 * so that null always means that there is no value; only `scopeNames` is null instead.
 */
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql'
import { type Audience, belongsTo, userFields } from '../domain/access/fields.ts'
import { Failure } from '../domain/base/errors.ts'
import type { Account } from '../domain/frame/account.ts'
import type { Context } from './context.ts'

/** The fields that not every reader of the account may read. */
export type GuardedField = {
  [Name in keyof typeof userFields]: (typeof userFields)[Name] extends 'anyone' ? never : Name
}[keyof typeof userFields]

type Guarded = Exclude<Audience, 'anyone'>
type Resolver = GraphQLFieldResolver<Account, Context>

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
  ({ description: `${description} ${readers[userFields[name]]}` }) as const

const refusing =
  (audience: Guarded, isNull: boolean): (() => null) =>
  () => {
    if (isNull) return null
    throw refusals[audience]()
  }

const guardedBy =
  (audience: Guarded, resolve: Resolver, refuse: () => null): Resolver =>
  (account, args, context, info) =>
    context.proven.has(account.id) || belongsTo(context.caller.viewer, audience, account.id)
      ? resolve(account, args, context, info)
      : refuse()

/**
 * Guards each field of `User` by the table. Whether a caller may read a field is known at once, without a promise: a list of accounts has
 * thousands of fields. @throws if a field is missing in the table
 */
export function withGuards(schema: GraphQLSchema): GraphQLSchema {
  const type = schema.getType('User')
  for (const field of isObjectType(type) ? Object.values(type.getFields()) : []) {
    const audience = Object.hasOwn(userFields, field.name) ? userFields[field.name as keyof typeof userFields] : undefined
    if (audience === undefined) throw new Error(`User.${field.name} is not in the table of fields`)
    const { resolve = defaultFieldResolver } = field
    if (audience !== 'anyone') field.resolve = guardedBy(audience, resolve, refusing(audience, field.name === 'scopeNames'))
  }
  return schema
}
