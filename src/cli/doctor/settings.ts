/** Checks the settings, and what they say of proxies. */
import { resolve } from 'node:path'
import { type Config, ConfigError, namesInDoubt, readConfig, readEnvironment } from '../../config.ts'
import { doubtsOf } from '../../server/doubts.ts'
import { type Check, failed, ok, warning } from './check.ts'

const REMEDY = 'see docs/settings.md'

const isLoopback = (host: string): boolean => /^(localhost|127\.|::1$|\[::1\])/.test(host)

/** What stands in front of the server, as far as the settings tell. */
const proxyChecks = ({ HOST, PUBLIC_URL, TRUSTED_PROXIES, production }: Config): Check[] => {
  const name = 'proxy'
  const { protocol, hostname } = new URL(PUBLIC_URL)
  const isPublic = !isLoopback(hostname)
  if (TRUSTED_PROXIES.length > 0 && !isLoopback(HOST) && production)
    return [
      warning(
        name,
        `HOST is ${HOST}, and ${TRUSTED_PROXIES.join(', ')} may name client addresses`,
        'let only the proxy reach this port (a firewall, or HOST=127.0.0.1): others could name a client address of their choice',
      ),
    ]
  if (TRUSTED_PROXIES.length > 0) return [ok(name, `${TRUSTED_PROXIES.join(', ')} may name client addresses`)]
  // TLS ends at a proxy: this server has none.
  if (isPublic && (protocol === 'https:' || isLoopback(HOST)))
    return [
      warning(
        name,
        `PUBLIC_URL is ${PUBLIC_URL}, so a proxy stands in front, but TRUSTED_PROXIES is empty`,
        'set TRUSTED_PROXIES to the address of the proxy (docs/proxy.md): until then all clients share the limits of one address',
      ),
    ]
  return [ok(name, 'none is trusted, and clients connect directly')]
}

const nodeCheck = (): Check => {
  const found = `Node.js ${process.versions.node}`
  const major = Number(process.versions.node.split('.')[0])
  return major < 22 ? warning('node', `${found}, which gets no security fixes any more`, 'use Node.js 24, or 22') : ok('node', found)
}

export interface ReadSettings {
  readonly checks: readonly Check[]
  /** Undefined if they cannot be used. */
  readonly config: Config | undefined
}

/** Reads them as a start of the server does. @param directory of `.env` */
export function checkSettings(directory: string): ReadSettings {
  try {
    const config = readConfig(readEnvironment(directory))
    // That of SMTP_URL is one of the check of mail.
    const ofSettings = doubtsOf(config).filter(({ setting }) => setting !== 'SMTP_URL')
    const doubts = [...namesInDoubt(directory), ...ofSettings.map(({ setting, message }) => `${setting} ${message}`)]
    const where = `NODE_ENV is ${config.NODE_ENV}, DATA_DIR is ${resolve(config.DATA_DIR)}`
    const own = doubts.length === 0 ? [ok('settings', where)] : doubts.map((doubt) => warning('settings', doubt, REMEDY))
    return { config, checks: [...own, nodeCheck(), ...proxyChecks(config)] }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { config: undefined, checks: error.problems.map((problem) => failed('settings', problem, REMEDY)) }
  }
}
