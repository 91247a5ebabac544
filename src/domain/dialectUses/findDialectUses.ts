/**
 * Counts of uses of the dialects, summed over days, most recently used first, by keyset. Counts are per day (UTC), so a period
 * includes every day that it touches. Uses of the last minute may not be stored yet.
 *
 * Cost: a pass over the counts of the period; a day and dialect have at most 202 clients, times routes and surfaces.
 */
import { Prisma } from '../../db/generated/client.ts'
import { holds } from '../access/requirements.ts'
import type { FilteredPage, Place } from '../base/pageWindow.ts'
import type { Surface } from '../base/surfaces.ts'
import type { Viewer } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { all, type DialectUseFilter, type Period, readFilter, within } from './useFilter.ts'

export type DialectUsePage = FilteredPage<DialectUseFilter>

/** What the requests of a use have in common. */
export interface DialectUseKey extends Period {
  readonly dialect: string
  readonly route: string
  /** Empty without a User-Agent. */
  readonly client: string
  /** Empty without a live session. */
  readonly tokenSurface: Surface | ''
}

/** The requests of one client to one route with tokens of one surface in a period. */
export interface DialectUse extends DialectUseKey {
  readonly requests: number
  readonly failures: number
  readonly firstAt: Date
  readonly lastAt: Date
  /** A key that is different for each row. */
  readonly key: string
}

/** The end of the calendar; no place can be beyond it. */
const LATEST = Date.parse('9999-12-31T23:59:59.999Z')

export const placeOf = ({ lastAt, key }: DialectUse): Place => ({ value: key, seq: BigInt(lastAt.getTime()) })

const instantOf = ({ seq }: Place): Date => new Date(Math.min(Number(seq), LATEST))

/** The sums of the rows that match. */
const sums = (condition: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT dialect, route, client, token_surface AS "tokenSurface", sum(requests)::float8 AS requests, sum(failures)::float8 AS failures,
    min(first_at) AS "firstAt", max(last_at) AS "lastAt", concat_ws(E'\n', dialect, route, client, token_surface) COLLATE "C" AS key
  FROM dialect_uses WHERE ${condition} GROUP BY dialect, route, client, token_surface`

/** Newest first; by key for equal times. */
const beyond = (place: Place, later: boolean): Prisma.Sql => {
  const at = instantOf(place)
  return later
    ? Prisma.sql`("lastAt" < ${at}::timestamptz OR ("lastAt" = ${at}::timestamptz AND key > ${place.value} COLLATE "C"))`
    : Prisma.sql`("lastAt" > ${at}::timestamptz OR ("lastAt" = ${at}::timestamptz AND key < ${place.value} COLLATE "C"))`
}

/** The uses between two places, newest first; backwards, oldest first. @throws {Failure} INVALID_INPUT */
export async function findDialectUses({ lists }: Domain, page: DialectUsePage): Promise<DialectUse[]> {
  const { filter, backwards, limit, skip = 0, after, before } = page
  const { condition, period } = readFilter(filter)
  const places = [after === undefined ? [] : beyond(after, true), before === undefined ? [] : beyond(before, false)].flat()
  const statement = Prisma.sql`
    SELECT * FROM (${sums(all(within(period), condition))}) AS uses WHERE ${all(...places)}
    ORDER BY ${backwards ? Prisma.sql`"lastAt", key DESC` : Prisma.sql`"lastAt" DESC, key`} OFFSET ${skip} LIMIT ${limit}`
  const rows = await lists.read(async (db) => await db.$queryRaw<Omit<DialectUse, keyof Period>[]>(statement))
  return rows.map((row) => ({ ...row, ...period }))
}

/** The use of a key, for administrators; null if there is none, or the viewer may not see it. */
export async function findDialectUse({ db }: Domain, viewer: Viewer | null, wanted: DialectUseKey): Promise<DialectUse | null> {
  if (!holds(viewer, 'admin')) return null
  const { dialect, route, client, tokenSurface, firstDay, lastDay } = wanted
  const own = Prisma.sql`dialect = ${dialect} AND route = ${route} AND client = ${client} AND token_surface = ${tokenSurface}`
  const [row] = await db.$queryRaw<Omit<DialectUse, keyof Period>[]>(sums(all(own, within(wanted))))
  return row === undefined ? null : { ...row, firstDay, lastDay }
}
