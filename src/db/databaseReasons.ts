/** Why a database cannot be reached, in words for operators; never with a password. */
import { reasonOf } from './startupError.ts'

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host is unknown',
  EAI_AGAIN: 'the host is unknown',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the host',
  ETIMEDOUT: 'timeout: no answer',
  ECONNRESET: 'the connection was cut',
  ENOENT: 'the socket does not exist',
  EACCES: 'this user may not use the socket',
  '28P01': 'the user or the password is wrong',
  '28000': 'the user may not connect',
  '3D000': 'the database does not exist',
  '53300': 'the server has too many connections',
  '57P01': 'the server is shutting down',
  '57P03': 'the server is starting, or shutting down',
}

/** Errors of `tls` and `pg` about a certificate, or a missing one. */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
])
const TRUST =
  'name its authority by `sslmode=verify-full&sslrootcert=/path/to/ca.pem` in DATABASE_URL or by NODE_EXTRA_CA_CERTS; `sslmode=no-verify` encrypts and checks nothing'

const tlsReason = (code: string | undefined, text: string): string | undefined => {
  if (code !== undefined && UNTRUSTED.has(code)) return `its certificate is not trusted (${text}): ${TRUST}`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'its certificate is for another host: DATABASE_URL has to name the host as the certificate does'
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired'
  if (text === 'The server does not support SSL connections')
    return 'it does not speak TLS: leave `sslmode` out of DATABASE_URL, or turn `ssl` on at the server'
  return undefined
}

/** A named statement of one client collides with another's on a connection that both were given. */
const POOLER_STATES = new Set(['26000', '42P05'])
export const POOLER_MODE =
  'a connection pooler stands in front of it that lends connections for a transaction only (PgBouncer: pool_mode = transaction): set DATABASE_POOLER_MODE=transaction, let the pooler use pool_mode = session, or name PostgreSQL itself'

/** The reason for a driver's error. */
export function reasonFor(error: unknown): string {
  const { code } = ((error as { errors?: unknown[] }).errors?.[0] ?? error) as { code?: string }
  const text = reasonOf(error)
  if (code !== undefined && POOLER_STATES.has(code)) return POOLER_MODE
  if (text === 'timeout expired') return 'timeout: no answer'
  return tlsReason(code, text) ?? reasons[code ?? ''] ?? text
}
