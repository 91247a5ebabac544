/**
 * The report on uses of routes for a terminal: for each dialect a table, then the routes that nobody used, then those counted under
 * another dialect.
 */
import type { ClientReport, RouteReport, UsageReport } from '../domain/usage/report.ts'
import type { RouteElsewhere } from './servedRoutes.ts'
import { grouped } from './wording.ts'

const CLIENT_WIDTH = 40
const HEAD = ['route', 'requests', 'failures', 'last use (UTC)', 'clients']

const minute = (at: Date): string => at.toISOString().slice(0, 16).replace('T', ' ')

const shortened = (name: string): string => {
  const points = [...name]
  return points.length <= CLIENT_WIDTH ? name : `${points.slice(0, CLIENT_WIDTH - 1).join('')}…`
}
const clientText = ({ client, requests }: ClientReport): string =>
  `${client === '' ? '(no User-Agent)' : shortened(client)}: ${grouped(requests)}`
const clientsText = ({ clients, otherClients }: RouteReport): string =>
  [...clients.map(clientText), ...(otherClients > 0 ? [`${grouped(otherClients)} more`] : [])].join(', ')

const nameOf = ({ route, served }: RouteReport): string => (served ? route : `${route} (not served)`)

const cellsOf = (route: RouteReport): string[] => [
  nameOf(route),
  grouped(route.requests),
  grouped(route.failures),
  route.lastAt === null ? '-' : minute(route.lastAt),
  clientsText(route),
]

/** Columns as wide as their widest cell, numbers aligned to the right. */
const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)))
  return rows.map((cells) => {
    const padded = cells.map((cell, column) => {
      const width = widths[column] ?? 0
      return column === 1 || column === 2 ? cell.padStart(width) : cell.padEnd(width)
    })
    return `  ${padded.join('  ')}`.trimEnd()
  })
}

const unusedLine = (width: number) => (route: RouteReport) =>
  `    ${nameOf(route).padEnd(width)}  ${route.lastAt === null ? 'no use is known' : `last used ${minute(route.lastAt)}`}`

const unusedLines = (routes: readonly RouteReport[], since: string): string[] => {
  const width = Math.max(0, ...routes.map((route) => nameOf(route).length))
  return routes.length === 0 ? [] : [`  not used since ${since}:`, ...routes.map(unusedLine(width))]
}

const elsewhereLine = ({ route, countedUnder }: RouteElsewhere): string => `  ${route} is shared with ${countedUnder}, and counted there`

const dialectLines = (dialect: string, routes: readonly RouteReport[], elsewhere: readonly RouteElsewhere[], since: string): string[] => {
  const used = routes.filter(({ requests }) => requests > 0)
  const unused = routes.filter(({ requests, served }) => requests === 0 && served)
  return [
    dialect,
    ...(used.length > 0 ? table([HEAD, ...used.map(cellsOf)]) : []),
    ...unusedLines(unused, since),
    ...elsewhere.map(elsewhereLine),
    '',
  ]
}

/** What a reader must know before concluding that nobody uses a route. */
const caveat = ({ since, countedSince }: UsageReport): string[] => {
  if (countedSince === null) return ['Nothing was counted yet.', '']
  return countedSince > since ? [`The first use that is known of was on ${countedSince}: nothing is known of the time before.`, ''] : []
}

export const usageText = (report: UsageReport, elsewhere: readonly RouteElsewhere[] = []): string => {
  const { since, routes } = report
  const dialects = [...new Set(routes.map(({ dialect }) => dialect))].sort()
  const parts = dialects.flatMap((dialect) => {
    const isOfIt = (route: { readonly dialect: string }) => route.dialect === dialect
    return dialectLines(dialect, routes.filter(isOfIt), elsewhere.filter(isOfIt), since)
  })
  return `${[`Uses of REST routes since ${since} (UTC)`, '', ...caveat(report), ...parts].join('\n')}`
}
