/** A page of accounts, with boxes to select some of them. */
import { useFormats, useTextsOf } from '../locale.tsx'
import { Check } from '../parts/check.tsx'
import { type Column, DataTable } from '../parts/dataTable.tsx'
import { PageLink } from '../parts/page.tsx'
import { useParameters } from '../routing.ts'
import type { UserRowFragment } from './operations.ts'
import { usersTexts } from './textsUsers.ts'
import type { Selection } from './useBulk.ts'
import { UserTags } from './userTags.tsx'
import type { Sort } from './useUserList.ts'

export const pathOfUser = (id: string): string => `/admin/users/${encodeURIComponent(id)}`

/** The title of a column that sorts by it, and the other way round when it does so already. */
const useSorting = (sort: Sort) => {
  const [, change] = useParameters()
  return (field: 'name' | 'username' | 'created', label: string): Pick<Column<unknown>, 'title' | 'label' | 'sort'> => {
    const [by, direction] = sort.split('-')
    const isOurs = by === field
    const next = `${field}-${isOurs && direction === 'asc' ? 'desc' : 'asc'}`
    return {
      label,
      sort: isOurs ? (direction === 'asc' ? 'ascending' : 'descending') : 'none',
      title: (
        <button type="button" className="sorter" onClick={() => change({ sort: next, after: null, before: null })}>
          {label}
          <span aria-hidden="true">{isOurs ? (direction === 'asc' ? ' ↑' : ' ↓') : ''}</span>
        </button>
      ),
    }
  }
}

interface TableProps {
  readonly users: readonly UserRowFragment[]
  readonly sort: Sort
  readonly selection: Selection
  readonly isDisabled: boolean
  readonly onSelect: (users: readonly UserRowFragment[], isSelected: boolean) => void
}

export const UserTable = ({ users, sort, selection, isDisabled, onSelect }: TableProps) => {
  const texts = useTextsOf(usersTexts).list
  const formats = useFormats()
  const sorting = useSorting(sort)
  const selected = users.filter(({ id }) => selection.has(id)).length
  const columns: readonly Column<UserRowFragment>[] = [
    {
      key: 'select',
      title: <span className="unseen">{texts.select}</span>,
      label: '',
      size: 'small',
      cell: (user) => (
        <Check
          label={texts.selectOne(user.username)}
          isSelected={selection.has(user.id)}
          isDisabled={isDisabled}
          onChange={(isSelected) => onSelect([user], isSelected)}
        />
      ),
    },
    {
      key: 'username',
      ...sorting('username', texts.username),
      cell: ({ id, username }) => (
        <PageLink to={pathOfUser(id)}>
          <bdi>{username}</bdi>
        </PageLink>
      ),
    },
    { key: 'name', ...sorting('name', texts.name), cell: ({ name }) => <bdi>{name}</bdi> },
    { key: 'email', title: texts.email, size: 'large', cell: ({ email }) => <bdi>{email ?? '–'}</bdi> },
    { key: 'created', ...sorting('created', texts.created), cell: ({ createdAt }) => formats.time(createdAt) },
    { key: 'states', title: texts.states, cell: (user) => <UserTags user={user} /> },
  ]
  return (
    <>
      <Check
        isSelected={selected === users.length}
        isIndeterminate={selected > 0 && selected < users.length}
        isDisabled={isDisabled}
        onChange={(isSelected) => onSelect(users, isSelected)}
      >
        {texts.selectPage}
      </Check>
      <DataTable label={texts.title} rows={users} keyOf={({ id }) => id} columns={columns} />
    </>
  )
}
