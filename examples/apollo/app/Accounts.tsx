import { NetworkStatus } from '@apollo/client'
import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { UsersDocument } from '../operations.ts'
import { missingScope } from './api.ts'
import { Failure } from './Failure.tsx'
import { Field, Form } from './Form.tsx'
import { Section } from './Section.tsx'

const PAGE_SIZE = 10

/** What the cache distinguishes lists by (client.ts). */
interface Criteria {
  readonly search: string | null
  readonly filter: { readonly twoFactorEnabled: boolean } | null
}

export function Accounts() {
  const [criteria, setCriteria] = useState<Criteria>({ search: null, filter: null })
  const submit = (field: (name: string) => string) => {
    const factor = field('twoFactorEnabled')
    setCriteria({ search: field('search') || null, filter: factor === '' ? null : { twoFactorEnabled: factor === 'true' } })
  }
  return (
    <Section title="All accounts">
      <search>
        <Form action="Search" onSubmit={submit}>
          <Field name="search" label="Name, username or e-mail address" type="search" />
          <label>
            Second factor{' '}
            <select name="twoFactorEnabled">
              <option value="">On or off</option>
              <option value="true">On</option>
              <option value="false">Off</option>
            </select>
          </label>
        </Form>
      </search>
      <List key={JSON.stringify(criteria)} {...criteria} />
    </Section>
  )
}

function List({ search, filter }: Criteria) {
  const { data, error, networkStatus, fetchMore } = useQuery(UsersDocument, { variables: { first: PAGE_SIZE, search, filter } })
  const [pageError, setPageError] = useState<Error>()
  const users = data?.users
  const scope = missingScope(error)
  if (scope !== undefined) return <p>Only accounts with the scope {scope} see this list.</p>
  if (users == null) return <Failure of={error} />
  const showMore = () => {
    setPageError(undefined)
    // If the page fails, the list is as it was, and `useQuery` reports no error.
    fetchMore({ variables: { after: users.pageInfo.endCursor } }).catch(setPageError)
  }
  return (
    <>
      <p>
        {users.edges.length} of {users.totalCount} accounts
      </p>
      <ul>
        {users.edges.map(({ node }) => (
          <li key={node.id}>
            {node.name} {node.email !== null && `<${node.email}>`} {node.twoFactorEnabled && '(second factor)'}
          </li>
        ))}
      </ul>
      <Failure of={pageError} />
      {users.pageInfo.hasNextPage && (
        <button type="button" disabled={networkStatus === NetworkStatus.fetchMore} onClick={showMore}>
          Show more
        </button>
      )}
    </>
  )
}
