/**
 * How many accounts a selection has. Exact up to COUNTED; beyond, the estimate of the database's planner, so that the cost of a count
 * does not grow with the user base.
 */
import { Prisma, type PrismaClient } from '../../db/generated/client.ts'
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

const estimate = async (db: PrismaClient, where: Prisma.Sql): Promise<number> => {
  const [explained] = await db.$queryRaw<Explained[]>`EXPLAIN (FORMAT JSON) SELECT FROM users WHERE ${where}`
  return explained?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0
}

const countWhere = async (db: PrismaClient, where: Prisma.Sql): Promise<UserCount> => {
  const [found] = await db.$queryRaw<{ counted: bigint }[]>`${raw(PLANNED_ANEW)}
    SELECT count(*) AS counted FROM (SELECT FROM users WHERE ${where} LIMIT ${COUNTED + 1}) AS few`
  const counted = Number(found?.counted)
  if (counted <= COUNTED) return { total: counted, isEstimate: false }
  return { total: Math.max(counted, Math.round(await estimate(db, where))), isEstimate: true }
}

/** @throws {Failure} INVALID_INPUT */
export async function countUsers({ lists }: Domain, selection: UserSelection): Promise<UserCount> {
  const where = allOf(conditionsOf(selection))
  return await lists.read(async (db) => await countWhere(db, where))
}
