/** Accounts, and the queries that read them. */
import type { Account } from '../../domain/accounts/account.ts'
import { type OrderField, placeOf } from '../../domain/accounts/findAccounts.ts'
import { toLocale } from '../../domain/base/locales.ts'
import { pendingEmailsIn, verificationIn } from '../../domain/mailTokens/mailTokens.ts'
import { builder } from '../builder.ts'
import { pageOf } from '../connectionPages.ts'
import { InputError, NotFoundError } from '../errorTypes.ts'
import { guarded } from '../guardedField.ts'
import { LocaleEnum } from './locale.ts'

const PendingEmail = builder.objectRef<{ address: string; createdAt: Date }>('PendingEmail').implement({
  description: 'An e-mail address that waits for confirmation.',
  fields: (t) => ({
    address: t.exposeString('address', { description: 'The address that the mail went to.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the mail was sent.' }),
  }),
})

/** Null for an account that does not exist, and for an id that none can have. */
const absent = (error: unknown): null => {
  if (error instanceof NotFoundError || error instanceof InputError) return null
  throw error
}

export const UserType = builder.objectRef<Account>('User')

builder.node(UserType, {
  name: 'User',
  description:
    'An account. There is one record for each, whichever surface it was created on. `id` has no prefix, and is the one that the REST dialects print.',
  id: {
    resolve: ({ id }) => id,
    description: 'An opaque id without a prefix: a UUID, a Meteor id of 17 characters, or the id that an imported account had.',
  },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'credentialVersion' in value,
  loadOne: async (id, { operations, caller }) => (caller.viewer === null ? null : await operations.user({ id }).catch(absent)),
  fields: (t) => ({
    username: t.exposeString('username', {
      description: 'Unique, compared case-insensitively. Derived from the e-mail address if none was given.',
    }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'The e-mail address as it was typed. Unique, compared case-insensitively. An account may have none.',
    }),
    name: t.exposeString('name', { description: 'The full name, for display.' }),
  }),
})

builder.objectFields(UserType, (t) => ({
  firstName: t.exposeString('firstName', guarded('firstName', 'The first name.')),
  lastName: t.exposeString('lastName', guarded('lastName', 'The last name, if there is one.')),
  phone: t.exposeString('phone', guarded('phone', 'The phone number, as it was sent.')),
  phoneE164: t.exposeString('phoneE164', guarded('phoneE164', 'The phone number in E.164 format.')),
  bio: t.exposeString('bio', guarded('bio', 'A text about the person.')),
  locale: t.field({
    ...guarded('locale', 'The language of mails to the owner.'),
    type: LocaleEnum,
    resolve: ({ locale }) => toLocale(locale),
  }),
  emailVerified: t.boolean({
    ...guarded('emailVerified', 'Whether the owner proved that the address is theirs.'),
    resolve: ({ emailVerifiedAt }) => emailVerifiedAt !== null,
  }),
  isAdmin: t.exposeBoolean('isAdmin', guarded('isAdmin', 'Whether the account is an administrator; administrators hold every scope.')),
  loginDisabled: t.exposeBoolean('loginDisabled', guarded('loginDisabled', 'Whether sign-in is disabled.')),
  scopes: t.exposeStringList('scopes', guarded('scopes', 'The scopes that the account holds; `users` includes `users:read`.')),
  twoFactorEnabled: t.boolean({
    ...guarded('twoFactorEnabled', 'Whether sign-in asks for a second factor.'),
    resolve: ({ twoFactorSecret }) => twoFactorSecret !== null,
  }),
  mustChangePassword: t.exposeBoolean(
    'mustChangePassword',
    guarded(
      'mustChangePassword',
      'Whether somebody else chose the password, so that the owner should be asked for a new one. Sign-in works either way.',
    ),
  ),
  createdAt: t.expose('createdAt', { ...guarded('createdAt', 'When the account was created.'), type: 'DateTime' }),
  updatedAt: t.expose('updatedAt', { ...guarded('updatedAt', 'When the account was last changed.'), type: 'DateTime' }),
  pendingEmails: t.field({
    ...guarded('pendingEmails', 'New addresses that wait for confirmation.'),
    type: [PendingEmail],
    resolve: async ({ id }, _args, { addressMails }) => pendingEmailsIn(await addressMails(id)),
  }),
  pendingVerification: t.field({
    ...guarded('pendingVerification', 'The newest verification mail for the present address, while the address is unverified.'),
    type: PendingEmail,
    resolve: async (account, _args, { addressMails }) => verificationIn(await addressMails(account.id), account) ?? null,
  }),
}))

const UserOrderField = builder.enumType('UserOrderField', {
  description: 'What to sort a list of users by.',
  values: {
    CREATED_AT: { value: 'seq', description: 'The order of creation.' },
    USERNAME: { value: 'username', description: 'The username.' },
    NAME: { value: 'name', description: 'The full name.' },
  } as const,
})

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Whether to sort in ascending or descending order.',
  values: {
    ASC: { value: 'asc', description: 'Smallest or oldest first.' },
    DESC: { value: 'desc', description: 'Greatest or newest first.' },
  } as const,
})

const UserOrder = builder.inputType('UserOrder', {
  description: 'How to sort a list of users.',
  fields: (t) => ({
    field: t.field({ type: UserOrderField, required: true, description: 'What to sort by.' }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: 'asc',
      description: 'Whether to sort in ascending or descending order.',
    }),
  }),
})

builder.queryFields((t) => ({
  me: t.field({
    type: UserType,
    nullable: true,
    description: 'Your account; null without a live session.',
    resolve: (_root, _args, { caller }) => caller.viewer?.account ?? null,
  }),
  user: t.field({
    type: UserType,
    errors: {},
    description: 'Finds an account by its id or its username.',
    args: {
      id: t.arg.id({ description: 'The id of the account. It takes precedence over `username`.' }),
      username: t.arg.string({ description: 'The username, in any case. To find another account by username you need `users:read`.' }),
    },
    resolve: async (_root, args, { operations }) => await operations.user(args),
  }),
  users: t.connection(
    {
      type: UserType,
      errors: {},
      description: 'Lists all accounts, as a Relay connection.',
      args: {
        search: t.arg.string({ description: 'A part of the name, username or e-mail address, in any case.' }),
        orderBy: t.arg({ type: UserOrder, description: 'The order; by default, oldest account first.' }),
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
    { name: 'UserEdge', description: 'An account in a page, with its cursor.' },
  ),
}))
