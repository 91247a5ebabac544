/**
 * Temporary errors of the database: a later attempt may succeed, so no surface reports them as errors of the server (500). One list
 * for Node's sockets, `pg`, PostgreSQL, poolers, Prisma and PGlite. It includes deadlocks and serialization failures, which get
 * here after all retries failed.
 */
import { causesOf } from './databaseErrors.ts'

/**
 * There is no connection, or it was given up. The message is a reason in a few words, without secrets. It must have no `code`: Prisma
 * makes an error that has one an error of its own, of which only the code and the text are left.
 */
export class DatabaseAway extends Error {
  /** The SQLSTATE or the code of Node, if there is one. */
  readonly state: string | undefined
  /** Whether there was only no free connection. */
  readonly isBusy: boolean
  constructor(reason: string, options: ErrorOptions & { readonly state?: string | undefined; readonly isBusy?: boolean } = {}) {
    super(reason, options)
    this.name = 'DatabaseAway'
    this.state = options.state
    this.isBusy = options.isBusy ?? false
  }
}

/** The time of the request ran out, and most of it was not spent on the database. */
export class OutOfTime extends Error {
  constructor() {
    super('no time was left for the database')
    this.name = 'OutOfTime'
  }
}

/**
 * `away`: there is no connection, or it broke. `slow`: there is one, but the statement took too long or conflicted with others.
 * `busy`: this process had no time left for the database, which is not an outage.
 */
export type PassingKind = 'away' | 'slow' | 'busy'

export interface PassingFault {
  readonly kind: PassingKind
  /** A few words or a code, for the log. */
  readonly reason: string
}

/** Errors of the operating system, as Node names them. */
const SOCKET = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])

/**
 * SQLSTATEs (PostgreSQL, appendix A) of errors that end a connection or make one unusable: connection exceptions, insufficient
 * resources, a stopping or starting server, session time-outs, and a read-only server.
 */
const AWAY_STATE = /^(?:08|53)[\dA-Z]{3}$|^(?:57P0[1-5]|25P03|25P04|25006|58030)$/

/** A statement that ran too long or waited for a lock, a deadlock, a serialization failure. */
const SLOW_STATE = /^(?:57014|55P03|40001|40003|40P01)$/

/** https://www.prisma.io/docs/orm/reference/error-reference */
const PRISMA: Readonly<Record<string, PassingKind>> = {
  P1001: 'away',
  P1002: 'away',
  P1008: 'slow',
  P1011: 'away',
  P1017: 'away',
  P2024: 'slow',
  P2028: 'slow',
  P2034: 'slow',
  P2037: 'away',
}

/** What Prisma's adapters turn a driver's error into before its code is lost. */
const ADAPTER: Readonly<Record<string, PassingKind>> = {
  DatabaseNotReachable: 'away',
  ConnectionClosed: 'away',
  SocketTimeout: 'away',
  TlsConnectionError: 'away',
  TooManyConnections: 'away',
  TransactionWriteConflict: 'slow',
}

/** Errors of `pg` and PGlite without a code. */
const MESSAGES: readonly (readonly [RegExp, PassingKind])[] = [
  [/^Connection terminated/, 'away'],
  [/^timeout expired$/, 'away'],
  [/^timeout exceeded when trying to connect$/, 'slow'],
  [/^Query read timeout$/, 'away'],
  [/^Client (?:has encountered a connection error|was closed) and is not queryable$/, 'away'],
  [/^Cannot use a pool after calling end on the pool$/, 'away'],
  [/^PGlite is clos(?:ed|ing)$/, 'away'],
]

const kindOfCode = (code: string): PassingKind | undefined => {
  if (SOCKET.has(code) || AWAY_STATE.test(code)) return 'away'
  return SLOW_STATE.test(code) ? 'slow' : PRISMA[code]
}

function faultOf(error: unknown): PassingFault | undefined {
  for (const { name, isBusy, code, originalCode, kind, message = '' } of causesOf(error)) {
    if (name === 'OutOfTime') return { kind: 'busy', reason: message }
    if (name === 'DatabaseAway') return { kind: isBusy ? 'slow' : 'away', reason: message }
    for (const known of [originalCode, code]) {
      const passing = known === undefined ? undefined : kindOfCode(known)
      if (passing !== undefined) return { kind: passing, reason: `${known}` }
    }
    const adapted = kind === undefined ? undefined : ADAPTER[kind]
    if (adapted !== undefined) return { kind: adapted, reason: `${kind}` }
    const [, matched] = MESSAGES.find(([pattern]) => pattern.test(message)) ?? []
    if (matched !== undefined) return { kind: matched, reason: message }
  }
  return undefined
}

/** What kind of temporary error it is; undefined for all others, and for one that cannot even be read. */
export function passingFault(error: unknown): PassingFault | undefined {
  try {
    return faultOf(error)
  } catch {
    return undefined
  }
}
