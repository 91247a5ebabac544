/**
 * Accounts, and how they are read.
 */
import { type OrderField, placeOf } from '../../domain/accounts/find.ts'
import type { Account } from '../../domain/sessions/authenticate.ts'
import { builder } from '../builder.ts'
import { NotFoundError } from '../errors.ts'
import { pageOf } from '../pages.ts'

const PRIVATE = 'Null for others, unless you hold `users:read`.'

const PendingEmail = builder.objectRef<{ address: string; createdAt: Date }>('PendingEmail').implement({
  description: 'An address that waits for the answer to a confirmation mail.',
  fields: (t) => ({
    address: t.exposeString('address', { description: 'The address that the mail went to.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the mail was sent.' }),
  }),
})

/** A node that is not there is null. */
const absent = (error: unknown): null => {
  if (error instanceof NotFoundError) return null
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

builder.objectFields(UserType, (t) => {
  const readers = {
    nullable: true,
    authScopes: (account: Account) => ({ readsAccount: account.id }),
    unauthorizedResolver: () => null,
  } as const
  return {
    firstName: t.exposeString('firstName', { ...readers, description: `The first name. ${PRIVATE}` }),
    lastName: t.exposeString('lastName', { ...readers, description: `The last name, where there is one. ${PRIVATE}` }),
    phone: t.exposeString('phone', { ...readers, description: `The phone number, as it was sent. ${PRIVATE}` }),
    phoneE164: t.exposeString('phoneE164', { ...readers, description: `The phone number in E.164. ${PRIVATE}` }),
    bio: t.exposeString('bio', { ...readers, description: `Some words about the person. ${PRIVATE}` }),
    emailVerified: t.boolean({
      ...readers,
      description: `Whether the address was shown to be the owner's. ${PRIVATE}`,
      resolve: ({ emailVerifiedAt }) => emailVerifiedAt !== null,
    }),
    isAdmin: t.exposeBoolean('isAdmin', { ...readers, description: `Whether this is an administrator, who holds every scope. ${PRIVATE}` }),
    loginDisabled: t.exposeBoolean('loginDisabled', { ...readers, description: `Whether sign-in is refused. ${PRIVATE}` }),
    scopes: t.exposeStringList('scopes', { ...readers, description: `The scopes granted; \`users\` covers \`users:read\`. ${PRIVATE}` }),
    twoFactorEnabled: t.boolean({
      ...readers,
      description: `Whether a second factor is asked for at sign-in. ${PRIVATE}`,
      resolve: ({ twoFactorSecret }) => twoFactorSecret !== null,
    }),
    mustChangePassword: t.exposeBoolean('mustChangePassword', {
      ...readers,
      description: `Whether somebody else chose the password: ask the owner for a new one. Sign-in goes on. ${PRIVATE}`,
    }),
    createdAt: t.expose('createdAt', { ...readers, type: 'DateTime', description: `When the account was made. ${PRIVATE}` }),
    updatedAt: t.expose('updatedAt', { ...readers, type: 'DateTime', description: `When it was last changed. ${PRIVATE}` }),
  }
})

builder.objectField(UserType, 'pendingEmails', (t) =>
  t.field({
    type: [PendingEmail],
    nullable: true,
    authScopes: (account) => ({ ownsAccount: account.id }),
    unauthorizedResolver: () => null,
    description: 'Addresses that wait for a confirmation. Null for others, unless you are an administrator.',
    resolve: async ({ id }, _args, { pendingEmails }) => await pendingEmails(id),
  }),
)

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
    description: 'An account by its id, or else by its username. Needs a session.',
    args: {
      id: t.arg.id({ description: 'The raw id. Tried first.' }),
      username: t.arg.string({ description: 'The username, whatever its case.' }),
    },
    resolve: async (_root, args, { operations }) => await operations.user(args),
  }),
  users: t.connection(
    {
      type: UserType,
      errors: {},
      description: 'All accounts, page by page (Relay, by keyset). Needs `users:read`.',
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
