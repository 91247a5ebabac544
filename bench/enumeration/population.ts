/**
 * The accounts that an attacker would like to distinguish from unknown names, some of each kind. They are created through the app or,
 * if no operation can create one, in the database. All addresses have the same form and length, so that requests do not differ.
 */
import { randomBytes } from 'node:crypto'
import { type App, type AppDeps, createApp } from '../../src/app.ts'
import { loadArgon2 } from '../../src/domain/hashing/argon2.ts'
import { expectHashes } from '../../src/domain/moving/expectedHashes.ts'
import { hashSecret } from '../../src/domain/secrets/secret.ts'
import { readDialects } from '../../src/server/readDialects.ts'
import { silent } from '../../src/tools/silent.ts'

/** Of each kind. */
const HOW_MANY = 12
const PASSWORD = 'correct horse battery'
const PAST = new Date(Date.now() - 60_000)
const HOUR = 3_600_000
/** The least that the settings allow; the program runs with more. */
const OLDER = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const accountKinds = [
  'an account',
  'a disabled account',
  'an account with a second factor',
  'an account without a password',
  'an account with an older hash',
  'an account with a hash of Wekan',
  'an account with a hash of Django',
] as const
export type AccountKind = (typeof accountKinds)[number]
export const UNKNOWN = 'no account'

export const deadTokens = ['a spent login code', 'an expired login code', 'an expired reset token', 'an expired address token'] as const
export type DeadToken = (typeof deadTokens)[number]

export interface Population {
  readonly addresses: Readonly<Record<AccountKind | typeof UNKNOWN, readonly string[]>>
  readonly tokens: Readonly<Record<DeadToken, readonly string[]>>
}

/** Of other programs, as imports bring them; no password matches. bcrypt's usual cost, and Django's of 3.2. */
const WEKAN = `$meteor$2b$10$${'a'.repeat(53)}`
const DJANGO = `pbkdf2_sha256$260000$saltsaltsalt$${'A'.repeat(43)}=`

/** As an import does. */
const expectForeign = async ({ domain }: App): Promise<void> => {
  const read = [WEKAN, DJANGO].map((text) => domain.hasher.read(text)).filter((each) => 'kind' in each)
  await expectHashes(domain.db, read)
}

const many = <T>(make: () => T): T[] => Array.from({ length: HOW_MANY }, make)
export const newAddress = (): string => `someone-${randomBytes(6).toString('hex')}@example.com`
/** In the form of our own. */
export const newToken = (): string => randomBytes(32).toString('base64url')

const post = async (app: App, path: string, body: unknown, token?: string) => {
  const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
  const response = await app.fetch(new Request(`http://localhost${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return await response.json()
}

const register = async (app: App): Promise<{ email: string; token: string }> => {
  const email = newAddress()
  const { tokens } = await post(app, '/auth/register', { name: 'Some Body', email, password: PASSWORD, confirm: PASSWORD })
  return { email, token: tokens.access.token }
}

const makeAccounts = async (app: App): Promise<string[]> => {
  const emails: string[] = []
  while (emails.length < HOW_MANY) emails.push((await register(app)).email)
  return emails
}

const makeWithFactor = async (app: App): Promise<string[]> => {
  const emails: string[] = []
  while (emails.length < HOW_MANY) {
    const { email, token } = await register(app)
    await post(app, '/v1/security/twofactor-enable', {}, token)
    emails.push(email)
  }
  return emails
}

type Client = AppDeps['db']['client']

/** Tokens that were right once, of an account that is there. */
const makeDeadTokens = async (db: Client, email: string): Promise<Population['tokens']> => {
  const { id: userId, credentialVersion } = await db.user.findFirstOrThrow({ where: { email } })
  const loginCodes = async (expiresAt: Date, attempts: number) => {
    const tokens = many(newToken)
    const row = { userId, surface: 'xiot', createdAt: PAST, expiresAt, attempts, credentialVersion }
    await db.loginCode.createMany({ data: tokens.map((token) => ({ ...row, hash: hashSecret(token) })) })
    return tokens
  }
  const mailTokens = async (purpose: string) => {
    const tokens = many(newToken)
    const row = { userId, purpose, address: email, createdAt: PAST, expiresAt: PAST }
    await db.mailToken.createMany({ data: tokens.map((token) => ({ ...row, hash: hashSecret(token) })) })
    return tokens
  }
  return {
    'a spent login code': await loginCodes(new Date(Date.now() + HOUR), 5),
    'an expired login code': await loginCodes(PAST, 0),
    'an expired reset token': await mailTokens('reset_password'),
    'an expired address token': await mailTokens('confirm_email'),
  }
}

/** Makes everybody. */
export async function populate(deps: Pick<AppDeps, 'config' | 'db' | 'secretKeys'>): Promise<Population> {
  const { client } = deps.db
  const app = await createApp({
    version: 'of this tree',
    ...deps,
    dialects: await readDialects(deps.config),
    manifest: undefined,
    clock: { now: () => new Date() },
    randomBytes,
    deliver: async () => ({ outcome: 'delivered' }),
    log: silent,
    webFiles: { document: '', assets: new Map() },
  })
  const [plain, disabled, imported] = [await makeAccounts(app), await makeAccounts(app), await makeAccounts(app)]
  const [older, withFactor] = [await makeAccounts(app), await makeWithFactor(app)]
  await client.user.updateMany({ where: { email: { in: disabled } }, data: { loginDisabled: true } })
  await client.user.updateMany({ where: { email: { in: imported } }, data: { passwordHash: null } })
  const passwordHash = await (await loadArgon2()).hash(PASSWORD, OLDER)
  await client.user.updateMany({ where: { email: { in: older } }, data: { passwordHash } })
  const wekan = await makeAccounts(app)
  const django = await makeAccounts(app)
  await client.user.updateMany({ where: { email: { in: wekan } }, data: { passwordHash: WEKAN } })
  await client.user.updateMany({ where: { email: { in: django } }, data: { passwordHash: DJANGO } })
  await expectForeign(app)
  const tokens = await makeDeadTokens(client, (await register(app)).email)
  await app.close()
  return {
    addresses: {
      [UNKNOWN]: many(newAddress),
      'an account': plain,
      'a disabled account': disabled,
      'an account with a second factor': withFactor,
      'an account without a password': imported,
      'an account with an older hash': older,
      'an account with a hash of Wekan': wekan,
      'an account with a hash of Django': django,
    },
    tokens,
  }
}
