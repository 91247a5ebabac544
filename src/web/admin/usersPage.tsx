/** /admin: all accounts, page by page, and what can be done to several of them at once. */
import { useState } from 'react'
import { useTextsOf } from '../locale.tsx'
import { PageLink, usePage } from '../parts/page.tsx'
import { Pager } from '../parts/pager.tsx'
import { Reading } from '../parts/reading.tsx'
import { BulkBar } from './bulkBar.tsx'
import type { UserRowFragment } from './operations.ts'
import { usersTexts } from './textsUsers.ts'
import { type Selection, useBulk } from './useBulk.ts'
import { UserFilters } from './userFilters.tsx'
import { UserTable } from './userTable.tsx'
import { useUserList } from './useUserList.ts'

/** What is selected, also on other pages of the list. */
const useSelection = () => {
  const [selection, setSelection] = useState<Selection>(new Map())
  const select = (users: readonly Pick<UserRowFragment, 'id' | 'username'>[], isSelected: boolean) =>
    setSelection((before) => {
      const next = new Map(before)
      for (const { id, username } of users) {
        if (isSelected) next.set(id, username)
        else next.delete(id)
      }
      return next
    })
  return { selection, select, clear: () => setSelection(new Map()) }
}

export const UsersPage = () => {
  const texts = useTextsOf(usersTexts).list
  usePage(texts.title)
  const { sort, page, count } = useUserList()
  const { selection, select, clear } = useSelection()
  const bulk = useBulk((id) => select([{ id, username: '' }], false), page.again)
  const found = page.data?.users
  const total = count.data?.users
  return (
    <>
      <h1>{texts.title}</h1>
      <div className="actions spaced">
        <PageLink to="/admin/create" className="button main">
          {texts.create}
        </PageLink>
        <PageLink to="/admin/invite" className="button">
          {texts.invite}
        </PageLink>
      </div>
      <UserFilters sort={sort} />
      <Reading read={page} />
      <p role="status">{total != null && !count.isBusy && texts.count(total.totalCount, total.isTotalCountEstimated)}</p>
      <BulkBar selection={selection} bulk={bulk} onClear={clear} />
      {found?.edges.length === 0 && <p>{texts.none}</p>}
      {found != null && (
        <>
          {found.edges.length > 0 && (
            <UserTable
              users={found.edges.map(({ node }) => node)}
              sort={sort}
              selection={selection}
              isDisabled={bulk.progress !== undefined}
              onSelect={select}
            />
          )}
          <Pager pageInfo={found.pageInfo} />
        </>
      )}
    </>
  )
}
