/**
 * TLS by the parameters of libpq. As in `pg` 8, every `sslmode` except `disable` and `no-verify` checks the certificate and the
 * host, which is more than libpq's `require` does and never less; `uselibpqcompat=true` selects libpq's own meaning.
 */
import { readFileSync } from 'node:fs'
import type pg from 'pg'
import { StartupError } from './startupError.ts'

export type TlsSettings = Pick<pg.ClientConfig, 'ssl' | 'sslnegotiation'>
type Parameters = Readonly<Record<string, string>>
type Checks = Exclude<pg.ClientConfig['ssl'], undefined>

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']

const fileOf = (name: string, path: string | undefined): string | undefined => {
  if (path === undefined || path === '') return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new StartupError(`: ${name} ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

const UNCHECKED = { rejectUnauthorized: false }
const ANY_HOST = { checkServerIdentity: () => undefined }

/** What libpq checks in each mode (PostgreSQL 34.19.1). */
const libpqChecks = (mode: string, hasRoot: boolean): Checks => {
  if (mode === 'verify-full') return {}
  return mode === 'verify-ca' || (mode === 'require' && hasRoot) ? ANY_HOST : UNCHECKED
}

const checksOf = ({ sslmode, ssl, uselibpqcompat }: Parameters, hasRoot: boolean): Checks | undefined => {
  if (sslmode !== undefined && !MODES.includes(sslmode))
    throw new StartupError(`: sslmode ${JSON.stringify(sslmode)} is none of ${MODES.join(', ')}`)
  const mode = sslmode ?? ({ true: 'verify-full', '1': 'verify-full', '0': 'disable', 'no-verify': 'no-verify' } as Parameters)[ssl ?? '']
  if (mode === undefined) return undefined
  if (mode === 'disable') return false
  if (mode === 'no-verify') return UNCHECKED
  return uselibpqcompat === 'true' ? libpqChecks(mode, hasRoot) : {}
}

/** @throws {StartupError} for an unknown mode, or a file that cannot be read; its message follows the name of the setting */
export function tlsOf(parameters: Parameters): TlsSettings {
  const { sslrootcert, sslcert, sslkey, sslnegotiation } = parameters
  const ca = fileOf('sslrootcert', sslrootcert === 'system' ? undefined : sslrootcert)
  const [cert, key] = [fileOf('sslcert', sslcert), fileOf('sslkey', sslkey)]
  const files = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
  const direct = sslnegotiation === 'direct'
  const isAsked = direct || sslrootcert !== undefined || Object.keys(files).length > 0
  const checks = checksOf(parameters, ca !== undefined) ?? (isAsked ? {} : undefined)
  if (checks === undefined) return {}
  return {
    ssl: typeof checks === 'boolean' ? checks : { ...checks, ...files },
    ...(direct ? { sslnegotiation } : {}),
  }
}
