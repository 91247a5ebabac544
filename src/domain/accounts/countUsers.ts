/**
 * How many accounts a selection has. Exact up to COUNTED; beyond, the estimate of the database's planner, so that the cost of a count
 * does not grow with the user base.
 */
import { Prisma } from '../../db/generated/client.ts'
import type { Domain } from '../frame/domain.ts'
import { selectionOf, type UserSelection } from './findAccounts.ts'
import { identifierKey } from './identifiers.ts'
import { conditionsOf } from './userFilter.ts'

const COUNTED = 10_000

export interface UserCount {
  readonly total: number
  readonly isEstimate: boolean
}

const { sql } = Prisma

const searched = (search: string | null | undefined): Prisma.Sql[] => {
  if (search == null || search === '') return []
  const key = identifierKey(search)
  return [sql`(strpos(name_key, ${key}) > 0 OR EXISTS (SELECT FROM identifiers WHERE user_id = users.id AND strpos(value, ${key}) > 0))`]
}

interface Explained {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Plan Rows': number } }[]
}

const estimate = async ({ db }: Domain, { search, filter = {} }: UserSelection): Promise<number> => {
  const conditions = Prisma.join([sql`true`, ...searched(search), ...conditionsOf(filter).map((condition) => condition.sql)], ' AND ')
  const [explained] = await db.$queryRaw<Explained[]>`EXPLAIN (FORMAT JSON) SELECT FROM users WHERE ${conditions}`
  return explained?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0
}

/** @throws {Failure} INVALID_INPUT */
export async function countUsers(domain: Domain, selection: UserSelection): Promise<UserCount> {
  const counted = await domain.db.user.count({ where: { AND: selectionOf(selection) }, take: COUNTED + 1 })
  if (counted <= COUNTED) return { total: counted, isEstimate: false }
  return { total: Math.max(counted, Math.round(await estimate(domain, selection))), isEstimate: true }
}
