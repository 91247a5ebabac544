/** The list of accounts that the address asks for: search, filters, order and page. */
import { usePageVariables } from '../parts/pager.tsx'
import { type Read, useRead } from '../read.ts'
import { useParameters } from '../routing.ts'
import {
  UserCountDocument,
  type UserCountQuery,
  type UserFilter,
  type UserOrderField,
  UsersDocument,
  type UsersQuery,
} from './operations.ts'

const SIZE = 50

export const sorts = ['created-desc', 'created-asc', 'name-asc', 'name-desc', 'username-asc', 'username-desc'] as const
export type Sort = (typeof sorts)[number]

const fields: Readonly<Record<string, UserOrderField>> = { created: 'CREATED_AT', name: 'NAME', username: 'USERNAME' }

/** The parameters of the address that the form of filters has. */
export const filterNames = ['search', 'sort', 'disabled', 'admin', 'verified', 'factor'] as const

const flags: Readonly<Record<string, boolean>> = { yes: true, no: false }

const filterOf = (parameters: URLSearchParams): UserFilter => {
  const flag = (name: string): boolean | null => flags[parameters.get(name) ?? ''] ?? null
  return {
    loginDisabled: flag('disabled'),
    isAdmin: flag('admin'),
    emailVerified: flag('verified'),
    twoFactorEnabled: flag('factor'),
  }
}

interface UserList {
  readonly sort: Sort
  readonly page: Read<UsersQuery>
  /** Read by itself, because it may take longer than the page. */
  readonly count: Read<UserCountQuery>
}

export const useUserList = (): UserList => {
  const [parameters] = useParameters()
  const sort = sorts.find((one) => one === parameters.get('sort')) ?? 'created-desc'
  const [field = 'created', direction] = sort.split('-')
  const asked = { search: parameters.get('search'), filter: filterOf(parameters) }
  const page = useRead(UsersDocument, {
    ...usePageVariables(SIZE),
    ...asked,
    orderBy: { field: fields[field] ?? 'CREATED_AT', direction: direction === 'asc' ? 'ASC' : 'DESC' },
  })
  return { sort, page, count: useRead(UserCountDocument, asked) }
}
