import { graphql, useLazyLoadQuery } from 'react-relay'
import type { AccountsQuery } from './__generated__/AccountsQuery.graphql.ts'
import { AccountsList } from './AccountsList.tsx'

export const Accounts = ({ attempt }: { readonly attempt: number }) => {
  const query = useLazyLoadQuery<AccountsQuery>(
    graphql`
      query AccountsQuery {
        ...AccountsList_query
      }
    `,
    {},
    { fetchKey: attempt },
  )
  return <AccountsList query={query} />
}
