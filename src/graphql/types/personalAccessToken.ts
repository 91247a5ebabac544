/**
 * Personal access tokens: what scripts present in place of a sign-in.
 */
import type { CreatedPersonalToken } from '../../domain/personalTokens/createPersonalToken.ts'
import type { PersonalToken } from '../../domain/personalTokens/findPersonalTokens.ts'
import { builder, rawId } from '../builder.ts'
import { failsAs } from '../errorTypes.ts'
import { guarded } from '../guardedField.ts'
import { grantsIn, ScopeEnum } from './scope.ts'
import { accountAfter, beside, UserType } from './user.ts'

const PersonalAccessTokenType = builder.objectRef<PersonalToken>('PersonalAccessToken')

builder.node(PersonalAccessTokenType, {
  name: 'PersonalAccessToken',
  description:
    'A token that an account made for its scripts. It has no administrator rights, and cannot change profile, password, e-mail address, second factor, sessions or tokens of the account.',
  id: { resolve: ({ id }) => id, description: 'Begins with `PersonalAccessToken:`.' },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'lastUsedAt' in value,
  loadOne: async (id, { personalToken }) => await personalToken(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name that its owner gave it, unique among the live tokens of the account.' }),
    scopes: t.field({
      type: [ScopeEnum],
      description: 'The scopes given to it at creation. It may use those that its owner holds at the time of the request.',
      resolve: ({ scopes }) => grantsIn(scopes),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it expires.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used; null if never. May be up to two minutes behind if several servers share the database.',
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
  description: 'The token was created, and its owner was notified by mail.',
  fields: (t) => ({
    personalAccessToken: t.expose('personalToken', { type: PersonalAccessTokenType, description: 'What the server keeps of it.' }),
    token: t.exposeString('token', {
      description:
        'The token. It is shown only once, because the server keeps only its hash. Send it as `Authorization: Bearer …` to any surface.',
    }),
    user: t.field(beside(accountAfter<CreatedPersonalToken>(({ personalToken }) => personalToken.userId))),
  }),
})

const RevokeSuccess = builder.objectRef<{ personalToken: PersonalToken }>('RevokePersonalAccessTokenSuccess').implement({
  description: 'The token no longer works.',
  fields: (t) => ({
    personalAccessToken: t.expose('personalToken', { type: PersonalAccessTokenType, description: 'The token as it was.' }),
    user: t.field(accountAfter(({ personalToken }) => personalToken.userId)),
  }),
})

const CreateInput = builder.inputType('CreatePersonalAccessTokenInput', {
  description: 'The token to create.',
  fields: (t) => ({
    name: t.string({ required: true, description: '1 to 100 characters, unique among your live tokens.' }),
    scopes: t.field({
      type: [ScopeEnum],
      required: true,
      description: 'Scopes that you hold yourself. With an empty list, the token may read what a session without scopes may read.',
    }),
    expiresAt: t.field({ type: 'DateTime', required: true, description: 'A time in the future, by default at most 365 days from now.' }),
  }),
})

const RevokeInput = builder.inputType('RevokePersonalAccessTokenInput', {
  description: 'The token to revoke.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The id of the token, with or without the prefix `PersonalAccessToken:`.' }) }),
})

builder.mutationFields((t) => ({
  createPersonalAccessToken: t.field({
    type: CreateSuccess,
    errors: failsAs('createPersonalAccessToken'),
    description: 'Creates a personal access token. An account may have 50 live ones.',
    args: { input: t.arg({ type: CreateInput, required: true, description: 'The token.' }) },
    resolve: async (_root, { input }, { operations }) => await operations.createPersonalAccessToken({ ...input }),
  }),
  revokePersonalAccessToken: t.field({
    type: RevokeSuccess,
    errors: failsAs('revokePersonalAccessToken'),
    description: 'Revokes one of your personal access tokens. An administrator may revoke a token of any account.',
    args: { input: t.arg({ type: RevokeInput, required: true, description: 'The token to revoke.' }) },
    resolve: async (_root, { input }, { operations }) => ({
      personalToken: await operations.revokePersonalAccessToken({ id: rawId('PersonalAccessToken', input.id) }),
    }),
  }),
}))
