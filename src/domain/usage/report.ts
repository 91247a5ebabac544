/**
 * The report on the use of each route: how often since a day, by which clients most, and when last. It includes served routes that
 * nobody used, because those can be switched off, and uses of routes that are no longer served.
 *
 * Cost: two passes over the stored counts.
 */
import type { PrismaClient } from '../../db/generated/client.ts'
import { dayOf } from './uses.ts'

/** How many clients of a route are named. */
const TOP = 3

export interface Route {
  readonly dialect: string
  readonly route: string
}

export interface ClientReport {
  readonly client: string
  readonly requests: number
  readonly failures: number
  readonly lastAt: Date
}

export interface RouteReport extends Route {
  readonly served: boolean
  readonly requests: number
  readonly failures: number
  /** Its last known use, even before the period. */
  readonly lastAt: Date | null
  /** The clients that used it most, and the number of all others. */
  readonly clients: readonly ClientReport[]
  readonly otherClients: number
}

export interface UsageReport {
  readonly since: string
  /** The first day with any counts; null if there are none. */
  readonly countedSince: string | null
  /** The most recently used first, then those without uses. */
  readonly routes: readonly RouteReport[]
}

interface RouteRow extends Route {
  readonly requests: number
  readonly failures: number
  readonly clients: number
  readonly firstDay: string
  readonly lastAt: Date
}

type Db = { readonly db: PrismaClient }

const byRoute = async ({ db }: Db, since: string): Promise<RouteRow[]> =>
  await db.$queryRaw<RouteRow[]>`
    SELECT dialect, route, coalesce(sum(requests) FILTER (WHERE day >= ${since}::date), 0)::float8 AS requests,
      coalesce(sum(failures) FILTER (WHERE day >= ${since}::date), 0)::float8 AS failures,
      (count(DISTINCT client) FILTER (WHERE day >= ${since}::date))::float8 AS clients,
      min(day)::text AS "firstDay", max(last_at) AS "lastAt"
    FROM dialect_uses GROUP BY dialect, route`

const topClients = async ({ db }: Db, since: string): Promise<(Route & ClientReport)[]> =>
  await db.$queryRaw<(Route & ClientReport)[]>`
    SELECT dialect, route, client, requests::float8 AS requests, failures::float8 AS failures, "lastAt" FROM (
      SELECT dialect, route, client, sum(requests) AS requests, sum(failures) AS failures, max(last_at) AS "lastAt",
        row_number() OVER (PARTITION BY dialect, route ORDER BY sum(requests) DESC, client) AS place
      FROM dialect_uses WHERE day >= ${since}::date GROUP BY dialect, route, client) AS ranked
    WHERE place <= ${TOP} ORDER BY dialect, route, place`

const nameOf = ({ dialect, route }: Route): string => `${dialect} ${route}`

const newestFirst = (one: RouteReport, other: RouteReport): number =>
  Number(other.requests > 0) - Number(one.requests > 0) ||
  (other.lastAt?.getTime() ?? 0) - (one.lastAt?.getTime() ?? 0) ||
  (nameOf(one) < nameOf(other) ? -1 : 1)

/** The sums for a route. */
const reportOn = (route: Route, row: RouteRow | undefined, top: readonly ClientReport[], served: boolean): RouteReport => ({
  dialect: route.dialect,
  route: route.route,
  served,
  requests: row?.requests ?? 0,
  failures: row?.failures ?? 0,
  lastAt: row?.lastAt ?? null,
  clients: top.map(({ client, requests, failures, lastAt }) => ({ client, requests, failures, lastAt })),
  otherClients: (row?.clients ?? 0) - top.length,
})

/** The report on the routes that are `served` and on those that were used, since the day of a time, for all dialects or one. */
export async function usageReport(domain: Db, served: readonly Route[], since: Date, dialect?: string): Promise<UsageReport> {
  const day = dayOf(since)
  const rows = await byRoute(domain, day)
  const clients = await topClients(domain, day)
  const isSame = (one: Route) => (other: Route) => one.dialect === other.dialect && one.route === other.route
  const gone = rows.filter((row) => !served.some(isSame(row)))
  const routes = [...served.map((route) => ({ route, isServed: true })), ...gone.map((route) => ({ route, isServed: false }))]
    .filter(({ route }) => dialect === undefined || route.dialect === dialect)
    .map(({ route, isServed }) => reportOn(route, rows.find(isSame(route)), clients.filter(isSame(route)), isServed))
  return { since: day, countedSince: rows.map(({ firstDay }) => firstDay).sort()[0] ?? null, routes: routes.sort(newestFirst) }
}
