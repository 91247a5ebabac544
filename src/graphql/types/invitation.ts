/** Accounts for others, who choose their password themselves. */
import type { Invited } from '../../domain/signIn/inviteUser.ts'
import { builder } from '../builder.ts'
import { failsAs } from '../errorTypes.ts'
import { LocaleEnum } from './locale.ts'
import { ScopeEnum } from './scope.ts'
import { readableAccount } from './user.ts'

const InviteUserSuccess = builder.objectRef<Invited>('InviteUserSuccess').implement({
  description: 'The invitation is on its way, unless too many mails were sent to the address recently.',
  fields: (t) => ({
    invitedUserId: t.id({ description: 'The id of the account.', resolve: ({ account: { id } }) => id }),
    isNew: t.exposeBoolean('isNew', { description: 'Whether the account was created now; false if the invitation was sent again.' }),
    user: t.field({ ...readableAccount('The account'), resolve: ({ account }) => account }),
  }),
})

const InviteUserInput = builder.inputType('InviteUserInput', {
  description: 'An account for somebody else. Only the address counts if its invitation is sent again.',
  fields: (t) => ({
    email: t.string({
      required: true,
      description: 'An e-mail address that no account has, or that of an account that was invited and waits.',
    }),
    username: t.string({ description: 'A username that no account has. If left out, it is derived from the e-mail address.' }),
    name: t.string({ description: 'The full name, 1 to 100 characters.' }),
    firstName: t.string({ description: 'The first name, 1 to 50 characters.' }),
    lastName: t.string({ description: 'The last name, 1 to 50 characters.' }),
    phone: t.string({ description: 'A phone number.' }),
    bio: t.string({ description: 'A text about the person, at most 500 characters.' }),
    locale: t.field({ type: LocaleEnum, description: 'The language of mails. If left out, the default language of the server.' }),
    scopes: t.field({ type: [ScopeEnum], description: 'Scopes to grant; you must hold them yourself.' }),
  }),
})

builder.mutationField('inviteUser', (t) =>
  t.field({
    type: InviteUserSuccess,
    errors: failsAs('inviteUser'),
    description:
      'Creates an account for somebody else, even while registration is closed, and mails a link to choose its password. For an account that was invited and has no password yet, the mail is sent again.',
    args: { input: t.arg({ type: InviteUserInput, required: true, description: 'The account.' }) },
    resolve: async (_root, { input }, { operations }) => await operations.inviteUser({ ...input }),
  }),
)
