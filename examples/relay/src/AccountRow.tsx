import { commitLocalUpdate, graphql, useFragment, useRelayEnvironment } from 'react-relay'
import type { AccountRow_user$key } from './__generated__/AccountRow_user.graphql.ts'
import type { AccountRowDeleteMutation } from './__generated__/AccountRowDeleteMutation.graphql.ts'
import { FailureMessage } from './FailureMessage.tsx'
import { useOperation } from './useOperation.ts'

interface Props {
  readonly user: AccountRow_user$key
  /** The id that Relay gave to the list. */
  readonly connection: string
}

export const AccountRow = ({ user, connection }: Props) => {
  const { id, name, username, twoFactorEnabled } = useFragment(
    graphql`
      fragment AccountRow_user on User {
        id
        name
        username
        twoFactorEnabled
      }
    `,
    user,
  )
  const environment = useRelayEnvironment()
  const { run, isPending, failure } = useOperation<AccountRowDeleteMutation>(graphql`
    mutation AccountRowDeleteMutation($input: DeleteUserInput!, $connections: [ID!]!) {
      result: deleteUser(input: $input) {
        ... on DeleteUserSuccess @alias(as: "success") { deletedUserId @deleteEdge(connections: $connections) }
        ... on Error @alias(as: "failure") { code message fieldErrors { field message } }
      }
    }
  `)
  /** `@deleteEdge` removes the account from the list; the number beside the list is ours to change. */
  const countDown = (): void =>
    commitLocalUpdate(environment, (store) => {
      const list = store.get(connection)
      list?.setValue(Number(list.getValue('totalCount')) - 1, 'totalCount')
    })
  const remove = (): void => {
    if (!confirm(`Delete the account of ${name}?`)) return
    run({ input: { id }, connections: [connection] }, ({ success }) => success && countDown())
  }
  return (
    <tr>
      <td>{name}</td>
      <td>{username}</td>
      <td>{twoFactorEnabled ? 'on' : 'off'}</td>
      <td>
        <button type="button" disabled={isPending} onClick={remove} aria-label={`Delete ${name}`}>
          Delete
        </button>
        <FailureMessage failure={failure} />
      </td>
    </tr>
  )
}
