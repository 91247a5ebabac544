/**
 * The dialects that there are, and those that the settings switch on, each below its prefix.
 */
import type { Config } from '../config.ts'
import { authentication } from './authentication/routes.ts'
import type { Dialect, DialectName, Mount } from './dialect.ts'
import { idiot } from './idiot/routes.ts'
import { wekan } from './wekan/routes.ts'
import { xiot } from './xiot/routes.ts'

export const dialects = (config: Config): readonly Dialect[] => [idiot, wekan(config), xiot, authentication]

const prefixes = (config: Config): Readonly<Record<DialectName, string>> => ({
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

/** The dialects of the settings, with their full paths. */
export const enabledDialects = (config: Config): readonly Dialect[] =>
  dialects(config)
    .filter(({ name }) => config.DIALECTS.includes(name))
    .map((dialect) => ({ ...dialect, mounts: dialect.mounts.map((mount) => below(prefixes(config)[dialect.name], mount)) }))
