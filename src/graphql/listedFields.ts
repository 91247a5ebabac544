/** Whether a list of accounts can do with the columns that lists usually show. */
import type { GraphQLResolveInfo } from 'graphql'
import { selectedNames } from './selectedNames.ts'

/** The fields of `User` that need no other column than those of `ListedAccount`, and those of the connection itself. */
const LISTED = ['id', 'username', 'email', 'name', 'isAdmin', 'loginDisabled', 'scopes', 'scopeNames', 'createdAt', '__typename']
const CONNECTION = ['edges', 'node', 'cursor', 'pageInfo', 'hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor']
const COUNT = ['totalCount', 'isTotalCountEstimated']

const few: ReadonlySet<string> = new Set([...LISTED, ...CONNECTION, ...COUNT])

/** Whether any other field is selected: then whole accounts must be read. */
export const asksMore = (info: GraphQLResolveInfo): boolean => [...selectedNames(info)].some((name) => !few.has(name))
