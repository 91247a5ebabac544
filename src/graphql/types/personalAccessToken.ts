/**
 * Personal access tokens: what scripts present in place of a sign-in.
 */
import type { CreatedPersonalToken } from '../../domain/personalTokens/create.ts'
import type { PersonalToken } from '../../domain/personalTokens/find.ts'
import { builder, rawId } from '../builder.ts'
import { guarded } from '../guardedField.ts'
import { UserType } from './user.ts'

const PersonalAccessTokenType = builder.objectRef<PersonalToken>('PersonalAccessToken')

builder.node(PersonalAccessTokenType, {
  name: 'PersonalAccessToken',
  description:
    'A token for scripts, made by its owner. It never administers, and cannot change what belongs to a person: profile, password, address, second factor, sessions and tokens.',
  id: { resolve: ({ id }) => id, description: 'Carries the prefix `PersonalAccessToken:`.' },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'lastUsedAt' in value,
  loadOne: async (id, { personalToken }) => await personalToken(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What its owner calls it; no two live ones of an account have the same.' }),
    scopes: t.stringList({
      description: 'The scopes that it was made with. Of these it has those that its owner holds at the time.',
      resolve: ({ scopes }) => [...scopes],
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends by itself.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, null if never. A use through another server of the same database shows up to two minutes later.',
    }),
  }),
})

builder.objectField(UserType, 'personalAccessTokens', (t) =>
  t.field({
    ...guarded('personalAccessTokens', 'The live personal access tokens, newest first.'),
    type: [PersonalAccessTokenType],
    resolve: async ({ id }, _args, { personalTokens }) => await personalTokens(id),
  }),
)

const CreateSuccess = builder.objectRef<CreatedPersonalToken>('CreatePersonalAccessTokenSuccess').implement({
  description: 'The token was made, and its owner got a mail.',
  fields: (t) => ({
    personalAccessToken: t.expose('personalToken', { type: PersonalAccessTokenType, description: 'What is kept of it.' }),
    token: t.exposeString('token', {
      description:
        'The token itself. It is shown only this once: only its hash is kept. Send it as `Authorization: Bearer …`, to any surface.',
    }),
  }),
})

const RevokeSuccess = builder.objectRef<{ personalToken: PersonalToken }>('RevokePersonalAccessTokenSuccess').implement({
  description: 'The token is dead from now on.',
  fields: (t) => ({
    personalAccessToken: t.expose('personalToken', { type: PersonalAccessTokenType, description: 'What it was.' }),
  }),
})

const CreateInput = builder.inputType('CreatePersonalAccessTokenInput', {
  description: 'A token to make.',
  fields: (t) => ({
    name: t.string({ required: true, description: '1 to 100 characters; no other live token of yours has it.' }),
    scopes: t.stringList({
      required: true,
      description: 'Documented scopes, none that you lack yourself. None at all: it may read what any session may.',
    }),
    expiresAt: t.field({ type: 'DateTime', required: true, description: 'In the future, by default at most 365 days away.' }),
  }),
})

const RevokeInput = builder.inputType('RevokePersonalAccessTokenInput', {
  description: 'A token to revoke.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Its id, with or without the prefix `PersonalAccessToken:`.' }) }),
})

builder.mutationFields((t) => ({
  createPersonalAccessToken: t.field({
    type: CreateSuccess,
    errors: {},
    description: 'Makes a personal access token, at most 50 live ones an account.',
    args: { input: t.arg({ type: CreateInput, required: true, description: 'The token.' }) },
    resolve: async (_root, { input }, { operations }) => await operations.createPersonalAccessToken({ ...input }),
  }),
  revokePersonalAccessToken: t.field({
    type: RevokeSuccess,
    errors: {},
    description: 'Revokes one of your personal access tokens; for an administrator, one of any account.',
    args: { input: t.arg({ type: RevokeInput, required: true, description: 'Which.' }) },
    resolve: async (_root, { input }, { operations }) => ({
      personalToken: await operations.revokePersonalAccessToken({ id: rawId('PersonalAccessToken', input.id) }),
    }),
  }),
}))
