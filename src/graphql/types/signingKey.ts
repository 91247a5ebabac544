/** The keys that sign access tokens. */
import type { ListedKey } from '../../domain/server/listedKeys.ts'
import { builder } from '../builder.ts'

const SigningKeyType = builder.objectRef<ListedKey>('SigningKey').implement({
  description: 'A key that signs access tokens, or did. Its public half is at `/.well-known/jwks.json`.',
  fields: (t) => ({
    kid: t.exposeString('kid', { description: 'The id of the key, as in the header of the tokens.' }),
    algorithm: t.exposeString('algorithm', { description: 'The algorithm of its signatures (RFC 7518).' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    isSigning: t.exposeBoolean('isSigning', { description: 'Whether it signs new tokens now. One key does.' }),
    signsUntil: t.expose('signsUntil', {
      type: 'DateTime',
      description:
        'Until when it signed; of the key that signs now, when the next one takes over, unless `rotateSigningKey` makes one before.',
    }),
    acceptedUntil: t.expose('acceptedUntil', {
      type: 'DateTime',
      description: 'Until when tokens that it signed may be valid; after that it is deleted.',
    }),
  }),
})

builder.queryField('signingKeys', (t) =>
  t.field({
    type: [SigningKeyType],
    nullable: true,
    description: 'The keys that sign access tokens and those whose tokens are still accepted, the newest first; at most 100.',
    resolve: async (_root, _args, { operations }) => await operations.signingKeys(),
  }),
)
