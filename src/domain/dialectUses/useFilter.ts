/** Which counts of uses are meant: by dialect, route, client and period. Counts are per day (UTC), so a period has whole days. */
import * as z from 'zod'
import { Prisma } from '../../db/generated/client.ts'
import { moment, parse, text } from '../base/input.ts'
import { dayOf } from '../usage/uses.ts'

const schema = z.object({
  dialect: text.nullish(),
  route: text.nullish(),
  client: text.nullish(),
  since: moment.nullish(),
  until: moment.nullish(),
})

export interface DialectUseFilter {
  readonly dialect?: string | null | undefined
  readonly route?: string | null | undefined
  /** Part of the client's name, in any case. */
  readonly client?: string | null | undefined
  /** From the start of the day of `since`, to the end of the day of `until`. */
  readonly since?: Date | null | undefined
  readonly until?: Date | null | undefined
}

/** The days, `YYYY-MM-DD` in UTC, from the first to the last; null has no end. */
export interface Period {
  readonly firstDay: string | null
  readonly lastDay: string | null
}

/** A day that begins exactly at `until` is not part of the period. */
const lastDay = (until: Date): string => dayOf(new Date(until.getTime() - 1))

export const all = (...conditions: readonly Prisma.Sql[]): Prisma.Sql => Prisma.join([Prisma.sql`true`, ...conditions], ' AND ')

const periodOf = ({ since, until }: DialectUseFilter): Period => ({
  firstDay: since == null ? null : dayOf(since),
  lastDay: until == null ? null : lastDay(until),
})

/** The condition on the rows of a period. */
export const within = (period: Period): Prisma.Sql =>
  all(
    ...(period.firstDay === null ? [] : [Prisma.sql`day >= ${period.firstDay}::date`]),
    ...(period.lastDay === null ? [] : [Prisma.sql`day <= ${period.lastDay}::date`]),
  )

/** What is meant: the condition on rows, but for those of the period, and the period. @throws {Failure} INVALID_INPUT */
export const readFilter = (filter: DialectUseFilter): { readonly condition: Prisma.Sql; readonly period: Period } => {
  const { dialect, route, client, since, until } = parse(schema, filter)
  const condition = all(
    ...(dialect == null ? [] : [Prisma.sql`dialect = ${dialect}`]),
    ...(route == null ? [] : [Prisma.sql`route = ${route}`]),
    ...(client == null ? [] : [Prisma.sql`strpos(lower(client COLLATE "C"), lower(${client} COLLATE "C")) > 0`]),
  )
  return { condition, period: periodOf({ since, until }) }
}
