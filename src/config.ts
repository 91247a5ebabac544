/**
 * All settings, each with its name, meaning and default.
 *
 * Only this file reads the environment. `readConfig` validates all settings together, and returns a frozen object or throws all
 * errors at once. `.env.example` and `docs/settings.md` are generated from the table.
 */
import { join } from 'node:path'
import ms from 'ms'
import * as z from 'zod'
import { listenHost, networks, proxies } from './config/addresses.ts'
import { duration, durationOrNone } from './config/durations.ts'
import { readEnvFile } from './config/envFile.ts'
import { headerNames } from './config/headerNames.ts'
import { loneAddress, sender } from './config/mailAddresses.ts'
import { doubtsOf } from './config/names.ts'
import { nearest } from './config/near.ts'
import { otlpHeaders } from './config/otlpHeaders.ts'
import { datedTargets, targets } from './config/targets.ts'
import { httpUrl, link, origins, smtpUrl } from './config/urls.ts'
import { flag, list, natural, oneOf, positive, quoted, secretKeys, share, workerCount } from './config/values.ts'
import { locales } from './domain/base/locales.ts'

/** Invalid settings. `problems` has one line for each. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

export interface Setting {
  readonly group: string
  readonly about: string
  /** The default; a function gets whether NODE_ENV is production. Undefined: the setting is optional. */
  readonly fallback?: string | ((production: boolean) => string)
  /** The default as the docs print it, if it depends on something. */
  readonly fallbackText?: string
  readonly secret?: boolean
  readonly schema: z.ZodType
}

/** The built-in dialects. */
export const ownDialects = ['idiot', 'wekan', 'xiot', 'authentication'] as const

/** Whether an entry of DIALECTS is the path of a module, not the name of a built-in dialect. */
export const isModulePath = (entry: string): boolean => entry.includes('/') || /\.m?js$/.test(entry)

/** The entry of DIALECTS that means no dialects. */
const NO_DIALECT = 'none'

const dialectProblem = (entry: string): string | undefined => {
  if (entry === NO_DIALECT) return `"${NO_DIALECT}" cannot be combined with other entries`
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

/** The pages that can be turned off. */
export const pageGroups = ['landing', 'sign-in', 'account', 'admin'] as const
const NO_PAGE = 'none'
const pages = list
  .refine((entries) => entries.length === 1 || !entries.includes(NO_PAGE), `"${NO_PAGE}" cannot be combined with other entries`)
  .transform((entries) => (entries.includes(NO_PAGE) ? [] : entries))
  .pipe(z.array(z.enum(pageGroups, `must be a list of ${pageGroups.join(', ')}, or ${NO_PAGE}`)))

const PASSWORD_LENGTH = 128
/** A password; its length is that of its NFC form, which is hashed. */
const adminPassword = z
  .string()
  .refine((text) => [...text.normalize('NFC')].length >= 8, 'must have at least 8 characters')
  .refine((text) => [...text.normalize('NFC')].length <= PASSWORD_LENGTH, `must have at most ${PASSWORD_LENGTH} characters`)
const prefix = z.string().regex(/^(\/(?!\.{1,2}(?:\/|$))[\w.~-]+)*$/, 'must be empty or a path such as /boards')

const databaseUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')

/** The table of settings, in the order of the documentation. */
// biome-ignore format: a table is read by its rows
export const settings = {
  NODE_ENV: { group: 'Server', about: '`production`, `development` or `test`: in `production`, GraphiQL, introspection and FIRST_ACCOUNT_IS_ADMIN are off by default, and a start installs and builds nothing.', fallback: 'development', schema: oneOf(['development', 'production', 'test'], 'production') },
  HOST: { group: 'Server', about: 'The address to listen on.', fallback: '127.0.0.1', schema: listenHost },
  PORT: { group: 'Server', about: 'The port to listen on; 0 picks a free one.', fallback: '4000', schema: natural.refine((n) => n < 65_536, 'must be a port') },
  WORKERS: { group: 'Server', about: 'How many processes serve on that port: 1 to 64, or `auto` for as many as there are cores. More than one needs PostgreSQL (docs/scaling.md).', fallback: '1', schema: workerCount },
  PUBLIC_URL: { group: 'Server', about: 'The URL at which people reach this server. Links in mails and the issuer of tokens are built from it, never from the Host header.', fallbackText: 'http://localhost:PORT', schema: httpUrl },
  PAGES: { group: 'Server', about: 'The pages for people that are on (docs/pages.md): `landing` (/), `sign-in` (/sign-in, /sign-up, /forgot-password), `account` (/account) and `admin` (/admin), or `none`. The pages that mails link to (such as /reset-password) are always on.', fallback: pageGroups.join(), schema: pages },
  SIGN_IN_URL: { group: 'Server', about: 'The sign-in page of your front end. The pages that mails link to (such as /reset-password) link to it at the end. If not set: /sign-in, or no link if that is off.', schema: link },
  TRUSTED_PROXIES: { group: 'Server', about: 'Addresses and networks (CIDR, or `loopback`, `linklocal`, `uniquelocal`) of the proxies whose `X-Forwarded-For`, `X-Request-Id` and `traceparent` headers are trusted.', fallback: '', schema: proxies },
  CORS_ORIGINS: { group: 'Server', about: 'The origins whose pages may call every surface from a browser, and use the session cookie on `/graphql`. List only origins that you trust as much as your own front end. Outside production, pages of this machine need no entry, but for the cookie (docs/cors.md).', fallback: '', schema: origins },
  CORS_ALLOWED_HEADERS: { group: 'Server', about: 'Further request headers that pages of other origins may send. Those of common clients and tracing tools are always allowed (docs/cors.md).', fallback: '', schema: headerNames },
  CSP_REPORT_URL: { group: 'Server', about: 'Where browsers report what the Content-Security-Policy of a page of this server kept from running. If not set: nowhere.', schema: link.refine((url) => !/[;,"\s]/.test(url), 'must have no comma, semicolon or quotation mark') },
  SHUTDOWN_DRAIN: { group: 'Server', about: 'How long after SIGTERM the server still accepts requests, while `/readyz` already answers 503 so that load balancers stop sending them; `0` turns this off. It should be longer than the interval between two probes of the load balancer.', fallback: (production) => (production ? '5s' : '0'), fallbackText: '`0`; `5s` in production', schema: durationOrNone },
  LOG_LEVEL: { group: 'Server', about: 'The lowest level that is logged.', fallback: 'info', schema: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'silent']) },
  ACCESS_LOG: { group: 'Server', about: 'Log one line for each request (docs/monitoring.md). It never has a URL, a header or a body.', fallback: (production) => String(production), fallbackText: '`false`; `true` in production', schema: flag },
  ACCESS_LOG_SAMPLE: { group: 'Server', about: 'The share of the requests with outcome `OK` that get a line, 0 to 1; all others always get one.', fallback: '1', schema: share },
  ACCESS_LOG_CLIENT: { group: 'Server', about: 'What such a line has of the client address: `full`, its `network` (IPv4: /24, IPv6: /48), or `none`. fail2ban needs `full`.', fallback: 'full', schema: oneOf(['full', 'network', 'none']) },
  METRICS_PORT: { group: 'Server', about: 'The port on which Prometheus reads `/metrics`; 0 picks a free one. If not set: no metrics (docs/monitoring.md).', schema: natural.refine((n) => n < 65_536, 'must be a port') },
  METRICS_HOST: { group: 'Server', about: 'The address of that port.', fallback: '127.0.0.1', schema: listenHost },
  METRICS_TOKEN: { group: 'Server', about: 'The bearer token that Prometheus must send, at least 16 characters. If not set: whoever reaches that port may read the metrics.', secret: true, schema: z.string().min(16, 'must have at least 16 characters') },
  OTEL_EXPORTER_OTLP_ENDPOINT: { group: 'Server', about: 'The URL of an OpenTelemetry collector, such as http://127.0.0.1:4318, which gets traces by OTLP over HTTP at `/v1/traces` of it. If not set: no traces, unless an SDK of OpenTelemetry was loaded before the server (docs/monitoring.md).', schema: httpUrl },
  OTEL_EXPORTER_OTLP_HEADERS: { group: 'Server', about: 'Headers for the collector, such as `authorization=Bearer%20secret`: names and percent-encoded values, separated by commas.', fallback: '', secret: true, schema: otlpHeaders },
  OTEL_SERVICE_NAME: { group: 'Server', about: 'The name of this service in its traces.', fallback: 'vestibule', schema: z.string().max(100, 'must have at most 100 characters') },
  OTEL_TRACES_SAMPLER_ARG: { group: 'Server', about: 'The share of the requests that are traced, 0 to 1. A `traceparent` of a trusted proxy decides for its request.', fallback: '1', schema: share },
  GRAPHIQL: { group: 'Server', about: 'Serve GraphiQL on GET /graphql.', fallback: (production) => String(!production), fallbackText: '`true`; `false` in production, and with PERSISTED_OPERATIONS_ONLY', schema: flag },
  API_DOCS: { group: 'Server', about: 'Serve the OpenAPI documents of the dialects on /openapi, and a page to read and try them on /docs (OWASP ASVS 13.4.5: do not expose documentation that is not meant to be public).', fallback: (production) => String(!production), fallbackText: '`true`; `false` in production', schema: flag },
  INTROSPECTION: { group: 'Server', about: 'Answer introspection queries.', fallback: (production) => String(!production), fallbackText: '`true`; `false` in production', schema: flag },
  PERSISTED_OPERATIONS: { group: 'Server', about: 'A JSON file of GraphQL documents by their ids, as GraphQL Code Generator, Relay or Apollo write it. Clients may send the id or the SHA-256 instead of the document (docs/graphql-clients.md).', schema: z.string().min(1) },
  PERSISTED_OPERATIONS_ONLY: { group: 'Server', about: 'Run only documents of that file on `/graphql`, for all callers. The dialects, and the pages that mails link to, work as before.', fallback: 'false', schema: flag },

  DATABASE_URL: { group: 'Storage', about: 'The URL of a PostgreSQL database. If not set: an embedded database (PGlite) in DATA_DIR.', secret: true, schema: databaseUrl },
  DATABASE_POOL_SIZE: { group: 'Storage', about: 'How many connections to PostgreSQL each process opens at most for its statements, beside three for look-ups of sessions and for `/readyz`; 2 to 200 (docs/database.md).', fallback: '10', schema: natural.refine((n) => n >= 2 && n <= 200, 'must be 2 to 200') },
  DATABASE_POOLER_MODE: { group: 'Storage', about: 'How long the connection pooler in front of PostgreSQL lends a connection, as its `pool_mode` says: `session` (also without a pooler), or `transaction`, where nothing is kept between transactions (docs/scaling.md).', fallback: 'session', schema: oneOf(['session', 'transaction']) },
  DATABASE_READ_URL: { group: 'Storage', about: 'The URL of a streaming replica of that database. Lists and searches are read there, everything else from DATABASE_URL (docs/scaling.md). If not set: lists are read from DATABASE_URL too.', secret: true, schema: databaseUrl },
  DATABASE_READ_MAX_LAG: { group: 'Storage', about: 'How far the replica may be behind, at least 1s. While it is further behind, or away, lists are read from DATABASE_URL.', fallback: '10s', schema: duration.refine((lag) => lag >= 1_000, 'must be at least 1s') },
  DATABASE_CONNECT_TIMEOUT: { group: 'Storage', about: 'How long connecting to PostgreSQL may take, including TLS and authentication. If this or one of the next limits is exceeded, requests are answered with 503 (docs/database.md).', fallback: '3s', schema: duration },
  DATABASE_POOL_TIMEOUT: { group: 'Storage', about: 'How long a request waits for a free connection.', fallback: '5s', schema: duration },
  DATABASE_STATEMENT_TIMEOUT: { group: 'Storage', about: 'How long one statement may run in PostgreSQL. Migrations have no limit.', fallback: '5s', schema: duration },
  DATABASE_LOCK_TIMEOUT: { group: 'Storage', about: 'How long a statement may wait for a lock.', fallback: '4s', schema: duration },
  DATABASE_IDLE_TRANSACTION_TIMEOUT: { group: 'Storage', about: 'How long a transaction may be idle before PostgreSQL ends it and its connection.', fallback: '10s', schema: duration },
  DATABASE_QUERY_TIMEOUT: { group: 'Storage', about: 'How long to wait for the answer to a statement; after that the connection is closed, because the server is probably frozen or gone.', fallback: '6s', schema: duration },
  DATABASE_REQUEST_TIMEOUT: { group: 'Storage', about: 'How long a request may wait for the database in total.', fallback: '9s', schema: duration },
  DATA_DIR: { group: 'Storage', about: 'The directory for the embedded database, the generated secret key and, without SMTP_URL, the mails.', fallback: './data', schema: z.string().min(1) },
  SECRET_KEY: { group: 'Storage', about: 'The key (at least 32 characters) that encrypts signing keys, second factors and waiting mails in the database. If not set: generated once, in DATA_DIR. Required with DATABASE_URL in production. Several keys are separated by commas: the first encrypts, all decrypt. How to change it: docs/keys.md.', secret: true, schema: secretKeys },

  DIALECTS: { group: 'Dialects', about: 'The REST dialects to serve: built-in ones by name, and your own modules by path, such as `./dialects/acme.mjs` (docs/dialects.md). `none` serves only GraphQL.', fallback: ownDialects.join(','), schema: dialects },
  IDIOT_PREFIX: { group: 'Dialects', about: 'A path prefix for the routes of `idiot`.', fallback: '', schema: prefix },
  WEKAN_PREFIX: { group: 'Dialects', about: 'A path prefix for the routes of `wekan`.', fallback: '', schema: prefix },
  XIOT_PREFIX: { group: 'Dialects', about: 'A path prefix for the routes of `xiot`.', fallback: '', schema: prefix },
  AUTHENTICATION_PREFIX: { group: 'Dialects', about: 'A path prefix for the routes of `authentication`.', fallback: '', schema: prefix },
  WEKAN_ERROR_STATUS: { group: 'Dialects', about: '`200`: errors of `/api/*` have HTTP status 200, as in the original (except for a body that cannot be parsed). `real`: they have the status that their body names.', fallback: 'real', schema: oneOf(['real', '200']) },
  WEKAN_QUERY_TOKEN: { group: 'Dialects', about: 'Accept `?access_token=` on the routes of `wekan`. Secrets in URLs end up in logs.', fallback: 'false', schema: flag },
  DEPRECATION: { group: 'Dialects', about: 'Deprecated dialects and routes, each with the date since which it is: `wekan=2027-01-31,xiot:PUT /v1/profile=2026-12-01T12:00:00Z`. Their answers have a `Deprecation` header (RFC 9745). Write a route without its path prefix. The entry of a route takes precedence over that of its dialect (docs/legacy-clients.md).', fallback: '', schema: list.pipe(datedTargets) },
  SUNSET: { group: 'Dialects', about: 'Dialects and routes that will be switched off, each with the date, as in DEPRECATION. Their answers have a `Sunset` header (RFC 8594). The date has no other effect: to switch them off, use SWITCHED_OFF.', fallback: '', schema: list.pipe(datedTargets) },
  MIGRATION_GUIDE: { group: 'Dialects', about: 'The URL of a page for maintainers of client programs. It is sent in a `Link` header with `Deprecation` and `Sunset`.', schema: link },
  READ_ONLY: { group: 'Dialects', about: 'Dialects and routes that may no longer change accounts, such as `wekan,xiot:PUT /v1/profile`: such requests get 403. Sign-in, sign-out and refresh still work.', fallback: '', schema: list.pipe(targets) },
  SWITCHED_OFF: { group: 'Dialects', about: 'Dialects and routes that answer every request with 410, in the error format of the dialect.', fallback: '', schema: list.pipe(targets) },

  ADMIN_EMAIL: { group: 'Accounts', about: 'With ADMIN_PASSWORD: the address of an administrator to create at start, if no account has it.', schema: loneAddress },
  ADMIN_PASSWORD: { group: 'Accounts', about: 'The password of that administrator, at least 8 characters.', secret: true, schema: adminPassword },
  FIRST_ACCOUNT_IS_ADMIN: { group: 'Accounts', about: 'Whether the very first account becomes administrator.', fallback: (production) => String(!production), fallbackText: '`true`; `false` in production', schema: flag },
  REGISTRATION: { group: 'Accounts', about: '`open`, or `closed`: only administrators create accounts.', fallback: 'open', schema: oneOf(['open', 'closed']) },
  REQUIRE_ADMIN_TWO_FACTOR: { group: 'Accounts', about: 'Whether administrators need a second factor before they may administer, on any surface.', fallback: 'false', schema: flag },
  DEFAULT_LOCALE: { group: 'Accounts', about: `The language of mails and pages if the user did not ask for a supported one: ${locales.map((locale) => `\`${locale}\``).join(' or ')}.`, fallback: 'en', schema: oneOf(locales) },
  COMMON_PASSWORDS_GRAPHQL: { group: 'Accounts', about: 'Refuse common passwords on GraphQL, and passwords that are little more than names and addresses of the account (docs/passwords.md).', fallback: 'true', schema: flag },
  COMMON_PASSWORDS_DIALECTS: { group: 'Accounts', about: 'Refuse them on the dialects too.', fallback: 'false', schema: flag },
  PWNED_PASSWORDS_URL: { group: 'Accounts', about: 'A range service of Have I Been Pwned, such as https://api.pwnedpasswords.com/range/, which checks new passwords wherever common ones are refused. Only five hex digits of the SHA-1 are sent. If not set: no check. If there is no answer within 2 s, the password is accepted, and this is logged.', schema: httpUrl },
  HASH_FAMILIES: { group: 'Accounts', about: 'Modules that check further kinds of password hashes of imported accounts, by their paths, such as `./devise-pepper.mjs` (docs/moving/hashes.md). Keep them until all such hashes are replaced.', fallback: '', schema: list },
  VERIFY_EMAIL: { group: 'Accounts', about: 'Send a verification mail after every sign-up, on every surface. Answering it is optional.', fallback: 'true', schema: flag },
  NEW_DEVICE_NOTICE: { group: 'Accounts', about: 'Notify the owner by mail of a sign-in with a program or from a network that is new to the account.', fallback: 'true', schema: flag },
  FORGET_PASSWORD_DISCLOSES: { group: 'Accounts', about: 'Let forget-password of `xiot` answer that an address is unknown, as its document specifies. No other surface does this.', fallback: (production) => String(!production), fallbackText: '`true`; `false` in production', schema: flag },

  ACCESS_TOKEN_LIFE: { group: 'Lifetimes', about: 'Access tokens of GraphQL and `authentication`.', fallback: '30m', schema: duration },
  REFRESH_TOKEN_LIFE: { group: 'Lifetimes', about: 'A refresh token that is not used.', fallback: '30d', schema: duration },
  REFRESH_CHAIN_LIFE: { group: 'Lifetimes', about: 'A session with refresh tokens, from sign-in to its end.', fallback: '90d', schema: duration },
  REFRESH_GRACE: { group: 'Lifetimes', about: 'How long a used refresh token still returns the same successor; at most two minutes (docs/sessions.md).', fallback: '10s', schema: duration.refine((life) => life <= ms('2m'), 'must be at most 120s') },
  V1_SESSION_LIFE: { group: 'Lifetimes', about: 'Sessions of `idiot` and `xiot`, and both of their tokens.', fallback: '24h', schema: duration },
  WEKAN_SESSION_LIFE: { group: 'Lifetimes', about: 'Sessions of `wekan`, and their token.', fallback: '90d', schema: duration },
  COOKIE_IDLE_LIFE: { group: 'Lifetimes', about: 'A cookie session that is not used. If several processes share a database, it may live two minutes longer.', fallback: '1h', schema: duration },
  PERSONAL_TOKEN_LIFE: { group: 'Lifetimes', about: 'The longest lifetime of a personal access token.', fallback: '365d', schema: duration },
  COOKIE_SESSION_LIFE: { group: 'Lifetimes', about: 'Cookie sessions, from sign-in to their end (NIST SP 800-63B-4: at most 24 hours at AAL2).', fallback: '24h', schema: duration },
  LOGIN_CODE_LIFE: { group: 'Lifetimes', about: 'A sign-in that waits for its second factor.', fallback: '5m', schema: duration },
  RESET_TOKEN_LIFE: { group: 'Lifetimes', about: 'The link in a password reset mail.', fallback: '1h', schema: duration },
  INVITATION_LIFE: { group: 'Lifetimes', about: 'The link in a mail that invites somebody to choose the password of an account (`inviteUser`).', fallback: '7d', schema: duration },
  CONFIRM_EMAIL_LIFE: { group: 'Lifetimes', about: 'The link that confirms an e-mail address.', fallback: '24h', schema: duration },
  EMAIL_CODE_LIFE: { group: 'Lifetimes', about: 'The code beside that link; at most ten minutes (ASVS 6.5.5).', fallback: '10m', schema: duration.refine((life) => life <= ms('10m'), 'must be at most 10m') },
  UNDO_LIFE: { group: 'Lifetimes', about: 'The undo link in the mail about a change of address or second factor that took effect at once (on `xiot`). The old address stays reserved for that time.', fallback: '7d', schema: duration },
  EMAIL_CHANGE_HOLD: { group: 'Lifetimes', about: 'How long after an immediate change of address (on `xiot`) reset mails and notices go to the previous, verified address.', fallback: '72h', schema: duration },
  STEP_UP_GRAPHQL: { group: 'Lifetimes', about: 'How old the last password or code check of a session may be when GraphQL changes an e-mail address, second factor, personal access tokens or rights.', fallback: '10m', schema: duration },
  STEP_UP_XIOT: { group: 'Lifetimes', about: 'The same for sessions that began on `xiot`, whose clients cannot re-authenticate.', fallback: '24h', schema: duration },
  SIGNING_KEY_LIFE: { group: 'Lifetimes', about: 'How long a key signs access tokens before a new one takes over.', fallback: '90d', schema: duration },
  AUDIT_LIFE: { group: 'Lifetimes', about: 'How long events of the audit log are kept.', fallback: '400d', schema: duration },
  USAGE_LIFE: { group: 'Lifetimes', about: 'How long the counts of uses of the dialects are kept.', fallback: '400d', schema: duration },
  MAX_SESSIONS: { group: 'Lifetimes', about: 'The most live sessions of one account. If there are more, the one not used for the longest time ends.', fallback: '100', schema: positive },

  LIMIT_ADDRESS_PER_MINUTE: { group: 'Limits', about: 'Attempts per minute from one client address (IPv6: from one /64, and four times as many from one /48): sign-in, sign-up, reset, refresh, change of address, enrolment, and other work with passwords. The account of a session may make four times as many, from all addresses.', fallback: '300', schema: positive },
  LIMIT_PASSWORD_FAILURES: { group: 'Limits', about: 'Wrong passwords within LIMIT_PASSWORD_WINDOW for one name typed at sign-in, and from one client address (IPv6: from one /64, and four times as many from one /48). More cause growing delays.', fallback: '10', schema: positive },
  LIMIT_PASSWORD_WINDOW: { group: 'Limits', about: 'The window of LIMIT_PASSWORD_FAILURES.', fallback: '15m', schema: duration },
  LIMIT_PASSWORD_FAILURES_HARD: { group: 'Limits', about: 'Wrong passwords in a row for one account, from any address, after which unknown clients are refused: sign-in needs a client that the account knows, a reset by mail or an administrator (docs/passwords.md).', fallback: '100', schema: positive },
  LIMIT_CODE_FAILURES: { group: 'Limits', about: 'Wrong second-factor codes in a row for one account, from any address. More cause growing delays.', fallback: '10', schema: positive },
  LIMIT_CODE_FAILURES_HARD: { group: 'Limits', about: 'Wrong codes in a row after which only a recovery code works, until an administrator resets the second factor.', fallback: '100', schema: positive },
  LIMIT_RESET_MAILS: { group: 'Limits', about: 'Mails of one kind (reset, verification, confirmation) to one mailbox within LIMIT_RESET_WINDOW. Beyond that, the answer is the same, but no mail is sent.', fallback: '3', schema: positive },
  LIMIT_RESET_WINDOW: { group: 'Limits', about: 'The window of LIMIT_RESET_MAILS.', fallback: '15m', schema: duration },
  LIMIT_CHANGES: { group: 'Limits', about: 'Changes per hour that an account may make to itself (profile, address, second factor, tokens). Ending sessions and changing the password have the same limit, each counted separately; changes to other accounts may be a hundred times as many. Beyond that: 429 (docs/audit.md).', fallback: '300', schema: positive },
  LIMIT_REQUESTS: { group: 'Limits', about: 'Requests that may run at once, half of them from one client address (IPv6: from one /64). Beyond that: 503. Probes are always answered.', fallback: '500', schema: positive },
  LIMIT_LISTS: { group: 'Limits', about: 'Lists of more than 1,000 items that may be read and sent page by page at once, half of them to one client address (IPv6: to one /64). Each takes the memory of a page. Beyond that: 503 (docs/lists.md).', fallback: '100', schema: positive },
  LIMIT_MAILS_PER_HOUR: { group: 'Limits', about: 'Mails of all kinds to one mailbox within an hour. Further notices are gathered into one mail; resets within LIMIT_RESET_MAILS are always sent (docs/mail.md).', fallback: '20', schema: positive },
  LIMIT_OUTBOX: { group: 'Limits', about: 'Entries (mails and requested resets) that may wait in the outbox. Beyond that, requests that need a mail get 503, and notices are gathered.', fallback: '10000', schema: positive },
  LIMIT_OUTBOX_PER_ADDRESS: { group: 'Limits', about: 'Entries in the outbox that one client address (IPv6: one /64) may have caused. Beyond that: 429.', fallback: '300', schema: positive },
  LIMIT_HASH_QUEUE: { group: 'Limits', about: 'Password hashes that may wait for a core. Beyond that: 503. One client address (IPv6: one /48) may have two fifths of them waiting, and a fifth for one account. Beyond that: 429.', fallback: '128', schema: positive },
  ARGON2_MEMORY_KIB: { group: 'Limits', about: 'Memory for one argon2id hash, in KiB (OWASP: at least 19456).', fallback: '19456', schema: natural.refine((n) => n >= 19_456, 'must be at least 19456').refine((n) => n <= 262_144, 'must be at most 262144') },
  ARGON2_PASSES: { group: 'Limits', about: 'Passes of one argon2id hash (OWASP: at least 2).', fallback: '2', schema: natural.refine((n) => n >= 2 && n <= 20, 'must be 2 to 20') },

  SMTP_URL: { group: 'Mail', about: 'The URL of the mail server, such as smtps://user:password@mail.example.com. If not set: each mail becomes a file in DATA_DIR/outbox.', secret: true, schema: smtpUrl },
  MAIL_FILES: { group: 'Mail', about: 'How many of those files are kept; the oldest are deleted.', fallback: '1000', schema: positive },
  MAIL_LIFE: { group: 'Mail', about: 'How long to retry a mail that could not be sent. A mail with a link is retried as long as the link works.', fallback: '48h', schema: duration },
  MAIL_FROM: { group: 'Mail', about: 'The sender of every mail: one address, with the name of your service.', fallback: 'Vestibule <no-reply@localhost>', schema: sender },

  WEBHOOK_ALLOWED_NETWORKS: { group: 'Webhooks', about: 'Addresses and networks (CIDR, or `loopback`, `linklocal`, `uniquelocal`) beside the public Internet that webhooks may be sent to, also without TLS. Name only those of your receivers: administrators could reach everything in them (docs/webhooks.md).', fallback: '', schema: networks },
  WEBHOOK_TIMEOUT: { group: 'Webhooks', about: 'How long a receiver may take for an answer, including the look-up of its name; at most a minute.', fallback: '10s', schema: duration.refine((limit) => limit <= ms('1m'), 'must be at most 60s') },
  WEBHOOK_DISABLE_AFTER: { group: 'Webhooks', about: 'A webhook that accepted nothing for this long, while there was something to deliver, is disabled.', fallback: '5d', schema: duration },
  WEBHOOK_DELIVERY_LIFE: { group: 'Webhooks', about: 'How long deliveries that have ended are kept, of each webhook at most the newest 10,000.', fallback: '30d', schema: duration },
  LIMIT_WEBHOOKS: { group: 'Webhooks', about: 'How many webhooks there may be; at most 500.', fallback: '50', schema: positive.refine((n) => n <= 500, 'must be at most 500') },
} as const satisfies Record<string, Setting>

type Settings = typeof settings
type Value<S extends Setting> = S extends { fallback: unknown } ? z.output<S['schema']> : z.output<S['schema']> | undefined

/** All settings, validated. Durations are milliseconds. */
export type Config = Readonly<
  { [Name in keyof Settings]: Value<Settings[Name]> } & {
    readonly production: boolean
    readonly PUBLIC_URL: string
    /** The settings that have a value, as text; that of a secret is null. */
    readonly texts: Readonly<Record<string, string | null>>
  }
>

/** The default of a setting; undefined if it has none. */
export const defaultText = ({ fallback }: Setting, production: boolean): string | undefined =>
  typeof fallback === 'function' ? fallback(production) : fallback

/** The default of a setting, as the docs print it. */
export const defaultOf = (setting: Setting): string | undefined =>
  typeof setting.fallback === 'string' ? setting.fallback : setting.fallbackText

const crossChecks = (config: Config): string[] => {
  const problems: string[] = []
  if ((config.ADMIN_EMAIL === undefined) !== (config.ADMIN_PASSWORD === undefined))
    problems.push('ADMIN_EMAIL and ADMIN_PASSWORD: give both or neither')
  if (config.production && config.DATABASE_URL !== undefined && config.SECRET_KEY === undefined)
    problems.push('SECRET_KEY: required with DATABASE_URL in production')
  if (config.DATABASE_READ_URL !== undefined && config.DATABASE_URL === undefined)
    problems.push('DATABASE_READ_URL: needs DATABASE_URL, because the embedded database has no replica')
  if (config.WORKERS > 1 && config.DATABASE_URL === undefined)
    problems.push('WORKERS: must be 1 without DATABASE_URL, because the embedded database serves one process')
  if (config.DATABASE_QUERY_TIMEOUT < config.DATABASE_STATEMENT_TIMEOUT)
    problems.push('DATABASE_QUERY_TIMEOUT: must not be below DATABASE_STATEMENT_TIMEOUT')
  if (config.LIMIT_PASSWORD_FAILURES_HARD < config.LIMIT_PASSWORD_FAILURES)
    problems.push('LIMIT_PASSWORD_FAILURES_HARD: must not be below LIMIT_PASSWORD_FAILURES')
  if (config.LIMIT_CODE_FAILURES_HARD < config.LIMIT_CODE_FAILURES)
    problems.push('LIMIT_CODE_FAILURES_HARD: must not be below LIMIT_CODE_FAILURES')
  if (config.ARGON2_MEMORY_KIB * config.ARGON2_PASSES > 1_048_576)
    problems.push('ARGON2_PASSES: times ARGON2_MEMORY_KIB, it must be at most 1048576, which is about a second for each password')
  if (config.METRICS_PORT !== undefined && config.METRICS_PORT !== 0 && config.METRICS_PORT === config.PORT)
    problems.push('METRICS_PORT: must not be PORT')
  if (config.PERSISTED_OPERATIONS_ONLY && config.PERSISTED_OPERATIONS === undefined)
    problems.push('PERSISTED_OPERATIONS_ONLY: needs the file of PERSISTED_OPERATIONS')
  if (config.PERSISTED_OPERATIONS_ONLY && config.GRAPHIQL)
    problems.push('GRAPHIQL: must not be true with PERSISTED_OPERATIONS_ONLY, because GraphiQL sends other documents')
  return problems
}

/** Settings that are not trimmed, because white space may be part of them. */
const AS_TYPED: readonly string[] = ['ADMIN_PASSWORD', 'SECRET_KEY']

const formProblem = (name: string, given: string, text: string): string | undefined => {
  if (given !== text && AS_TYPED.includes(name)) return 'begins or ends with white space or a line break: remove it'
  return /\p{Cc}/u.test(text.replaceAll(/\s*,\s*/g, ',')) ? 'contains a line break or another control character' : undefined
}

/** The variables, trimmed; an empty variable counts as not set. */
const trimmed = (env: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> =>
  new Map(
    Object.keys(settings).flatMap((name) => {
      const text = env[name]?.trim() ?? ''
      return text === '' ? [] : [[name, text] as const]
    }),
  )

/**
 * Reads the settings from `env` (an empty variable counts as not set).
 * @throws {ConfigError} that names every invalid setting
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const texts = trimmed(env)
  const production = texts.get('NODE_ENV') === 'production'
  const shown: Record<string, string | null> = {}
  const values: Record<string, unknown> = { production, texts: shown }
  const problems: string[] = []
  for (const [name, setting] of Object.entries<Setting>(settings)) {
    const given = texts.get(name)
    const text = given ?? defaultText(setting, production)
    if (text === undefined) continue
    if (text !== '') shown[name] = setting.secret === true ? null : text
    const misformed = given === undefined ? undefined : formProblem(name, env[name] ?? '', given)
    const parsed = setting.schema.safeParse(text)
    if (misformed !== undefined) problems.push(`${name}: ${misformed}`)
    else if (parsed.success) values[name] = parsed.data
    else problems.push(`${name}: ${parsed.error.issues[0]?.message ?? 'is not valid'}`)
  }
  if (values.PERSISTED_OPERATIONS_ONLY === true && !texts.has('GRAPHIQL')) {
    values.GRAPHIQL = false
    shown.GRAPHIQL = 'false'
  }
  values.PUBLIC_URL ??= `http://localhost:${values.PORT}`
  shown.PUBLIC_URL = String(values.PUBLIC_URL)
  Object.freeze(shown)
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
 * The environment, with the variables of `.env` in `directory`, if there is one, that the environment does not set. Without a directory,
 * the environment alone.
 * @throws {ConfigError} if the file cannot be read or parsed
 */
export const readEnvironment = (directory?: string): Record<string, string | undefined> => ({
  ...(directory === undefined ? {} : envFileIn(directory)),
  ...process.env,
})

/** The variables of an environment that are settings. */
export const settingsIn = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.keys(settings).flatMap((name) => {
      const text = env[name]
      return text === undefined ? [] : [[name, text]]
    }),
  )

/** A warning for each name in `.env` or the environment that looks like a setting but is not one. */
export const namesInDoubt = (directory: string): readonly string[] =>
  doubtsOf(Object.keys(envFileIn(directory)), Object.keys(process.env), Object.keys(settings))
