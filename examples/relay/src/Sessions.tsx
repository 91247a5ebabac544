import { graphql, useFragment, useLazyLoadQuery } from 'react-relay'
import type { Sessions_user$key } from './__generated__/Sessions_user.graphql.ts'
import type { SessionsEndMutation } from './__generated__/SessionsEndMutation.graphql.ts'
import type { SessionsQuery } from './__generated__/SessionsQuery.graphql.ts'
import { FailureMessage } from './FailureMessage.tsx'
import { useOperation } from './useOperation.ts'

const List = ({ user }: { readonly user: Sessions_user$key }) => {
  const { sessions } = useFragment(
    graphql`
      fragment Sessions_user on User {
        sessions { id createdAt userAgent current }
      }
    `,
    user,
  )
  const { run, isPending, failure } = useOperation<SessionsEndMutation>(graphql`
    mutation SessionsEndMutation($input: EndSessionInput!) {
      result: endSession(input: $input) {
        ... on EndSessionSuccess @alias(as: "success") {
          endedSessionId @deleteRecord
          user { ...Sessions_user }
        }
        ... on Error @alias(as: "failure") { code message fieldErrors { field message } }
      }
    }
  `)
  return (
    <>
      <ul>
        {sessions.map(({ id, createdAt, userAgent, current }) => (
          <li key={id}>
            Since {new Date(createdAt).toLocaleString('en')}, {userAgent ?? 'unknown program'}{' '}
            {current ? (
              '(this session)'
            ) : (
              <button type="button" disabled={isPending} onClick={() => run({ input: { id } })}>
                End
              </button>
            )}
          </li>
        ))}
      </ul>
      <FailureMessage failure={failure} />
    </>
  )
}

export const Sessions = ({ attempt }: { readonly attempt: number }) => {
  const { me } = useLazyLoadQuery<SessionsQuery>(
    graphql`
      query SessionsQuery {
        me { ...Sessions_user }
      }
    `,
    {},
    { fetchKey: attempt },
  )
  return me ? <List user={me} /> : null
}
