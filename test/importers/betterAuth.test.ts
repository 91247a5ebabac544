/** Users that better-auth made on PostgreSQL, by its own API, got out by the query of docs/moving/better-auth.md. */
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { admin, bearer, twoFactor, username } from 'better-auth/plugins'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { totp } from '../support/accounts.ts'
import { createPostgresDatabase, type PostgresDatabase } from '../support/database.ts'
import { useWorld } from '../support/world.ts'
import { sqlOf } from './origins/runbook.ts'
import { importFile, ownerOf, recordsOf, signInBy, signInWithCode, ways } from './support.ts'

const SECRET = 'the secret of better-auth, long enough'
const PASSWORD = 'pässword ☃ 1'

const authOn = (pool: pg.Pool) =>
  betterAuth({
    baseURL: 'http://localhost',
    secret: SECRET,
    database: pool,
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins: [bearer(), admin(), username(), twoFactor()],
  })

interface Signed {
  readonly id: string
  /** As clients get it from the header `set-auth-token`. */
  readonly token: string
}

describe('users of better-auth', () => {
  const world = useWorld()
  let database: PostgresDatabase
  let pool: pg.Pool
  let auth: ReturnType<typeof authOn>
  let file = ''
  const people = new Map<string, Signed>()
  const secrets = { totp: '', codes: [] as string[] }

  const ask = async (path: string, json: object, token?: string) => {
    const headers = {
      'content-type': 'application/json',
      origin: 'http://localhost',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    const response = await auth.handler(
      new Request(`http://localhost/api/auth${path}`, { method: 'POST', headers, body: JSON.stringify(json) }),
    )
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return { body: await response.json(), token: response.headers.get('set-auth-token') ?? '' }
  }
  const signUp = async (name: string): Promise<Signed> => {
    const { body, token } = await ask('/sign-up/email', {
      name: `${name} of there`,
      email: `${name}@better.example`,
      password: PASSWORD,
      username: `${name}.there`,
    })
    people.set(name, { id: body.user.id, token })
    return { id: body.user.id, token }
  }
  const of = (name: string): Signed => people.get(name) ?? { id: '', token: '' }

  beforeAll(async () => {
    database = await createPostgresDatabase({ empty: true })
    pool = new pg.Pool({ connectionString: database.url })
    auth = authOn(pool)
    await (await getMigrations(auth.options)).runMigrations()
    for (const name of [...ways, 'chief', 'banned', 'Zoe']) await signUp(name)
    const two = await signUp('two')
    const enabled = await ask('/two-factor/enable', { password: PASSWORD }, two.token)
    secrets.totp = new URL(enabled.body.totpURI).searchParams.get('secret') ?? ''
    secrets.codes = enabled.body.backupCodes
    await ask('/two-factor/verify-totp', { code: totp(secrets.totp, -1) }, two.token)
    await pool.query(`UPDATE "user" SET role = 'user,admin' WHERE username = 'chief.there'`)
    await pool.query(`UPDATE "user" SET banned = true WHERE username = 'banned.there'`)
    const { rows } = await pool.query<{ line: object }>(`SELECT line FROM (${sqlOf('better-auth').replace(/;\s*$/, '')}) AS lines (line)`)
    file = rows.map(({ line }) => `${JSON.stringify(line)}\n`).join('')
    const imported = await importFile(world(), 'better-auth', file, { options: { secret: SECRET } })
    expect({ left: imported.left, created: imported.result.created }).toEqual({ left: [], created: 8 })
  }, 60_000)
  afterAll(async () => {
    await pool?.end()
    await database?.drop()
  })

  it('sign in everywhere by their password', async () => {
    const seen = []
    for (const way of ways) {
      const wrong = await signInBy[way]?.(world(), `${way}@better.example`, `${PASSWORD}?`)
      seen.push({ way, wrong, isSame: (await signInBy[way]?.(world(), `${way}@better.example`, PASSWORD)) === of(way).id })
    }
    expect(seen).toEqual(ways.map((way) => ({ way, wrong: undefined, isSame: true })))
  })

  it('go on with the tokens that their clients have, and with the bare ones if asked', async () => {
    expect(of('chief').token).toMatch(/^\w+\.[\w+/=%-]+$/)
    expect(await ownerOf(world(), of('chief').token)).toBe(of('chief').id)
    const plain = of('chief').token.split('.')[0]
    expect(await ownerOf(world(), plain ?? '')).toBeUndefined()
    const records = await recordsOf('better-auth', file, { secret: SECRET, tokens: 'plain' })
    const chief = records.find(({ given }) => (given as { username: string }).username === 'chief.there')
    expect(chief).toMatchObject({ given: { sessions: [{ token: plain, surface: 'graphql' }] } })
  })

  it('are administrators and banned as they were, and keep their names', async () => {
    const found = await world().db.client.user.findMany({
      where: { email: { in: ['chief', 'banned', 'zoe'].map((name) => `${name}@better.example`) } },
      orderBy: { username: 'asc' },
    })
    expect(found.map(({ username, name, isAdmin, loginDisabled }) => [username, name, isAdmin, loginDisabled]).sort()).toEqual([
      ['Zoe.there', 'Zoe of there', false, false],
      ['banned.there', 'banned of there', false, true],
      ['chief.there', 'chief of there', true, false],
    ])
    expect(await ownerOf(world(), of('banned').token)).toBeUndefined()
  })

  it('go on with their authenticator app, and their backup codes are read', async () => {
    const { token } = await signInWithCode(world(), 'two@better.example', PASSWORD, totp(secrets.totp))
    expect(token).toMatch(/^sess_/)
    const records = await recordsOf('better-auth', file, { secret: SECRET })
    const two = records.find(({ given }) => (given as { username: string }).username === 'two.there')
    expect(two).toMatchObject({ given: { recoveryCodes: secrets.codes } })
  })

  it('need the secret for their second factor', async () => {
    const without = await recordsOf('better-auth', file)
    expect(without.filter((record) => 'notes' in record)).toEqual([
      {
        given: expect.not.objectContaining({ totp: expect.anything() }),
        notes: ['an authenticator app with its backup codes, which are encrypted: give --secret'],
      },
    ])
    const wrong = await recordsOf('better-auth', file, { secret: 'another' })
    expect(wrong.filter((record) => 'reason' in record).map((record) => 'reason' in record && record.reason)).toEqual([
      'the second factor cannot be decrypted: is --secret that of this database?',
    ])
  })
})
