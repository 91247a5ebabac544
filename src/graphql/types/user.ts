/** Accounts, and the queries that read them. */
import { type OrderField, placeOf } from '../../domain/accounts/findUsers.ts'
import { Failure } from '../../domain/base/errors.ts'
import { toLocale } from '../../domain/base/locales.ts'
import { scopes as documented } from '../../domain/base/scopes.ts'
import type { Account } from '../../domain/frame/account.ts'
import { viewerOf } from '../../domain/frame/caller.ts'
import { pendingEmailsIn, verificationIn } from '../../domain/mailTokens/mailTokens.ts'
import { builder } from '../builder.ts'
import { pageOf } from '../connectionPages.ts'
import type { Context } from '../context.ts'
import { InputError, NotFoundError } from '../errorTypes.ts'
import { guarded } from '../guardedField.ts'
import { asksMore } from '../listedFields.ts'
import { LocaleEnum } from './locale.ts'
import { grantsIn, ScopeEnum } from './scope.ts'

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

/** Runs `work` when it is first needed, and never again. */
const once = <Result>(work: () => Promise<Result>): (() => Promise<Result>) => {
  let result: Promise<Result> | undefined
  return async () => {
    result ??= work()
    return await result
  }
}

/** `node` takes an id in the form of other nodes as well. */
const PREFIX = 'User:'

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
  loadOne: async (id, { operations, caller }) => {
    if (caller.viewer === null) return null
    const found = await operations.user({ id }).catch(absent)
    return found ?? (id.startsWith(PREFIX) ? await operations.user({ id: id.slice(PREFIX.length) }).catch(absent) : null)
  },
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
  lastName: t.exposeString('lastName', { nullable: true, ...guarded('lastName', 'The last name, if there is one.') }),
  phone: t.exposeString('phone', { nullable: true, ...guarded('phone', 'The phone number, as it was sent.') }),
  phoneE164: t.exposeString('phoneE164', { nullable: true, ...guarded('phoneE164', 'The phone number in E.164 format.') }),
  bio: t.exposeString('bio', { nullable: true, ...guarded('bio', 'A text about the person.') }),
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
  scopes: t.field({
    ...guarded('scopes', 'The scopes granted to the account. An administrator holds all, whatever is granted.'),
    type: [ScopeEnum],
    resolve: ({ scopes }) => grantsIn(scopes),
  }),
  scopeNames: t.stringList({
    nullable: true,
    description:
      'The scopes that the account holds as text, such as `users:read`: those granted, also such of an imported account that `Scope` does not have; of an administrator, all. Null for those who may not read `scopes`.',
    resolve: ({ isAdmin, scopes }) => (isAdmin ? [...documented] : [...scopes]),
  }),
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
    nullable: true,
    ...guarded('pendingVerification', 'The newest verification mail for the present address, while the address is unverified.'),
    type: PendingEmail,
    resolve: async (account, _args, { addressMails }) => verificationIn(await addressMails(account.id), account) ?? null,
  }),
}))

/** The account in the success of an operation whose caller may not be allowed to read all of it. */
export const readableAccount = (description: string) =>
  ({ type: UserType, nullable: true, description: `${description}; null if you select fields of it that you may not read.` }) as const

/** The options of a field for the account of an id as it is after the operation. It is read only if the field is selected. */
export const accountAfter = <Parent extends object>(idOf: (parent: Parent, context: Context) => string) =>
  ({
    type: UserType,
    description: 'The account as it is now.',
    /** @throws {Failure} NOT_FOUND if the account has just been deleted */
    resolve: async (parent: Parent, _args: object, context: Context): Promise<Account> => {
      const account = await context.account(idOf(parent, context))
      if (account === null) throw new Failure('NOT_FOUND')
      return account
    },
  }) as const

/** The same beside something that is shown only once: if the account cannot be read, that is not lost with it. */
export const beside = <Options extends { readonly description: string }>(options: Options) =>
  ({ ...options, nullable: true, description: `${options.description.slice(0, -1)}; null if it cannot be read.` }) as const

/** The account of the caller. */
export const ownAccountAfter = accountAfter((_parent, { caller }) => viewerOf(caller).account.id)

const UserBy = builder.inputType('UserBy', {
  description: 'Which account to find.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'Its id.' }),
    username: t.string({ description: 'Its username, in any case.' }),
    idOrUsername: t.string({ description: 'Its id, or if no account has that id, its username.' }),
  }),
})

const UserFilter = builder.inputType('UserFilter', {
  description: 'Which accounts to list. An account must match every field that is given.',
  fields: (t) => ({
    isAdmin: t.boolean({ description: 'Administrators, or all others.' }),
    loginDisabled: t.boolean({ description: 'Accounts whose sign-in is disabled, or all others.' }),
    twoFactorEnabled: t.boolean({ description: 'Accounts with a second factor, or all others.' }),
    emailVerified: t.boolean({ description: 'Accounts whose address is verified, or all others, also those without an address.' }),
    createdSince: t.field({ type: 'DateTime', description: 'Accounts created at this time or later.' }),
    createdUntil: t.field({ type: 'DateTime', description: 'Accounts created before this time.' }),
  }),
})

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
    description: 'Your account; null without a token or cookie.',
    resolve: (_root, _args, { refuseDeadToken, caller }) => {
      refuseDeadToken()
      return caller.viewer?.account ?? null
    },
  }),
  user: t.field({
    type: UserType,
    nullable: true,
    description: 'Finds an account by its id or its username. To find another account by its username you need `users:read`.',
    args: { by: t.arg({ type: UserBy, required: true, description: 'Which account.' }) },
    resolve: async (_root, { by: { id, username, idOrUsername } }, { operations }) =>
      await operations.user({ id: id ?? idOrUsername, username: username ?? idOrUsername }),
  }),
  users: t.connection(
    {
      type: UserType,
      nullable: true,
      description: 'Lists all accounts, as a Relay connection.',
      args: {
        search: t.arg.string({ description: 'A part of the name, username or e-mail address, in any case.' }),
        filter: t.arg({ type: UserFilter, description: 'Which accounts to list.' }),
        orderBy: t.arg({ type: UserOrder, description: 'The order; by default, oldest account first.' }),
      },
      resolve: async (_root, args, { operations, countUsers, caller }, info) => {
        const orderBy: OrderField = args.orderBy?.field ?? 'seq'
        const which = { search: args.search, filter: { ...args.filter } }
        const how = { orderBy, direction: args.orderBy?.direction ?? 'asc', isWhole: asksMore(info) } as const
        const page = await pageOf(caller, args, {
          order: orderBy,
          placeOf: (account: Account) => placeOf(account, orderBy),
          // Without the columns that no selected field needs.
          load: async (window) => (await operations.users({ ...window, ...which, ...how })) as Account[],
        })
        return { ...page, count: once(async () => await countUsers(which)) }
      },
    },
    {
      name: 'UserConnection',
      description: 'A page of accounts.',
      fields: (fields) => ({
        totalCount: fields.int({
          description: 'How many accounts match, on all pages: exact up to 10,000, an estimate beyond. Counted only if it is selected.',
          resolve: async ({ count }) => (await count()).total,
        }),
        isTotalCountEstimated: fields.boolean({
          description: 'Whether `totalCount` is an estimate.',
          resolve: async ({ count }) => (await count()).isEstimate,
        }),
      }),
    },
    { name: 'UserEdge', description: 'An account in a page, with its cursor.' },
  ),
}))
