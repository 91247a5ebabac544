import { useState, useTransition } from 'react'
import { graphql, usePaginationFragment } from 'react-relay'
import type { AccountsList_query$key } from './__generated__/AccountsList_query.graphql.ts'
import type { AccountsListPaginationQuery } from './__generated__/AccountsListPaginationQuery.graphql.ts'
import { AccountRow } from './AccountRow.tsx'
import { AccountsFilter, type Filter } from './AccountsFilter.tsx'
import { AccountsTable } from './AccountsTable.tsx'

const PAGE = 10

/** Relay keeps one list for each search and filter, because they are arguments of the connection. */
const useAccounts = (query: AccountsList_query$key) =>
  usePaginationFragment<AccountsListPaginationQuery, AccountsList_query$key>(
    graphql`
      fragment AccountsList_query on Query
      @refetchable(queryName: "AccountsListPaginationQuery")
      @argumentDefinitions(
        count: { type: "Int", defaultValue: 10 }
        cursor: { type: "String" }
        search: { type: "String" }
        filter: { type: "UserFilter" }
      ) {
        users(first: $count, after: $cursor, search: $search, filter: $filter) @connection(key: "AccountsList_users") {
          __id
          totalCount
          isTotalCountEstimated
          edges { node { id ...AccountRow_user } }
        }
      }
    `,
    query,
  )

export const AccountsList = ({ query }: { readonly query: AccountsList_query$key }) => {
  const { data, hasNext, isLoadingNext, loadNext, refetch } = useAccounts(query)
  const [isFiltering, startTransition] = useTransition()
  const [problem, setProblem] = useState<string | null>(null)
  const filter = (given: Filter): void => {
    setProblem(null)
    // In a transition, the present list stays until the new one is there.
    startTransition(() => void refetch(given))
  }
  const showMore = (): void => {
    setProblem(null)
    loadNext(PAGE, { onComplete: (error) => setProblem(error?.message ?? null) })
  }
  const { users } = data
  if (!users) return null
  return (
    <>
      <AccountsFilter isPending={isFiltering} onFilter={filter} />
      <p role="status">
        Accounts found: {users.isTotalCountEstimated ? 'about ' : ''}
        {users.totalCount}
      </p>
      <AccountsTable>
        {users.edges.map(({ node }) => (
          <AccountRow key={node.id} user={node} connection={users.__id} />
        ))}
      </AccountsTable>
      {problem !== null && <p role="alert">{problem}</p>}
      {hasNext && (
        <button type="button" disabled={isLoadingNext} onClick={showMore}>
          Show more
        </button>
      )}
    </>
  )
}
