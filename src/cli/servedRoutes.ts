/**
 * The served routes of the dialects, as they are counted. A route shared by several dialects is counted under the first of them
 * (`placesOf`). The others are listed separately, so that a report on one of them can say where its counts are.
 */
import type { Route } from '../domain/usage/report.ts'
import type { Dialect } from '../rest/dialect.ts'
import { placesOf } from '../rest/routing.ts'

/** A route of a dialect that is counted under another one. */
export interface RouteElsewhere extends Route {
  readonly countedUnder: string
}

export interface ServedRoutes {
  readonly counted: readonly Route[]
  readonly elsewhere: readonly RouteElsewhere[]
}

export const servedRoutes = (dialects: readonly Dialect[]): ServedRoutes => {
  const places = placesOf(dialects)
  const all = dialects.flatMap(({ name, mounts }) =>
    mounts
      .flatMap(({ rows }) => rows)
      .map(({ method, path }) => ({
        dialect: name,
        route: `${method} ${path}`,
        countedUnder: places.get(path)?.get(method)?.dialect ?? name,
      })),
  )
  return {
    counted: all.filter(({ dialect, countedUnder }) => dialect === countedUnder).map(({ dialect, route }) => ({ dialect, route })),
    elsewhere: all.filter(({ dialect, countedUnder }) => dialect !== countedUnder),
  }
}
