/**
 * Parses DATABASE_URL and DATABASE_READ_URL by libpq's grammar (PostgreSQL 34.1.1.2): one or several hosts or none, a socket directory as host, and
 * parameters instead of the parts. Everything is percent-decoded; a percent sign that encodes nothing stands for itself. Messages
 * about a URL never contain its password.
 */
import type pg from 'pg'
import { reasonFor } from './databaseReasons.ts'
import { DatabaseAway } from './passing.ts'
import type { Server } from './servers.ts'
import { reasonOf, StartupError } from './startupError.ts'
import { type TlsSettings, tlsOf } from './tlsSettings.ts'

type UrlSetting = 'DATABASE_URL' | 'DATABASE_READ_URL'

export interface DatabaseAddress {
  readonly setting: UrlSetting
  /** host:port/database, without credentials. */
  readonly name: string
  readonly user: string | undefined
  readonly password: string | undefined
  readonly database: string | undefined
  readonly servers: readonly [Server, ...Server[]]
  readonly parameters: Readonly<Record<string, string>>
}

/** Its message follows the name of the setting. */
const wrong = (what: string): StartupError => new StartupError(what)

const naming = <T>(setting: UrlSetting, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    throw error instanceof StartupError ? new StartupError(`${setting}${error.message}`) : error
  }
}

const decode = (text: string): string => {
  const readable = text.replace(/(?:%[\da-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes)
    } catch {
      throw wrong(' is not a valid URL: its percent-encoding is not UTF-8')
    }
  })
  if (readable.includes('\0')) throw wrong(' is not a valid URL')
  return readable
}

const FORM = /^postgres(?:ql)?:\/\/(?:([^/?]*)@)?([^/?@]*)(?:\/([^?]*))?(?:\?(.*))?$/s
const HOST = /^(?:\[([\da-f:.]+(?:%\w+)?)\]|([^[\]:]*))(?::([^:]*))?$/i

const portOf = (text: string | undefined): number | undefined => {
  if (text === undefined || text === '') return undefined
  const port = Number(text)
  // The text may be a password, if the host was left out.
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw wrong(': the port of a host is not valid')
  return port
}

const serverOf = (host: string | undefined, port: number | undefined): Server => ({
  ...(host === undefined || host === '' ? {} : { host }),
  ...(port === undefined ? {} : { port }),
})

/** The hosts of the authority, or those of the parameters. */
const serversOf = (authority: string, { host, port }: DatabaseAddress['parameters']): DatabaseAddress['servers'] => {
  const given = authority.split(',').map((part) => {
    const found = HOST.exec(part)
    if (found === null) throw wrong(' is not a valid URL')
    return { host: found[1] ?? decode(found[2] ?? ''), port: portOf(found[3]) }
  })
  const hosts = host?.split(',') ?? given.map((server) => server.host)
  const ports = port?.split(',').map(portOf) ?? given.map((server) => server.port)
  if (ports.length > 1 && ports.length !== hosts.length) throw wrong(`: ${ports.length} ports for ${hosts.length} hosts`)
  const [first = serverOf(undefined, undefined), ...others] = hosts.map((name, index) =>
    serverOf(name, ports.length === 1 ? ports[0] : ports[index]),
  )
  return [first, ...others]
}

const parametersOf = (text: string): Record<string, string> => {
  const pairs = text.split('&').filter((pair) => pair !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [decode(name), decode(value.join('='))]
    }),
  )
}

/** Sessions must accept writes, so this is what is tried among several hosts anyway. */
const WRITABLE = ['any', 'prefer-standby', 'primary', 'read-write']

const checkParameters = ({ schema, target_session_attrs: target }: DatabaseAddress['parameters'], mustWrite: boolean): void => {
  if (schema !== undefined && schema !== 'public')
    throw wrong(
      ': `schema` must be public; set the search_path instead, by `options=-c%20search_path%3Dname` or by ALTER ROLE … SET search_path',
    )
  if (mustWrite && target !== undefined && !WRITABLE.includes(target)) throw wrong(': `target_session_attrs` must be read-write')
}

const DEFAULT_PORT = 5432
const isSocket = (host: string): boolean => host.startsWith('/')
const placeOf = ({ host = 'localhost', port = DEFAULT_PORT }: Server): string => `${host.includes(':') ? `[${host}]` : host}:${port}`
const nameOf = (servers: readonly Server[], database: string): string => {
  const [first] = servers
  if (servers.length === 1 && isSocket(first?.host ?? '')) return `${first?.host}, database ${database}`
  return `${servers.map(placeOf).join(',')}/${database}`
}

const read = (url: string, setting: UrlSetting): DatabaseAddress => {
  const [, credentials, authority = '', path, query] = FORM.exec(url) ?? []
  if (!FORM.test(url)) throw wrong(' is not a valid URL')
  const parameters = parametersOf(query ?? '')
  checkParameters(parameters, setting === 'DATABASE_URL')
  const [user = '', ...password] = credentials?.split(':') ?? []
  const given = (parameter: string | undefined, part: string) => parameter || decode(part) || undefined
  const known = { user: given(parameters.user, user), database: given(parameters.dbname, path ?? '') }
  const servers = serversOf(authority, parameters)
  return {
    setting,
    ...known,
    password: given(parameters.password, password.join(':')),
    servers,
    parameters,
    name: nameOf(servers, known.database ?? known.user ?? ''),
  }
}

/** @throws {StartupError} if it is not a valid URL, or asks for something unsupported */
export const readDatabaseUrl = (url: string, setting: UrlSetting = 'DATABASE_URL'): DatabaseAddress =>
  naming(setting, () => read(url, setting))

/** The options for `pg`, except server and limits. */
export function connectionSettings({ setting, user, password, database, parameters }: DatabaseAddress): pg.ClientConfig & TlsSettings {
  const { options, application_name: application = 'vestibule' } = parameters
  return {
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ...(options === undefined ? {} : { options }),
    ...naming(setting, () => tlsOf(parameters)),
    application_name: application,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  }
}

/** The password in the forms in which a driver's message may contain it. */
const withoutPassword = (text: string, password: string | undefined): string => {
  const spellings = password === undefined ? [] : [password, encodeURIComponent(password)]
  return spellings.reduce((safe, spelling) => safe.replaceAll(spelling, '***'), text)
}

/** The start failed because of this server. */
export function unusable({ name, password }: DatabaseAddress, error: unknown): StartupError {
  if (error instanceof StartupError) return error
  const away = error instanceof DatabaseAway
  const reason = withoutPassword(away ? reasonOf(error) : reasonFor(error), password)
  return new StartupError(`The database at ${name} cannot be ${away ? 'reached' : 'used'}: ${reason}`, { cause: error })
}
