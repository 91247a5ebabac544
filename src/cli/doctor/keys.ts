/** Checks the keys: who can read the file of SECRET_KEY, and whether it fits what is in the database. */
import { randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import type { Database } from '../../db/database.ts'
import { createSecretBox, type SecretBox, SecretBoxError } from '../../domain/keys/secretBox.ts'
import { signingKeyContext } from '../../domain/keys/signingKeys.ts'
import { type Check, checking, failed, ok, warning } from './check.ts'

const DAY = 86_400_000

interface Keys {
  readonly check: Check
  /** Undefined if there is none yet. */
  readonly secrets: readonly string[] | undefined
}

/** As a start reads them, but makes none. */
const readKeys = async ({ SECRET_KEY }: Config, dataDir: string): Promise<Keys> => {
  const name = 'secret key'
  if (SECRET_KEY !== undefined)
    return { secrets: SECRET_KEY, check: ok(name, `SECRET_KEY has ${SECRET_KEY.length === 1 ? 'one key' : `${SECRET_KEY.length} keys`}`) }
  const path = join(dataDir, 'secret.key')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return { secrets: undefined, check: ok(name, `${path} is not there yet, and will be made`) }
  if (text.trim().length < 32)
    return {
      secrets: undefined,
      check: failed(name, `${path} contains no key of 32 characters`, 'restore it from a backup (docs/keys.md)'),
    }
  const { mode } = await stat(path)
  const isOpen = process.platform !== 'win32' && (mode & 0o077) !== 0
  const check = isOpen
    ? warning(
        name,
        `others can read ${path} (mode ${(mode & 0o777).toString(8)})`,
        `run \`chmod 600 ${path}\`, and change the key if somebody did (docs/keys.md)`,
      )
    : ok(name, `${path}, only for its owner; back it up apart from the database`)
  return { secrets: [text.trim()], check }
}

interface SigningRow {
  readonly kid: string
  readonly privateJwk: string
  readonly createdAt: Date
}

/** Whether the key that signs now can be decrypted. */
const signingCheck = (box: SecretBox, rows: readonly SigningRow[], { SIGNING_KEY_LIFE }: Config): Check => {
  const name = 'signing keys'
  const [newest] = rows
  if (newest === undefined) return ok(name, 'there is none yet, and one will be made')
  const locked = rows.filter(({ kid, privateJwk }) => {
    try {
      box.open(privateJwk, signingKeyContext(kid))
      return false
    } catch (error) {
      if (error instanceof SecretBoxError) return true
      throw error
    }
  })
  if (locked.length > 0)
    return failed(
      name,
      `SECRET_KEY does not fit ${locked.length} of ${rows.length}`,
      'add the key that encrypted them to SECRET_KEY (docs/keys.md, "If a key is lost")',
    )
  const age = Math.floor((Date.now() - newest.createdAt.getTime()) / DAY)
  return age * DAY > SIGNING_KEY_LIFE + DAY
    ? warning(name, `the newest is ${age} days old`, 'start a server, which makes a new one when it is due, or run `vestibule keys rotate`')
    : ok(name, `${rows.length}, the newest ${age} days old`)
}

/** Whether older keys can be removed from SECRET_KEY. */
const olderCheck = async (box: SecretBox, { client }: Database): Promise<Check[]> => {
  if (!box.hasOlderKeys) return []
  const rows = await client.$queryRaw<{ count: number }[]>`SELECT (
      (SELECT count(*) FROM signing_keys WHERE NOT starts_with(private_jwk, ${box.prefix})) +
      (SELECT count(*) FROM users WHERE NOT starts_with(two_factor_secret, ${box.prefix})) +
      (SELECT count(*) FROM webhooks WHERE NOT starts_with(secret, ${box.prefix}) OR NOT starts_with(previous_secret, ${box.prefix})))::int AS count`
  const count = rows[0]?.count ?? 0
  return [
    count === 0
      ? ok('older keys', 'nothing is encrypted with them any more (docs/keys.md says when to remove them)')
      : warning(
          'older keys',
          `${count} secrets are encrypted with them`,
          'keep them in SECRET_KEY; a server encrypts these secrets again within minutes',
        ),
  ]
}

const REMEDY = 'make the file readable for the user of the server, and for nobody else'

/** @param database undefined if it could not be opened */
export const checkKeys = async (config: Config, dataDir: string, database: Database | undefined): Promise<readonly Check[]> =>
  await checking('secret key', REMEDY, async () => {
    const { check, secrets } = await readKeys(config, dataDir)
    if (secrets === undefined || database === undefined) return [check]
    const box = createSecretBox(secrets, randomBytes)
    const inDatabase = await checking('signing keys', 'run `vestibule migrate`', async () => {
      try {
        const rows = await database.client.signingKey.findMany({ orderBy: [{ createdAt: 'desc' }, { kid: 'asc' }] })
        return [signingCheck(box, rows, config), ...(await olderCheck(box, database))]
      } catch (error) {
        // A table may be missing, which `migrations` says.
        if ((await database.pendingMigrations()).length > 0) return []
        throw error
      }
    })
    return [check, ...inDatabase]
  })
