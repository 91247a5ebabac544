/** Prepares the user base before the first request: creates the administrator of the settings, and checks that there can be one. */
import type { Config } from '../config.ts'
import { passingFault } from '../db/passing.ts'
import { StartupError } from '../db/startupError.ts'
import { createSettingsAdmin, hasAdmin } from './administration/settingsAdmin.ts'
import { Failure } from './base/errors.ts'
import { createDomain, type DomainDeps } from './createDomain.ts'
import type { Domain } from './frame/domain.ts'
import { SecretBoxError } from './keys/secretBox.ts'
import { readExpectedHashes } from './moving/expectedHashes.ts'

const explained = (error: unknown): unknown => {
  const passing = passingFault(error)
  if (passing !== undefined) return new StartupError(`The database became unavailable: ${passing.reason}`, { cause: error })
  if (error instanceof SecretBoxError)
    return new StartupError(`SECRET_KEY does not fit the keys in the database: ${error.message}`, { cause: error })
  if (error instanceof Failure && error.code === 'INVALID_INPUT') return new StartupError(`ADMIN_EMAIL: ${error.message}`, { cause: error })
  return error
}

const checkAdmin = async (config: Config, domain: Domain): Promise<void> => {
  if (config.REGISTRATION === 'open' || (await hasAdmin(domain))) return
  throw new StartupError(
    'REGISTRATION is closed and there is no administrator: set ADMIN_EMAIL and ADMIN_PASSWORD, with an address that no account has',
  )
}

/** The domain on a database as it is. @throws {StartupError} if the database goes away, or the keys do not fit */
export async function openDomain(deps: DomainDeps): Promise<Domain> {
  try {
    return await createDomain(deps)
  } catch (error) {
    throw explained(error)
  }
}

/**
 * @throws {StartupError} if the database goes away, the keys do not fit, ADMIN_EMAIL is not an address, or there could never be an
 * administrator
 */
export async function prepareDomain(deps: DomainDeps): Promise<Domain> {
  try {
    const domain = await createDomain(deps)
    await readExpectedHashes(domain)
    await createSettingsAdmin(domain)
    await checkAdmin(deps.config, domain)
    return domain
  } catch (error) {
    throw explained(error)
  }
}
