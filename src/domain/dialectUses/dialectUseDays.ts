/**
 * Uses of the dialects day by day (UTC), for a chart: the groups with the most requests each by itself, and all others together. Days
 * and groups without a use have no row.
 *
 * Cost: a pass over the counts of the period; at most MOST_DAYS times MOST_GROUPS + 1 rows.
 */
import { Prisma } from '../../db/generated/client.ts'
import { invalidInput } from '../base/input.ts'
import type { Domain } from '../frame/domain.ts'
import { dayOf } from '../usage/uses.ts'
import { all, type DialectUseFilter, type Period, readFilter, within } from './useFilter.ts'

const DAY = 86_400_000
export const MOST_DAYS = 400
const USUAL_DAYS = 30
const MOST_GROUPS = 10
/** The first day that a database and a Date both have. */
const FIRST_OF_ALL = '0001-01-01'
/** The most rows that there can be. */
export const MOST_USE_DAYS = MOST_DAYS * (MOST_GROUPS + 1)

/** What the uses of a group have in common, and the column that has it. */
const columns = { dialect: Prisma.sql`dialect`, route: Prisma.sql`route`, client: Prisma.sql`client` } as const
export type DialectUseGrouping = keyof typeof columns

export interface DialectUseDay {
  /** `YYYY-MM-DD`. */
  readonly day: string
  /** Null: all groups that have no row of their own. */
  readonly group: string | null
  readonly requests: number
  readonly failures: number
}

const timeOf = (day: string): number => Date.parse(`${day}T00:00:00Z`)
const before = (day: string, days: number): string => {
  const found = dayOf(new Date(timeOf(day) - days * DAY))
  return found < FIRST_OF_ALL ? FIRST_OF_ALL : found
}

/** The days of a filter; without a start the last 30. @throws {Failure} INVALID_INPUT if they are too many */
const daysOf = ({ clock }: Domain, { firstDay, lastDay }: Period): Period => {
  const last = lastDay ?? dayOf(clock.now())
  const first = firstDay ?? before(last, USUAL_DAYS - 1)
  if (timeOf(last) - timeOf(first) >= MOST_DAYS * DAY)
    throw invalidInput([{ field: 'since', message: `must be within ${MOST_DAYS} days of the end` }])
  return { firstDay: first, lastDay: last }
}

/** @throws {Failure} INVALID_INPUT */
export async function dialectUseDays(domain: Domain, filter: DialectUseFilter, by: DialectUseGrouping): Promise<DialectUseDay[]> {
  const { condition, period } = readFilter(filter)
  const rows = all(within(daysOf(domain, period)), condition)
  const statement = Prisma.sql`
    WITH matching AS (
      SELECT day, ${columns[by]} AS member, sum(requests) AS requests, sum(failures) AS failures
      FROM dialect_uses WHERE ${rows} GROUP BY day, member),
    foremost AS (
      SELECT member FROM matching GROUP BY member ORDER BY sum(requests) DESC, member COLLATE "C" LIMIT ${MOST_GROUPS})
    SELECT matching.day::text AS day, foremost.member AS "group",
      sum(matching.requests)::float8 AS requests, sum(matching.failures)::float8 AS failures
    FROM matching LEFT JOIN foremost ON foremost.member = matching.member
    GROUP BY matching.day, foremost.member
    ORDER BY matching.day, foremost.member IS NULL, sum(matching.requests) DESC, foremost.member COLLATE "C"`
  return await domain.lists.read(async (db) => await db.$queryRaw<DialectUseDay[]>(statement))
}
