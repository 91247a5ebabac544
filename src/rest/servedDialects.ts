/** The facts about the dialects that the domain gets: what the settings say of each as a whole, and what holds for each of its routes. */
import type { Target } from '../config/targets.ts'
import type { Config } from '../config.ts'
import type { Retiring, ServedDialect, ServedRoute } from '../domain/frame/servedDialect.ts'
import type { Dialect, Row } from './dialect.ts'
import { prefixOf } from './dialects.ts'

/** The entry of a list for a whole dialect. */
const whole = <T extends Target>(entries: readonly T[], name: string): T | undefined =>
  entries.find(({ dialect, route }) => dialect === name && route === undefined)

const retiringOf = (config: Config, name: string): Retiring => ({
  deprecatedAt: whole(config.DEPRECATION, name)?.date ?? null,
  sunsetAt: whole(config.SUNSET, name)?.date ?? null,
  isReadOnly: whole(config.READ_ONLY, name) !== undefined,
  isSwitchedOff: whole(config.SWITCHED_OFF, name) !== undefined,
})

const routeOf = ({ method, path, retirement }: Row): ServedRoute => ({
  method,
  path,
  deprecatedAt: retirement?.deprecation ?? null,
  sunsetAt: retirement?.sunset ?? null,
  isReadOnly: retirement?.readOnly ?? false,
  isSwitchedOff: retirement?.off ?? false,
})

/** @param dialects as `enabledDialects` returns them */
export const servedDialects = (config: Config, dialects: readonly Dialect[]): readonly ServedDialect[] =>
  dialects.map(({ name, title, mounts }) => ({
    name,
    title,
    pathPrefix: prefixOf(config, name),
    migrationGuide: config.MIGRATION_GUIDE ?? null,
    ...retiringOf(config, name),
    routes: mounts.flatMap(({ rows }) => rows).map(routeOf),
  }))
