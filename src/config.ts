/**
 * Every setting: its name, its meaning and its default, beside each other.
 *
 * This file is the only reader of the environment. `readConfig` validates all settings as a whole and returns a frozen
 * object, or every error at once. `.env.example` and `docs/settings.md` are generated from the table.
 */
import { join } from 'node:path'
import ms from 'ms'
import { z } from 'zod'
import { listenHost, proxies } from './config/addresses.ts'
import { duration } from './config/durations.ts'
import { readEnvFile } from './config/envFile.ts'
import { headerNames } from './config/headerNames.ts'
import { loneAddress, sender } from './config/mailAddresses.ts'
import { doubtsOf } from './config/names.ts'
import { nearest } from './config/near.ts'
import { datedTargets, targets } from './config/targets.ts'
import { httpUrl, link, origins, smtpUrl } from './config/urls.ts'
import { flag, list, natural, oneOf, positive, quoted, secretKeys } from './config/values.ts'
import { locales } from './domain/base/locales.ts'

/** A bad environment. `problems` has one line for each wrong setting. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

interface Setting {
  readonly group: string
  readonly about: string
  /** What stands in for an absent variable; a function sees NODE_ENV. Undefined: the setting is optional. */
  readonly fallback?: string | ((production: boolean) => string)
  /** How the docs print a default that depends on something. */
  readonly fallbackText?: string
  readonly secret?: boolean
  readonly schema: z.ZodType
}

/** The dialects that are ours. */
export const ownDialects = ['idiot', 'wekan', 'xiot', 'authentication'] as const

/** Whether an entry of DIALECTS is the path of a module, and not the name of one of ours. */
export const isModulePath = (entry: string): boolean => entry.includes('/') || /\.m?js$/.test(entry)

/** The entry of DIALECTS that stands for no dialect at all. */
const NO_DIALECT = 'none'

const dialectProblem = (entry: string): string | undefined => {
  if (entry === NO_DIALECT) return `"${NO_DIALECT}" stands alone`
  if (isModulePath(entry) || (ownDialects as readonly string[]).includes(entry)) return undefined
  const meant = nearest(entry, ownDialects)
  const what = `${quoted(entry)} is neither ${ownDialects.join(', ')} nor the path of a module such as ./dialects/acme.mjs`
  return meant === undefined ? what : `${what}: ${meant}?`
}

const dialects = list
  .transform((entries) => (entries.length === 1 && entries[0] === NO_DIALECT ? [] : entries))
  .superRefine((entries, context) => {
    const [message] = entries.flatMap((entry) => dialectProblem(entry) ?? [])
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })

const PASSWORD_LENGTH = 128
/** A password as it will be typed: counted in the form that is hashed. */
const adminPassword = z
  .string()
  .refine((text) => [...text.normalize('NFC')].length >= 8, 'must have at least 8 characters')
  .refine((text) => [...text.normalize('NFC')].length <= PASSWORD_LENGTH, `must have at most ${PASSWORD_LENGTH} characters`)
const prefix = z.string().regex(/^(\/(?!\.{1,2}(?:\/|$))[\w.~-]+)*$/, 'must be empty or a path such as /boards')

/** The whole table, in the order in which the documentation prints it. */
// biome-ignore format: a table is read by its rows
export const settings = {
  NODE_ENV: { group: 'Server', about: '`production`, `development` or `test`: `production` turns GraphiQL, introspection and the first-account rule off by default, and installs and builds nothing at a start.', fallback: 'development', schema: oneOf(['development', 'production', 'test'], 'production') },
  HOST: { group: 'Server', about: 'The address to listen on.', fallback: '127.0.0.1', schema: listenHost },
  PORT: { group: 'Server', about: 'The port to listen on; 0 takes a free one.', fallback: '4000', schema: natural.refine((n) => n < 65_536, 'must be a port') },
  PUBLIC_URL: { group: 'Server', about: 'The URL that people reach this server by. Links in mails and the issuer of tokens are made of it, never of the Host header.', fallbackText: 'http://localhost:PORT', schema: httpUrl },
  SIGN_IN_URL: { group: 'Server', about: 'The page of your front end where people sign in: the pages of mails link to it when they are done. Absent: no link.', schema: link },
  TRUSTED_PROXIES: { group: 'Server', about: 'Addresses and networks (CIDR, or `loopback`, `linklocal`, `uniquelocal`) of the proxies whose `X-Forwarded-For` and `X-Request-Id` are believed.', fallback: '', schema: proxies },
  CORS_ORIGINS: { group: 'Server', about: 'The origins whose pages may call every surface from a browser, and act with the session cookie on `/graphql`: list none that you do not trust like your own front end.', fallback: '', schema: origins },
  CORS_ALLOWED_HEADERS: { group: 'Server', about: 'Names of more request headers that pages of CORS_ORIGINS may send. `Authorization`, `Content-Type` and the W3C’s `traceparent`, `tracestate` and `baggage` always may.', fallback: '', schema: headerNames },
  SHUTDOWN_DRAIN: { group: 'Server', about: 'How long, after SIGTERM, requests are still answered while `/readyz` says 503 already, so that a load balancer finds out; `0` for not at all. At least as long as it takes between two of its probes.', fallback: (production) => (production ? '5s' : '0'), fallbackText: '`0`; `5s` in production', schema: z.union([z.literal('0').transform(() => 0), duration]) },
  LOG_LEVEL: { group: 'Server', about: 'The least level that is logged.', fallback: 'info', schema: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'silent']) },
  GRAPHIQL: { group: 'Server', about: 'Serve GraphiQL on GET /graphql.', fallback: (production) => String(!production), fallbackText: '`true`; `false` in production, and with PERSISTED_OPERATIONS_ONLY', schema: flag },
  API_DOCS: { group: 'Server', about: 'Serve the OpenAPI documents of the dialects on /openapi, and a page to read and try them on /docs (OWASP ASVS 13.4.5: documentation is served only where it is meant to be).', fallback: (production) => String(!production), fallbackText: '`true`; `false` in production', schema: flag },
  INTROSPECTION: { group: 'Server', about: 'Answer introspection queries.', fallback: (production) => String(!production), fallbackText: '`true`; `false` in production', schema: flag },
  PERSISTED_OPERATIONS: { group: 'Server', about: 'A JSON file of GraphQL documents by their SHA-256, which clients may then name instead of sending them (see graphql-clients.md).', schema: z.string().min(1) },
  PERSISTED_OPERATIONS_ONLY: { group: 'Server', about: 'Run on `/graphql` only documents of that file, whoever asks. The dialects and the pages of mails go on.', fallback: 'false', schema: flag },

  DATABASE_URL: { group: 'Storage', about: 'A PostgreSQL database. Absent: an embedded one (PGlite) in DATA_DIR.', secret: true, schema: z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://') },
  DATABASE_CONNECT_TIMEOUT: { group: 'Storage', about: 'How long a connection to PostgreSQL may take to be made, TLS and sign-in included. Beyond any of these limits requests are answered 503 (database.md).', fallback: '3s', schema: duration },
  DATABASE_POOL_TIMEOUT: { group: 'Storage', about: 'How long a request waits for a free connection.', fallback: '5s', schema: duration },
  DATABASE_STATEMENT_TIMEOUT: { group: 'Storage', about: 'How long PostgreSQL works on one statement before it ends it. Migrations have no limit.', fallback: '5s', schema: duration },
  DATABASE_LOCK_TIMEOUT: { group: 'Storage', about: 'How long a statement waits for a lock.', fallback: '4s', schema: duration },
  DATABASE_IDLE_TRANSACTION_TIMEOUT: { group: 'Storage', about: 'How long a transaction may do nothing before PostgreSQL ends it and its connection.', fallback: '10s', schema: duration },
  DATABASE_QUERY_TIMEOUT: { group: 'Storage', about: 'How long the answer to a statement may take; then the connection is thrown away, as that of a server that is frozen or gone.', fallback: '6s', schema: duration },
  DATABASE_REQUEST_TIMEOUT: { group: 'Storage', about: 'How long a request waits for the database in all.', fallback: '9s', schema: duration },
  DATA_DIR: { group: 'Storage', about: 'Where the embedded database, generated key material and, without SMTP_URL, the mails are kept.', fallback: './data', schema: z.string().min(1) },
  SECRET_KEY: { group: 'Storage', about: 'At least 32 characters that encrypt keys, second factors and waiting mails at rest. Absent: made once and kept in DATA_DIR. Required with DATABASE_URL in production. Several, separated by commas: the first encrypts, all decrypt; docs/keys.md says how to change it.', secret: true, schema: secretKeys },

  DIALECTS: { group: 'Dialects', about: 'The REST dialects to serve: ours by their names, and modules of your own by their paths, such as `./dialects/acme.mjs` (docs/dialects.md); `none` serves GraphQL alone.', fallback: ownDialects.join(','), schema: dialects },
  IDIOT_PREFIX: { group: 'Dialects', about: 'A path in front of the routes of `idiot`.', fallback: '', schema: prefix },
  WEKAN_PREFIX: { group: 'Dialects', about: 'A path in front of the routes of `wekan`.', fallback: '', schema: prefix },
  XIOT_PREFIX: { group: 'Dialects', about: 'A path in front of the routes of `xiot`.', fallback: '', schema: prefix },
  AUTHENTICATION_PREFIX: { group: 'Dialects', about: 'A path in front of the routes of `authentication`.', fallback: '', schema: prefix },
  WEKAN_ERROR_STATUS: { group: 'Dialects', about: '`200` sends the errors of `/api/*` with HTTP 200, as the original did, but for a body that cannot be parsed; `real` sends the status that they name.', fallback: 'real', schema: oneOf(['real', '200']) },
  WEKAN_QUERY_TOKEN: { group: 'Dialects', about: 'Read `?access_token=` on the routes of `wekan`. Secrets in URLs end up in logs.', fallback: 'false', schema: flag },
  DEPRECATION: { group: 'Dialects', about: 'Dialects and routes that are deprecated, each with the date since when: `wekan=2027-01-31,xiot:PUT /v1/profile=2026-12-01T12:00:00Z`. Their answers have a `Deprecation` header (RFC 9745). A route has no prefix of the settings, and its own entry wins over its dialect’s (docs/legacy-clients.md).', fallback: '', schema: list.pipe(datedTargets) },
  SUNSET: { group: 'Dialects', about: 'Dialects and routes that are going to be switched off, each with the date, as in DEPRECATION: a `Sunset` header (RFC 8594). A date switches nothing off by itself; SWITCHED_OFF does.', fallback: '', schema: list.pipe(datedTargets) },
  MIGRATION_GUIDE: { group: 'Dialects', about: 'The URL of a page for those who maintain clients of these dialects; a `Link` header beside `Deprecation` and `Sunset`.', schema: link },
  READ_ONLY: { group: 'Dialects', about: 'Dialects and routes that change no account any more, such as `wekan,xiot:PUT /v1/profile`: 403. Sign-in, sign-out and refresh go on.', fallback: '', schema: list.pipe(targets) },
  SWITCHED_OFF: { group: 'Dialects', about: 'Dialects and routes that answer nothing but 410, in the dialect’s own error body.', fallback: '', schema: list.pipe(targets) },

  ADMIN_EMAIL: { group: 'Accounts', about: 'With ADMIN_PASSWORD: an administrator that is created at start if no account has this address.', schema: loneAddress },
  ADMIN_PASSWORD: { group: 'Accounts', about: 'The password of that administrator, at least 8 characters.', secret: true, schema: adminPassword },
  FIRST_ACCOUNT_IS_ADMIN: { group: 'Accounts', about: 'The very first account ever becomes administrator.', fallback: (production) => String(!production), fallbackText: '`true`; `false` in production', schema: flag },
  REGISTRATION: { group: 'Accounts', about: '`open`, or `closed`: only administrators create accounts.', fallback: 'open', schema: oneOf(['open', 'closed']) },
  REQUIRE_ADMIN_TWO_FACTOR: { group: 'Accounts', about: 'Administrators may administer, on every surface, only once they have a second factor.', fallback: 'false', schema: flag },
  DEFAULT_LOCALE: { group: 'Accounts', about: `The language of mails and pages where nobody asked for one of ours: ${locales.map((locale) => `\`${locale}\``).join(' or ')}.`, fallback: 'en', schema: oneOf(locales) },
  COMMON_PASSWORDS_GRAPHQL: { group: 'Accounts', about: 'Refuse on GraphQL a new password that is common, or little more than names and addresses that go with it (see passwords.md).', fallback: 'true', schema: flag },
  COMMON_PASSWORDS_DIALECTS: { group: 'Accounts', about: 'Refuse it on the dialects as well.', fallback: 'false', schema: flag },
  PWNED_PASSWORDS_URL: { group: 'Accounts', about: 'A range service of Have I Been Pwned, such as https://api.pwnedpasswords.com/range/, that is asked about new passwords wherever common ones are refused; five hex digits of the SHA-1 leave the machine. Absent: nobody is asked. No answer within 2 s: the password is taken, and the log says so.', schema: httpUrl },
  VERIFY_EMAIL: { group: 'Accounts', about: 'Send who signs up, on every surface, a mail to verify the address. Nobody has to answer it.', fallback: 'true', schema: flag },
  NEW_DEVICE_NOTICE: { group: 'Accounts', about: 'Tell the owner by mail of a sign-in from a program or a network that the account was not seen with before.', fallback: 'true', schema: flag },
  FORGET_PASSWORD_DISCLOSES: { group: 'Accounts', about: 'Let `xiot` say at forget-password that an address is unknown, as its document does. No other surface does.', fallback: (production) => String(!production), fallbackText: '`true`; `false` in production', schema: flag },

  ACCESS_TOKEN_LIFE: { group: 'Lifetimes', about: 'Access tokens of GraphQL and `authentication`.', fallback: '30m', schema: duration },
  REFRESH_TOKEN_LIFE: { group: 'Lifetimes', about: 'A refresh token that is not used.', fallback: '30d', schema: duration },
  REFRESH_CHAIN_LIFE: { group: 'Lifetimes', about: 'A session that is refreshed, from its sign-in to its end.', fallback: '90d', schema: duration },
  REFRESH_GRACE: { group: 'Lifetimes', about: 'How long after its own rotation a spent refresh token still answers with its successor; at most two minutes (docs/sessions.md).', fallback: '10s', schema: duration.refine((life) => life <= ms('2m'), 'must be at most 120s') },
  V1_SESSION_LIFE: { group: 'Lifetimes', about: 'Sessions of `idiot` and `xiot`, and both their tokens.', fallback: '24h', schema: duration },
  WEKAN_SESSION_LIFE: { group: 'Lifetimes', about: 'Sessions of `wekan`, and their token.', fallback: '90d', schema: duration },
  COOKIE_IDLE_LIFE: { group: 'Lifetimes', about: 'A cookie session that is not used. Where processes share a database it may live two minutes longer: one learns late of a use in another.', fallback: '1h', schema: duration },
  PERSONAL_TOKEN_LIFE: { group: 'Lifetimes', about: 'How far away the end of a personal access token may be.', fallback: '365d', schema: duration },
  COOKIE_SESSION_LIFE: { group: 'Lifetimes', about: 'Browser sessions in a cookie, from their sign-in to their end (NIST SP 800-63B-4: at most 24 hours at AAL2).', fallback: '24h', schema: duration },
  LOGIN_CODE_LIFE: { group: 'Lifetimes', about: 'A sign-in that waits for its second factor.', fallback: '5m', schema: duration },
  RESET_TOKEN_LIFE: { group: 'Lifetimes', about: 'The link in a password reset mail.', fallback: '1h', schema: duration },
  CONFIRM_EMAIL_LIFE: { group: 'Lifetimes', about: 'The link that confirms an e-mail address, the own or a new one.', fallback: '24h', schema: duration },
  EMAIL_CODE_LIFE: { group: 'Lifetimes', about: 'The code beside that link; at most ten minutes (ASVS 6.5.5).', fallback: '10m', schema: duration.refine((life) => life <= ms('10m'), 'must be at most 10m') },
  UNDO_LIFE: { group: 'Lifetimes', about: 'The link in the mail about a change that `xiot` makes at once (address, second factor), which puts the account back to what it was. So long the old address stays reserved.', fallback: '7d', schema: duration },
  EMAIL_CHANGE_HOLD: { group: 'Lifetimes', about: 'For how long after an immediate change of address (`xiot`) reset mails and notices go to the verified address from before.', fallback: '72h', schema: duration },
  STEP_UP_GRAPHQL: { group: 'Lifetimes', about: 'How old the last password or code check may be before GraphQL changes an e-mail address, factors, personal access tokens or rights.', fallback: '10m', schema: duration },
  STEP_UP_XIOT: { group: 'Lifetimes', about: 'The same for `xiot`, whose clients cannot ask for a proof; it holds for sessions that began there.', fallback: '24h', schema: duration },
  SIGNING_KEY_LIFE: { group: 'Lifetimes', about: 'How long a key signs access tokens before a new one takes over.', fallback: '90d', schema: duration },
  AUDIT_LIFE: { group: 'Lifetimes', about: 'How long events of the audit log are kept.', fallback: '400d', schema: duration },
  USAGE_LIFE: { group: 'Lifetimes', about: 'How long the counts of who uses which route of a dialect are kept.', fallback: '400d', schema: duration },
  MAX_SESSIONS: { group: 'Lifetimes', about: 'Live sessions of one account; beyond, the one not used for the longest time ends.', fallback: '100', schema: positive },

  LIMIT_ADDRESS_PER_MINUTE: { group: 'Limits', about: 'Sign-in, sign-up, reset, refresh, change-email and enrolment attempts a minute from one client address (IPv6: from one /64, and four times as many from one /48), as well as other work with passwords; four times as many for the account of a session, whatever its addresses.', fallback: '300', schema: positive },
  LIMIT_PASSWORD_FAILURES: { group: 'Limits', about: 'Wrong passwords within the window for what is typed at sign-in, and from one client address (IPv6: from one /64, and four times as many from one /48); beyond, growing delays.', fallback: '10', schema: positive },
  LIMIT_PASSWORD_WINDOW: { group: 'Limits', about: 'That window.', fallback: '15m', schema: duration },
  LIMIT_PASSWORD_FAILURES_HARD: { group: 'Limits', about: 'Wrong passwords in a row for one account, whatever the address, after which only a client that the account knows, a reset by mail or an administrator helps (see passwords.md).', fallback: '100', schema: positive },
  LIMIT_CODE_FAILURES: { group: 'Limits', about: 'Wrong second-factor codes in a row for one account, whatever the address; beyond, growing delays.', fallback: '10', schema: positive },
  LIMIT_CODE_FAILURES_HARD: { group: 'Limits', about: 'Wrong codes in a row after which only a recovery code or an administrator helps.', fallback: '100', schema: positive },
  LIMIT_RESET_MAILS: { group: 'Limits', about: 'Mails of a kind (reset, verification, confirmation) to one mailbox within the window; beyond, the same answer and no mail.', fallback: '3', schema: positive },
  LIMIT_RESET_WINDOW: { group: 'Limits', about: 'That window.', fallback: '15m', schema: duration },
  LIMIT_CHANGES: { group: 'Limits', about: 'Changes an hour that an account may make to itself (profile, address, factors, tokens); as many ends of sessions, and as many changes of the password; to others, with the rights for it, a hundred times as many. Beyond, 429 (docs/audit.md).', fallback: '300', schema: positive },
  LIMIT_REQUESTS: { group: 'Limits', about: 'Requests that may be under way at once, half of them from one client address (IPv6: from one /64); beyond, 503. Probes are always answered.', fallback: '500', schema: positive },
  LIMIT_MAILS_PER_HOUR: { group: 'Limits', about: 'Mails of all kinds to one mailbox within an hour; notices beyond are gathered into one, and a reset within its own share goes whatever came before (docs/mail.md).', fallback: '20', schema: positive },
  LIMIT_OUTBOX: { group: 'Limits', about: 'Mails and requests for resets that may wait in the outbox; beyond, 503 for what asks for a mail, and notices are gathered.', fallback: '10000', schema: positive },
  LIMIT_OUTBOX_PER_ADDRESS: { group: 'Limits', about: 'Those that one client address (IPv6: one /64) may have caused; beyond, 429.', fallback: '300', schema: positive },
  LIMIT_HASH_QUEUE: { group: 'Limits', about: 'Password hashes that may wait for a core; beyond, 503. One client address may have two fifths of them waiting (IPv6: one /48), and a fifth for one account; beyond, 429.', fallback: '128', schema: positive },
  ARGON2_MEMORY_KIB: { group: 'Limits', about: 'Memory of one argon2id hash, in KiB (OWASP: at least 19456).', fallback: '19456', schema: natural.refine((n) => n >= 19_456, 'must be at least 19456').refine((n) => n <= 1_048_576, 'must be at most 1048576') },
  ARGON2_PASSES: { group: 'Limits', about: 'Passes of one argon2id hash (OWASP: at least 2).', fallback: '2', schema: natural.refine((n) => n >= 2 && n <= 20, 'must be 2 to 20') },

  SMTP_URL: { group: 'Mail', about: 'The mail server, such as smtps://user:password@mail.example.com. Absent: each mail becomes a file in DATA_DIR/outbox.', secret: true, schema: smtpUrl },
  MAIL_FILES: { group: 'Mail', about: 'How many of those files are kept; beyond, the oldest go.', fallback: '1000', schema: positive },
  MAIL_LIFE: { group: 'Mail', about: 'How long a mail that cannot be sent is tried again. One with a link is tried for as long as the link works.', fallback: '48h', schema: duration },
  MAIL_FROM: { group: 'Mail', about: 'The sender of every mail: one address, with a name that people know the service by.', fallback: 'Vestibule <no-reply@localhost>', schema: sender },
} as const satisfies Record<string, Setting>

type Settings = typeof settings
type Value<S extends Setting> = S extends { fallback: unknown } ? z.output<S['schema']> : z.output<S['schema']> | undefined

/** All settings, validated. Durations are milliseconds. */
export type Config = Readonly<
  { [Name in keyof Settings]: Value<Settings[Name]> } & { readonly production: boolean; readonly PUBLIC_URL: string }
>

/** The printed default of a setting: what an absent variable stands for. */
export const defaultOf = (setting: Setting): string | undefined =>
  typeof setting.fallback === 'string' ? setting.fallback : setting.fallbackText

const crossChecks = (config: Config): string[] => {
  const problems: string[] = []
  if ((config.ADMIN_EMAIL === undefined) !== (config.ADMIN_PASSWORD === undefined))
    problems.push('ADMIN_EMAIL and ADMIN_PASSWORD: give both or neither')
  if (config.production && config.DATABASE_URL !== undefined && config.SECRET_KEY === undefined)
    problems.push('SECRET_KEY: required with DATABASE_URL in production')
  if (config.DATABASE_QUERY_TIMEOUT < config.DATABASE_STATEMENT_TIMEOUT)
    problems.push('DATABASE_QUERY_TIMEOUT: must not be below DATABASE_STATEMENT_TIMEOUT')
  if (config.LIMIT_PASSWORD_FAILURES_HARD < config.LIMIT_PASSWORD_FAILURES)
    problems.push('LIMIT_PASSWORD_FAILURES_HARD: must not be below LIMIT_PASSWORD_FAILURES')
  if (config.LIMIT_CODE_FAILURES_HARD < config.LIMIT_CODE_FAILURES)
    problems.push('LIMIT_CODE_FAILURES_HARD: must not be below LIMIT_CODE_FAILURES')
  if (config.PERSISTED_OPERATIONS_ONLY && config.PERSISTED_OPERATIONS === undefined)
    problems.push('PERSISTED_OPERATIONS_ONLY: needs the file of PERSISTED_OPERATIONS')
  if (config.PERSISTED_OPERATIONS_ONLY && config.GRAPHIQL)
    problems.push('GRAPHIQL: must not be true with PERSISTED_OPERATIONS_ONLY, which runs nothing that is typed in')
  return problems
}

/** Settings that count as they are, whatever is around them: nobody can tell whether white space belongs to them. */
const AS_TYPED: readonly string[] = ['ADMIN_PASSWORD', 'SECRET_KEY']

const formProblem = (name: string, given: string, text: string): string | undefined => {
  if (given !== text && AS_TYPED.includes(name)) return 'begins or ends with white space or a line end: leave it out'
  return /\p{Cc}/u.test(text.replaceAll(/\s*,\s*/g, ',')) ? 'holds a line end or another control character' : undefined
}

/** The variables without the white space around them; an empty one is an absent one. */
const trimmed = (env: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> =>
  new Map(
    Object.keys(settings).flatMap((name) => {
      const text = env[name]?.trim() ?? ''
      return text === '' ? [] : [[name, text] as const]
    }),
  )

/**
 * Reads the settings from `env` (an empty variable is an absent one).
 * @throws {ConfigError} naming every wrong setting at once.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const texts = trimmed(env)
  const production = texts.get('NODE_ENV') === 'production'
  const values: Record<string, unknown> = { production }
  const problems: string[] = []
  for (const [name, setting] of Object.entries<Setting>(settings)) {
    const given = texts.get(name)
    const text = given ?? (typeof setting.fallback === 'function' ? setting.fallback(production) : setting.fallback)
    if (text === undefined) continue
    const misformed = given === undefined ? undefined : formProblem(name, env[name] ?? '', given)
    const parsed = setting.schema.safeParse(text)
    if (misformed !== undefined) problems.push(`${name}: ${misformed}`)
    else if (parsed.success) values[name] = parsed.data
    else problems.push(`${name}: ${parsed.error.issues[0]?.message ?? 'is not valid'}`)
  }
  if (values.PERSISTED_OPERATIONS_ONLY === true && !texts.has('GRAPHIQL')) values.GRAPHIQL = false
  values.PUBLIC_URL ??= `http://localhost:${values.PORT}`
  const config = Object.freeze(values) as Config
  if (problems.length === 0) problems.push(...crossChecks(config))
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

const envFileIn = (directory: string): Readonly<Record<string, string | undefined>> => {
  const { values, problems } = readEnvFile(join(directory, '.env'))
  if (problems.length > 0) throw new ConfigError(problems)
  return values
}

/**
 * The settings as given: those of `.env` in `directory`, if there is one, under those of the real environment.
 * @throws {ConfigError} if the file cannot be read or understood.
 */
export const readEnvironment = (directory: string): Record<string, string | undefined> => ({ ...envFileIn(directory), ...process.env })

/** A line for each name of `.env` in `directory`, or of the real environment, that looks like a setting and is none. */
export const namesInDoubt = (directory: string): readonly string[] =>
  doubtsOf(Object.keys(envFileIn(directory)), Object.keys(process.env), Object.keys(settings))
