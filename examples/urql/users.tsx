/** All accounts, for administrators: searched, filtered, and page by page. */
import { useState } from 'react'
import { type CombinedError, useClient, useQuery } from 'urql'
import { messageOf } from './failure.ts'
import { Field, Form, Section } from './form.tsx'
import { UsersDocument, type UsersQueryVariables } from './operations.ts'

const PAGE_SIZE = 10

type Conditions = Pick<UsersQueryVariables, 'search' | 'filter'>

const conditionsOf = (search: string, twoFactor: string): Conditions => ({
  search: search || null,
  filter: twoFactor === 'any' ? null : { twoFactorEnabled: twoFactor === 'on' },
})

export const Users = () => {
  const [conditions, setConditions] = useState(conditionsOf('', 'any'))
  return (
    <Section title="Accounts">
      <Form
        submit="Search"
        isBusy={false}
        failure={undefined}
        onSend={(read) => setConditions(conditionsOf(read('search'), read('twoFactor')))}
      >
        <Field label="Name, username or e-mail address" name="search" type="search" />
        <p>
          <label htmlFor="twoFactor">Second factor</label>
          <select id="twoFactor" name="twoFactor">
            <option value="any">On or off</option>
            <option value="on">On</option>
            <option value="off">Off</option>
          </select>
        </p>
      </Form>
      <UserList key={JSON.stringify(conditions)} conditions={conditions} />
    </Section>
  )
}

/** The cache joins the pages that it has. A further page is loaded before it is shown, so one that fails leaves the list as it is. */
const UserList = ({ conditions }: { readonly conditions: Conditions }) => {
  const client = useClient()
  const [after, setAfter] = useState<string | null>(null)
  const [nextError, setNextError] = useState<CombinedError>()
  const variables = { ...conditions, first: PAGE_SIZE, after }
  const [{ data, error }] = useQuery({ query: UsersDocument, variables })
  const showNext = async (cursor: string | null) => {
    const next = await client.query(UsersDocument, { ...variables, after: cursor })
    setNextError(next.error)
    if (next.error === undefined) setAfter(cursor)
  }
  const failed = error ?? nextError
  const users = data?.users
  return (
    <>
      {failed !== undefined && <p role="alert">{messageOf(failed)}</p>}
      {users && (
        <>
          <p>
            {users.edges.length} of {users.totalCount} accounts
          </p>
          <ul aria-label="Accounts">
            {users.edges.map(({ node: { id, name, email, twoFactorEnabled } }) => (
              <li key={id}>
                {name}, {email ?? 'no e-mail address'}
                {twoFactorEnabled && ', second factor on'}
              </li>
            ))}
          </ul>
          {users.pageInfo.hasNextPage && (
            <button type="button" onClick={() => showNext(users.pageInfo.endCursor)}>
              Show more
            </button>
          )}
        </>
      )}
    </>
  )
}
