/**
 * What DEPRECATION, SUNSET, READ_ONLY and SWITCHED_OFF say of each row. A route's own entry wins over its dialect's; a route that
 * dialects share is retired only as far as all of them agree, and on the later of their dates.
 *
 * An entry that would have no effect (no such dialect, or one that is not served; no such route; a route that changes no account
 * in READ_ONLY) is refused, as is a sunset before its deprecation (RFC 9745, section 4).
 */
import type { Target } from '../config/targets.ts'
import { type Config, ConfigError } from '../config.ts'
import type { Dialect, Retirement, Row } from './dialect.ts'

const LISTS = ['DEPRECATION', 'SUNSET', 'READ_ONLY', 'SWITCHED_OFF'] as const
type ListName = (typeof LISTS)[number]

const routeOf = ({ method, path }: Row): string => `${method} ${path}`
const rowsOf = ({ mounts }: Dialect): readonly Row[] => mounts.flatMap(({ rows }) => rows)

const mapRows = (dialect: Dialect, change: (row: Row) => Row): Dialect => ({
  ...dialect,
  mounts: dialect.mounts.map((mount) => ({ ...mount, rows: mount.rows.map(change) })),
})

/** What a list says of a row: by its own entry, or by its dialect's. */
const entryOf = <T extends Target>(entries: readonly T[], { name }: Dialect, row: Row): T | undefined => {
  const own = entries.filter(({ dialect }) => dialect === name)
  return own.find(({ route }) => route === routeOf(row)) ?? own.find(({ route }) => route === undefined)
}

const targetProblem = (list: ListName, { dialect, route }: Target, dialects: readonly Dialect[]): string | undefined => {
  const named = dialects.find(({ name }) => name === dialect)
  if (named === undefined) return `DIALECTS serves no ${dialect}`
  if (route === undefined) return undefined
  const row = rowsOf(named).find((one) => routeOf(one) === route)
  if (row === undefined) return `${dialect} has no such route, but ${rowsOf(named).map(routeOf).join(', ')}`
  return list === 'READ_ONLY' && row.changes !== 'accounts' ? 'the route changes no account' : undefined
}

const targetProblems = (config: Config, dialects: readonly Dialect[]): string[] =>
  LISTS.flatMap((list) =>
    config[list].flatMap((target) => {
      const problem = targetProblem(list, target, dialects)
      return problem === undefined ? [] : [`${list}: ${target.name}: ${problem}`]
    }),
  )

const orderProblems = ({ DEPRECATION, SUNSET }: Config, dialects: readonly Dialect[]): string[] =>
  dialects.flatMap((dialect) =>
    rowsOf(dialect).flatMap((row) => {
      const [deprecation, sunset] = [entryOf(DEPRECATION, dialect, row), entryOf(SUNSET, dialect, row)]
      if (deprecation === undefined || sunset === undefined || deprecation.date <= sunset.date) return []
      return [`SUNSET: ${sunset.name}: must not be earlier than DEPRECATION of ${deprecation.name}`]
    }),
  )

const retirementOf = (config: Config, dialect: Dialect, row: Row): Retirement | undefined => {
  const deprecation = entryOf(config.DEPRECATION, dialect, row)?.date
  const sunset = entryOf(config.SUNSET, dialect, row)?.date
  const readOnly = row.changes === 'accounts' && entryOf(config.READ_ONLY, dialect, row) !== undefined
  const off = entryOf(config.SWITCHED_OFF, dialect, row) !== undefined
  if (deprecation === undefined && sunset === undefined && !readOnly && !off) return undefined
  return { deprecation, sunset, guide: config.MIGRATION_GUIDE, readOnly, off, held: false }
}

/**
 * The dialects, before their prefixes, with what the settings say of each row.
 * @throws {ConfigError} with every entry that is wrong
 */
export const retired = (config: Config, dialects: readonly Dialect[]): readonly Dialect[] => {
  const problems = new Set([...targetProblems(config, dialects), ...orderProblems(config, dialects)])
  if (problems.size > 0) throw new ConfigError([...problems])
  return dialects.map((dialect) =>
    mapRows(dialect, (row) => {
      const retirement = retirementOf(config, dialect, row)
      return retirement === undefined ? row : { ...row, retirement }
    }),
  )
}

/** The latest, if each has one. */
const latest = (dates: readonly (Date | undefined)[]): Date | undefined => {
  const known = dates.filter((date) => date !== undefined)
  return known.length < dates.length ? undefined : new Date(Math.max(...known.map((date) => date.getTime())))
}

const jointly = (own: Retirement, sharing: readonly (Retirement | undefined)[]): Retirement => {
  const deprecation = latest(sharing.map((one) => one?.deprecation))
  const sunset = latest(sharing.map((one) => one?.sunset))
  const readOnly = sharing.every((one) => one?.readOnly)
  const off = sharing.every((one) => one?.off)
  const lost = (asked: unknown, granted: unknown): boolean => Boolean(asked) && !granted
  const held = lost(own.deprecation, deprecation) || lost(own.sunset, sunset) || lost(own.readOnly, readOnly) || lost(own.off, off)
  return { ...own, deprecation, sunset, readOnly, off, held }
}

/** The dialects, below their prefixes, with one retirement for each route that they share. */
export const agreed = (dialects: readonly Dialect[]): readonly Dialect[] => {
  const all = dialects.flatMap(rowsOf)
  return dialects.map((dialect) =>
    mapRows(dialect, (row) => {
      if (row.retirement === undefined) return row
      const sharing = all.filter((other) => routeOf(other) === routeOf(row))
      return {
        ...row,
        retirement: jointly(
          row.retirement,
          sharing.map(({ retirement }) => retirement),
        ),
      }
    }),
  )
}
