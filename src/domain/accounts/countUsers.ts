/**
 * How many accounts a selection has. Exact up to COUNTED; beyond, the estimate of the database's planner, so that the cost of a count
 * does not grow with the user base.
 */
import { Prisma } from '../../db/generated/client.ts'
import { PLANNED_ANEW } from '../../db/statementNames.ts'
import type { Domain } from '../frame/domain.ts'
import { allOf, conditionsOf, type UserSelection } from './userSelection.ts'

const COUNTED = 10_000

export interface UserCount {
  readonly total: number
  readonly isEstimate: boolean
}

const { raw } = Prisma

interface Explained {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Plan Rows': number } }[]
}

const estimate = async ({ db }: Domain, where: Prisma.Sql): Promise<number> => {
  const [explained] = await db.$queryRaw<Explained[]>`EXPLAIN (FORMAT JSON) SELECT FROM users WHERE ${where}`
  return explained?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0
}

/** @throws {Failure} INVALID_INPUT */
export async function countUsers(domain: Domain, selection: UserSelection): Promise<UserCount> {
  const where = allOf(conditionsOf(selection))
  const [found] = await domain.db.$queryRaw<{ counted: bigint }[]>`${raw(PLANNED_ANEW)}
    SELECT count(*) AS counted FROM (SELECT FROM users WHERE ${where} LIMIT ${COUNTED + 1}) AS few`
  const counted = Number(found?.counted)
  if (counted <= COUNTED) return { total: counted, isEstimate: false }
  return { total: Math.max(counted, Math.round(await estimate(domain, where))), isEstimate: true }
}
