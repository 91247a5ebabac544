/** What may be said of a database URL, and of the reasons why it leads nowhere: never its password. */
import { reasonOf, StartupError } from './startupError.ts'

export interface Server {
  /** host:port/database, without the user's credentials. */
  readonly name: string
  readonly password: string
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host is unknown',
  EAI_AGAIN: 'the host is unknown',
  EHOSTUNREACH: 'there is no way to that host',
  ECONNRESET: 'the connection was cut',
  ENOENT: 'there is no such socket',
  '28P01': 'the user or the password is wrong',
  '28000': 'the user may not connect',
  '3D000': 'there is no such database',
  '57P03': 'the server is still starting',
  '53300': 'the server has no connection left',
}

/** @throws {StartupError} when it is no URL, or names a schema. */
export function describeServer(text: string): Server {
  if (!URL.canParse(text)) throw new StartupError('DATABASE_URL is not a valid URL')
  const url = new URL(text)
  const schema = url.searchParams.get('schema')
  if (schema !== null && schema !== 'public')
    throw new StartupError('DATABASE_URL: `schema` must be public; set the search_path of the user instead')
  const host = url.searchParams.get('host') ?? url.hostname
  return { name: `${host}:${url.port || 5432}${url.pathname}`, password: url.password }
}

const codeOf = (error: unknown): string | undefined =>
  (error as { code?: string }).code ?? (error as { errors?: { code?: string }[] }).errors?.[0]?.code

const redact = (text: string, password: string): string => {
  const spellings = [password, ...(/%(?![\da-f]{2})/i.test(password) ? [] : [decodeURIComponent(password)])]
  return spellings.filter((spelling) => spelling !== '').reduce((safe, spelling) => safe.replaceAll(spelling, '***'), text)
}

/** The start failed because of this server. */
export function unreachable({ name, password }: Server, error: unknown): StartupError {
  if (error instanceof StartupError) return error
  const safe = redact(reasons[codeOf(error) ?? ''] ?? reasonOf(error), password)
  return new StartupError(`The database at ${name} can not be reached: ${safe}`)
}
