/**
 * The dialects that are ours, and those that the settings switch on, each below its prefix. (`loading/` has those of files.)
 */
import { type Config, ConfigError } from '../config.ts'
import { authentication } from './authentication/routes.ts'
import type { Dialect, Mount, Row } from './dialect.ts'
import { fromOperation } from './fromOperation.ts'
import { idiot } from './idiot/routes.ts'
import { touch } from './paths.ts'
import { agreed, retired } from './retirement.ts'
import { wekan } from './wekan/routes.ts'
import { xiot } from './xiot/routes.ts'

export const dialects = (config: Config): readonly Dialect[] => [idiot, wekan(config), xiot, authentication]

const prefixes = (config: Config): ReadonlyMap<string, string> =>
  new Map([
    ['idiot', config.IDIOT_PREFIX],
    ['wekan', config.WEKAN_PREFIX],
    ['xiot', config.XIOT_PREFIX],
    ['authentication', config.AUTHENTICATION_PREFIX],
  ])

/** The prefix of the settings for a dialect; empty for a loaded one. */
export const prefixOf = (config: Config, name: string): string => prefixes(config).get(name) ?? ''

const prefixedRow = (row: Row, prefix: string): Row => {
  const path = prefix + row.path
  return row.instead === undefined ? { ...row, path } : { ...row, path, instead: { ...row.instead, path } }
}

const below = (prefix: string, mount: Mount): Mount => ({
  ...mount,
  path: prefix + mount.path,
  rows: mount.rows.map((row) => prefixedRow(row, prefix)),
})

const withPrefix = (dialect: Dialect, prefix: string): Dialect => ({
  ...dialect,
  basePath: prefix + (dialect.basePath ?? ''),
  mounts: dialect.mounts.map((mount) => below(prefix, mount)),
})

/** Paths that are the server's own. */
const own = [
  '/docs',
  '/openapi',
  '/graphql',
  '/reset-password',
  '/confirm-email',
  '/disown-email',
  '/undo-change',
  '/healthz',
  '/readyz',
  '/.well-known',
]

/** The dialects whose tables are made to share a path. */
const shares = (one: Dialect, other: Dialect): boolean => one.name === other.name || [one.name, other.name].sort().join() === 'idiot,xiot'

/** Where the mounts of a dialect are on, below or above those of others, or a path of the server. */
const pathProblems = (one: Dialect, all: readonly Dialect[]): string[] => {
  const others = all.filter((other) => !shares(one, other)).flatMap(({ mounts }) => mounts.map((mount) => mount.path))
  const setting = one.surface === 'custom' ? `DIALECTS: ${one.name}` : `${one.name.toUpperCase()}_PREFIX:`
  return one.mounts.flatMap(({ path }) => {
    const met = [...others, ...own].find((other) => touch(path, other))
    return met === undefined ? [] : [`${setting} puts ${path} where ${met} is; choose another one`]
  })
}

/** @throws {ConfigError} that blames what was loaded, else a prefix */
const checkPaths = (enabled: readonly Dialect[], loaded: readonly Dialect[]): void => {
  const [ofLoaded, ofAll] = [loaded, enabled].map((some) => some.flatMap((one) => pathProblems(one, enabled))) as [string[], string[]]
  if (ofAll.length > 0) throw new ConfigError(ofLoaded.length > 0 ? ofLoaded : ofAll.slice(0, 1))
}

/** What a route changes is what its operation changes here, whatever the module was built with. */
const withEffects = (dialect: Dialect): Dialect => ({
  ...dialect,
  mounts: dialect.mounts.map((mount) => ({
    ...mount,
    rows: mount.rows.map((row) => ({ ...row, changes: fromOperation(row.document).changes })),
  })),
})

/**
 * Those of our dialects that the settings switch on and what was loaded beside them, with their full paths, and each row with its
 * retirement.
 * @throws {ConfigError} if their paths meet, or a retirement is of no dialect or route
 */
export const enabledDialects = (config: Config, loaded: readonly Dialect[] = []): readonly Dialect[] => {
  const chosen = [...dialects(config).filter(({ name }) => config.DIALECTS.includes(name)), ...loaded.map(withEffects)]
  const enabled = retired(config, chosen).map((dialect) => withPrefix(dialect, prefixOf(config, dialect.name)))
  checkPaths(enabled, loaded)
  return agreed(enabled)
}
