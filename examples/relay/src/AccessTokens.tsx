import { graphql, useFragment, useLazyLoadQuery } from 'react-relay'
import type { AccessTokens_user$key } from './__generated__/AccessTokens_user.graphql.ts'
import type { AccessTokensQuery } from './__generated__/AccessTokensQuery.graphql.ts'
import type { AccessTokensRevokeMutation } from './__generated__/AccessTokensRevokeMutation.graphql.ts'
import { CreateAccessToken } from './CreateAccessToken.tsx'
import { FailureMessage } from './FailureMessage.tsx'
import { useOperation } from './useOperation.ts'

const List = ({ user }: { readonly user: AccessTokens_user$key }) => {
  const { personalAccessTokens } = useFragment(
    graphql`
      fragment AccessTokens_user on User {
        personalAccessTokens { id name expiresAt }
      }
    `,
    user,
  )
  const { run, isPending, failure } = useOperation<AccessTokensRevokeMutation>(graphql`
    mutation AccessTokensRevokeMutation($input: RevokePersonalAccessTokenInput!) {
      result: revokePersonalAccessToken(input: $input) {
        ... on RevokePersonalAccessTokenSuccess @alias(as: "success") {
          personalAccessToken { id @deleteRecord }
          user { ...AccessTokens_user }
        }
        ... on Error @alias(as: "failure") { code message fieldErrors { field message } }
      }
    }
  `)
  return (
    <>
      <ul>
        {personalAccessTokens.map(({ id, name, expiresAt }) => (
          <li key={id}>
            {name}, until {new Date(expiresAt).toLocaleDateString('en')}{' '}
            <button type="button" disabled={isPending} onClick={() => run({ input: { id } })}>
              Revoke
            </button>
          </li>
        ))}
      </ul>
      <FailureMessage failure={failure} />
    </>
  )
}

export const AccessTokens = ({ attempt }: { readonly attempt: number }) => {
  const { me } = useLazyLoadQuery<AccessTokensQuery>(
    graphql`
      query AccessTokensQuery {
        me { ...AccessTokens_user }
      }
    `,
    {},
    { fetchKey: attempt },
  )
  if (!me) return null
  return (
    <>
      <List user={me} />
      <CreateAccessToken />
    </>
  )
}
