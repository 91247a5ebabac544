/**
 * The facts of the banner, from the settings. Server URLs are shown without user, password and query; a URL that cannot be parsed is not
 * shown.
 */
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { readDatabaseUrl } from '../db/databaseUrl.ts'
import type { BannerFacts } from './banner.ts'

const hostOf = (url: string): string | undefined => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return parsed === undefined || parsed.host === '' ? undefined : parsed.host
}

const replicaOf = ({ DATABASE_READ_URL: url }: Config): string =>
  url === undefined ? '' : `, lists from ${readDatabaseUrl(url, 'DATABASE_READ_URL').name}`

const databaseLine = (config: Config): string =>
  config.DATABASE_URL === undefined
    ? `embedded (PGlite) in ${config.DATA_DIR}`
    : `PostgreSQL at ${readDatabaseUrl(config.DATABASE_URL).name}${replicaOf(config)}`

/** What the settings do not say. */
interface Known extends Pick<BannerFacts, 'dialects'> {
  readonly hasAdmin: boolean
  readonly firstIsClaimed: boolean
  /** The library that computes hashes. */
  readonly hashedBy: string
}

const administratorLine = (config: Config, { hasAdmin, firstIsClaimed }: Known): string => {
  if (hasAdmin) return 'exists'
  if (!firstIsClaimed && config.FIRST_ACCOUNT_IS_ADMIN && config.REGISTRATION === 'open')
    return 'the first account that registers, on any surface'
  return 'none yet: set ADMIN_EMAIL and ADMIN_PASSWORD, then restart'
}

const mailLine = (config: Config): string => {
  if (config.SMTP_URL === undefined) return `kept as files in ${join(config.DATA_DIR, 'outbox')}`
  const host = hostOf(config.SMTP_URL)
  return host === undefined ? 'SMTP' : `sent through ${host}`
}

const localUrl = ({ HOST, PORT }: Config): string => {
  const host = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(HOST) ? 'localhost' : HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT}`
}

export const bannerFacts = (config: Config, known: Known): BannerFacts => ({
  localUrl: localUrl(config),
  publicUrl: config.PUBLIC_URL,
  graphiql: config.GRAPHIQL,
  pages: config.PAGES.map((group) => (group === 'landing' ? '/' : `/${group}`)),
  apiDocs: config.API_DOCS,
  dialects: known.dialects,
  database: databaseLine(config),
  administrator: administratorLine(config, known),
  mail: mailLine(config),
  hashing: `argon2id by ${known.hashedBy}`,
  workers: config.WORKERS,
})
