/**
 * The dialects that there are, and those that the settings switch on, each below its prefix.
 */
import { type Config, ConfigError } from '../config.ts'
import { authentication } from './authentication/routes.ts'
import type { Dialect, Mount } from './dialect.ts'
import { idiot } from './idiot/routes.ts'
import { agreed, retired } from './retirement.ts'
import { wekan } from './wekan/routes.ts'
import { xiot } from './xiot/routes.ts'

export const dialects = (config: Config): readonly Dialect[] => [idiot, wekan(config), xiot, authentication]

const prefixes = (config: Config): Readonly<Record<string, string>> => ({
  idiot: config.IDIOT_PREFIX,
  wekan: config.WEKAN_PREFIX,
  xiot: config.XIOT_PREFIX,
  authentication: config.AUTHENTICATION_PREFIX,
})

const below = (prefix: string, mount: Mount): Mount => ({
  ...mount,
  path: prefix + mount.path,
  rows: mount.rows.map((row) => ({ ...row, path: prefix + row.path })),
})

const withPrefix = (dialect: Dialect, prefix: string): Dialect => ({
  ...dialect,
  basePath: prefix + (dialect.basePath ?? ''),
  mounts: dialect.mounts.map((mount) => below(prefix, mount)),
})

/** Paths that are the house's own. */
const own = ['/docs', '/openapi', '/graphql', '/reset-password', '/confirm-email', '/healthz', '/readyz', '/.well-known']

const touch = (one: string, other: string): boolean => one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`)

/** The dialects whose tables are made to share a path. */
const shares = (one: Dialect, other: Dialect): boolean => one.name === other.name || [one.name, other.name].sort().join() === 'idiot,xiot'

/** @throws {ConfigError} if prefixes put a mount on, below or above another one, or a path of the house */
const checkPaths = (enabled: readonly Dialect[]): void => {
  for (const one of enabled) {
    for (const { path } of one.mounts) {
      const others = enabled.filter((other) => !shares(one, other)).flatMap(({ mounts }) => mounts.map((mount) => mount.path))
      const met = [...others, ...own].find((other) => touch(path, other))
      if (met !== undefined) throw new ConfigError([`${one.name.toUpperCase()}_PREFIX: puts ${path} where ${met} is; choose another one`])
    }
  }
}

/**
 * The dialects of the settings, with their full paths, and each row with its retirement.
 * @throws {ConfigError} if their paths meet, or a retirement is of no dialect or route
 */
export const enabledDialects = (config: Config): readonly Dialect[] => {
  const chosen = dialects(config).filter(({ name }) => (config.DIALECTS as readonly string[]).includes(name))
  const enabled = retired(config, chosen).map((dialect) => withPrefix(dialect, prefixes(config)[dialect.name] ?? ''))
  checkPaths(enabled)
  return agreed(enabled)
}
