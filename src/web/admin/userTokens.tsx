/** The personal access tokens of an account, and how to revoke one. */
import { useFormats, useTextsOf } from '../locale.tsx'
import { DataTable } from '../parts/dataTable.tsx'
import { scopeText } from '../scopeText.ts'
import { Deed } from './deed.tsx'
import { RevokeUserTokenDocument } from './operations.ts'
import { userTexts } from './textsUser.ts'
import type { PartProps } from './userDeeds.tsx'

export const UserTokens = ({ user: { personalAccessTokens: tokens }, onDone, onEnd }: PartProps) => {
  const texts = useTextsOf(userTexts)
  const formats = useFormats()
  return (
    <section className="card" aria-labelledby="tokens">
      <h2 id="tokens">{texts.tokens}</h2>
      {tokens.length === 0 ? (
        <p>{texts.noTokens}</p>
      ) : (
        <DataTable
          label={texts.tokens}
          rows={tokens}
          keyOf={({ id }) => id}
          columns={[
            { key: 'name', title: texts.tokenName, cell: ({ name }) => <bdi>{name}</bdi> },
            { key: 'scopes', title: texts.scopes, cell: ({ scopes }) => <bdi>{scopes.map(scopeText).join(', ') || '–'}</bdi> },
            { key: 'created', title: texts.created, cell: ({ createdAt }) => formats.time(createdAt) },
            { key: 'expires', title: texts.expires, cell: ({ expiresAt }) => formats.time(expiresAt) },
            {
              key: 'lastUsed',
              title: texts.lastSeen,
              cell: ({ lastUsedAt }) => (lastUsedAt === null ? texts.never : formats.time(lastUsedAt)),
            },
            {
              key: 'action',
              title: texts.action,
              label: '',
              cell: ({ id, name }) => (
                <Deed
                  document={RevokeUserTokenDocument}
                  variables={{ input: { id } }}
                  label={texts.revoke}
                  fullLabel={texts.revokeLabel(name)}
                  question={texts.revokeLabel(name)}
                  onDone={() => onDone(texts.revoked)}
                  onEnd={onEnd}
                />
              ),
            },
          ]}
        />
      )}
    </section>
  )
}
