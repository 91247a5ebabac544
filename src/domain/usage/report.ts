/**
 * What becomes of each route: how much it was used since a day, by whom most, and when last at all. Routes that are served and
 * that nobody used are told as well, since those can be switched off; so are uses of routes that are served no more.
 *
 * Cost: two passes over what is kept.
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
  /** Its last use that is known at all, also one before the period. */
  readonly lastAt: Date | null
  /** Those who used it most, and how many more there are. */
  readonly clients: readonly ClientReport[]
  readonly otherClients: number
}

export interface UsageReport {
  readonly since: string
  /** The first day that anything is known of; null where nothing is. */
  readonly countedSince: string | null
  /** Those used most recently first, then those that were not used. */
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

/** What a route came to. */
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

/** The report on the routes that are `served` and on those that were used, since the day of an instant; on all dialects, or one. */
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
