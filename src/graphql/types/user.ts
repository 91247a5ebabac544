/**
 * Accounts, and how they are read.
 */

import type { Account } from '../../domain/accounts/account.ts'
import { type OrderField, placeOf } from '../../domain/accounts/find.ts'
import { toLocale } from '../../domain/base/locales.ts'
import { pendingEmailsIn, verificationIn } from '../../domain/mailTokens/mailTokens.ts'
import { builder } from '../builder.ts'
import { InputError, NotFoundError } from '../errors.ts'
import { guarded } from '../guardedField.ts'
import { pageOf } from '../pages.ts'
import { LocaleEnum } from './locale.ts'

const PendingEmail = builder.objectRef<{ address: string; createdAt: Date }>('PendingEmail').implement({
  description: 'An address that waits for the answer to a confirmation mail.',
  fields: (t) => ({
    address: t.exposeString('address', { description: 'The address that the mail went to.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the mail was sent.' }),
  }),
})

/** A node that is not there is null, and so is one that cannot be. */
const absent = (error: unknown): null => {
  if (error instanceof NotFoundError || error instanceof InputError) return null
  throw error
}

export const UserType = builder.objectRef<Account>('User')

builder.node(UserType, {
  name: 'User',
  description: 'An account: one record, whichever surface it was made through. `id` is raw: the one that every REST dialect prints.',
  id: {
    resolve: ({ id }) => id,
    description: 'Opaque and raw: a UUID, a Meteor id of 17 characters, or whatever an imported account had.',
  },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'credentialVersion' in value,
  loadOne: async (id, { operations, caller }) => (caller.viewer === null ? null : await operations.user({ id }).catch(absent)),
  fields: (t) => ({
    username: t.exposeString('username', {
      description: 'Unique, compared case-insensitively; made from the e-mail address where none was given.',
    }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'As typed; unique, compared case-insensitively. An account may have none.',
    }),
    name: t.exposeString('name', { description: 'The name in full, for display.' }),
  }),
})

builder.objectFields(UserType, (t) => ({
  firstName: t.exposeString('firstName', guarded('firstName', 'The first name.')),
  lastName: t.exposeString('lastName', guarded('lastName', 'The last name, where there is one.')),
  phone: t.exposeString('phone', guarded('phone', 'The phone number, as it was sent.')),
  phoneE164: t.exposeString('phoneE164', guarded('phoneE164', 'The phone number in E.164.')),
  bio: t.exposeString('bio', guarded('bio', 'Some words about the person.')),
  locale: t.field({
    ...guarded('locale', 'The language of mails to the owner.'),
    type: LocaleEnum,
    resolve: ({ locale }) => toLocale(locale),
  }),
  emailVerified: t.boolean({
    ...guarded('emailVerified', "Whether the address was shown to be the owner's."),
    resolve: ({ emailVerifiedAt }) => emailVerifiedAt !== null,
  }),
  isAdmin: t.exposeBoolean('isAdmin', guarded('isAdmin', 'Whether this is an administrator, who holds every scope.')),
  loginDisabled: t.exposeBoolean('loginDisabled', guarded('loginDisabled', 'Whether sign-in is refused.')),
  scopes: t.exposeStringList('scopes', guarded('scopes', 'The scopes granted; `users` covers `users:read`.')),
  twoFactorEnabled: t.boolean({
    ...guarded('twoFactorEnabled', 'Whether a second factor is asked for at sign-in.'),
    resolve: ({ twoFactorSecret }) => twoFactorSecret !== null,
  }),
  mustChangePassword: t.exposeBoolean(
    'mustChangePassword',
    guarded('mustChangePassword', 'Whether somebody else chose the password: ask the owner for a new one. Sign-in goes on.'),
  ),
  createdAt: t.expose('createdAt', { ...guarded('createdAt', 'When the account was made.'), type: 'DateTime' }),
  updatedAt: t.expose('updatedAt', { ...guarded('updatedAt', 'When it was last changed.'), type: 'DateTime' }),
  pendingEmails: t.field({
    ...guarded('pendingEmails', 'Addresses that wait for a confirmation.'),
    type: [PendingEmail],
    resolve: async ({ id }, _args, { addressMails }) => pendingEmailsIn(await addressMails(id)),
  }),
  pendingVerification: t.field({
    ...guarded('pendingVerification', 'The newest mail to verify the present address, while that waits for it.'),
    type: PendingEmail,
    resolve: async (account, _args, { addressMails }) => verificationIn(await addressMails(account.id), account) ?? null,
  }),
}))

const UserOrderField = builder.enumType('UserOrderField', {
  description: 'What a list of users is sorted by.',
  values: {
    CREATED_AT: { value: 'seq', description: 'The order of creation.' },
    USERNAME: { value: 'username', description: 'The username.' },
    NAME: { value: 'name', description: 'The name in full.' },
  } as const,
})

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Which end comes first.',
  values: {
    ASC: { value: 'asc', description: 'The smallest or oldest first.' },
    DESC: { value: 'desc', description: 'The greatest or newest first.' },
  } as const,
})

const UserOrder = builder.inputType('UserOrder', {
  description: 'How a list of users is sorted.',
  fields: (t) => ({
    field: t.field({ type: UserOrderField, required: true, description: 'What to sort by.' }),
    direction: t.field({ type: OrderDirection, required: true, defaultValue: 'asc', description: 'Which end comes first.' }),
  }),
})

builder.queryFields((t) => ({
  me: t.field({
    type: UserType,
    nullable: true,
    description: 'Your own account; null without a live session.',
    resolve: (_root, _args, { caller }) => caller.viewer?.account ?? null,
  }),
  user: t.field({
    type: UserType,
    errors: {},
    description: 'An account by its id, or else by its username.',
    args: {
      id: t.arg.id({ description: 'The raw id. Tried first.' }),
      username: t.arg.string({ description: 'The username, whatever its case; that of somebody else needs `users:read`.' }),
    },
    resolve: async (_root, args, { operations }) => await operations.user(args),
  }),
  users: t.connection(
    {
      type: UserType,
      errors: {},
      description: 'All accounts, page by page (Relay, by keyset).',
      args: {
        search: t.arg.string({ description: 'Part of the name, the username or the e-mail address, whatever its case.' }),
        orderBy: t.arg({ type: UserOrder, description: 'The order; by default that of creation.' }),
      },
      resolve: async (_root, args, { operations }) => {
        const orderBy: OrderField = args.orderBy?.field ?? 'seq'
        const { search } = args
        return await pageOf(args, {
          order: orderBy,
          placeOf: (account: Account) => placeOf(account, orderBy),
          load: async (window) => await operations.users({ ...window, orderBy, direction: args.orderBy?.direction ?? 'asc', search }),
        })
      },
    },
    { name: 'UserConnection', description: 'A page of accounts.' },
    { name: 'UserEdge', description: 'An account in a page, and its place.' },
  ),
}))
