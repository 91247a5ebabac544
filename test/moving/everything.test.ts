/** Everything exported and read back into an empty database gives the same one; without secrets the export has none. */

import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { differences, tableSums } from '../../src/db/tableSums.ts'
import { createSecretBox } from '../../src/domain/keys/secretBox.ts'
import { exportEverything } from '../../src/domain/moving/everything/exportEverything.ts'
import { restoreEverything } from '../../src/domain/moving/everything/restoreEverything.ts'
import { jsonLinesOf } from '../../src/importers/sources/jsonLines.ts'
import { clock } from '../support/clock.ts'
import { openTestDatabase } from '../support/database.ts'
import { openWorld, type World } from '../support/world.ts'
import { type Filled, fillWorld } from './fillWorld.ts'

const KEY = 'the secret key of every test, long enough'
const OTHER_KEY = 'another secret key, of the new installation'
const boxOf = (key: string) => createSecretBox([key], randomBytes)
const never = new AbortController().signal
const away = async () => ({ outcome: 'unavailable', reason: 'away' }) as const

const exported = async (db: Database, key: string, withSecrets: boolean): Promise<string> =>
  await db.snapshot(async (tx) => {
    const parts: string[] = []
    const lost: string[] = []
    const listener = { progress: () => undefined, lost: (type: string, id: string) => void lost.push(`${type} ${id}`) }
    const given = { db: tx, clock, secretBox: boxOf(key) }
    await exportEverything(given, { withSecrets, signal: never }, async (text) => void parts.push(text), listener)
    expect(lost).toEqual([])
    return parts.join('')
  })

const readBack = async (db: Database, key: string, text: string) =>
  await restoreEverything({ db: db.client, secretBox: boxOf(key) }, jsonLinesOf(Readable.from([Buffer.from(text)])), () => undefined, never)

/** All values of columns that hold secrets, but for envelopes. */
const SECRETS = `
  SELECT password_hash AS secret FROM users WHERE password_hash IS NOT NULL UNION ALL SELECT hash FROM opaque_tokens UNION ALL SELECT hash FROM login_codes
  UNION ALL SELECT hash FROM recovery_codes UNION ALL SELECT hash FROM mail_tokens UNION ALL SELECT code_hash FROM mail_tokens WHERE code_hash IS NOT NULL
  UNION ALL SELECT two_factor_secret FROM users WHERE two_factor_secret IS NOT NULL UNION ALL SELECT private_jwk FROM signing_keys
  UNION ALL SELECT sealed FROM outbox WHERE sealed IS NOT NULL UNION ALL SELECT typed FROM typed_failures`

describe('an export of everything', () => {
  let world: World
  let filled: Filled
  let text: string
  let target: Database

  beforeAll(async () => {
    world = await openWorld({}, { deliver: away })
    filled = await fillWorld(world)
    text = await exported(world.db, KEY, true)
    target = await openTestDatabase()
  })
  afterAll(async () => {
    await world.close()
    await target.close()
  })

  it('begins with its version and ends with its counts, and accounts have the fields of the intermediate form', () => {
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines[0]).toMatchObject({
      type: 'header',
      format: 'vestibule',
      version: 1,
      migration: '20261129114609_webhooks',
      withSecrets: true,
    })
    expect(lines.at(-1)).toMatchObject({ type: 'end', lines: { account: 3, recoveryCode: 10, session: 4 } })
    expect(lines.find(({ username }) => username === 'ada')).toMatchObject({
      type: 'account',
      id: filled.ada.id,
      seq: '1',
      email: 'ada@example.com',
      emailVerified: false,
      isAdmin: true,
      disabled: false,
      passwordHash: expect.stringMatching(/^\$argon2id\$/),
      totp: { secret: filled.ada.secret, digits: 6, period: 30, algorithm: 'SHA1' },
    })
    expect(lines.find(({ username }) => username === 'grace')).toMatchObject({ emailVerified: '2026-01-01T00:00:00+00:00', totp: null })
    expect(lines.find(({ type }) => type === 'dialectUse')).toMatchObject({ requests: '9007199254740993' })
  })

  it('without secrets has none, and cannot be read back', async () => {
    const open = await exported(world.db, KEY, false)
    const secrets = await world.db.client.$queryRawUnsafe<{ secret: string }[]>(SECRETS)
    expect(secrets.length).toBeGreaterThan(20)
    expect(secrets.filter(({ secret }) => open.includes(secret))).toEqual([])
    expect(open).not.toContain(filled.ada.secret)
    expect(open).not.toContain('reset-password')
    expect(open).not.toMatch(/whsec_|token=1/)
    expect(text).toContain('"secret":"whsec_bmV3","previousSecret":"whsec_b2xk"')
    expect(open).toContain('grace@example.com')
    await expect(readBack(target, KEY, open)).rejects.toThrow(
      'The export has no secrets, so nobody could sign in: make it with --with-secrets. Nothing was changed',
    )
  })

  it.each([
    ['is empty', (_all: string) => '', 'The file is empty'],
    [
      'was cut off after a line',
      (all: string) => all.slice(0, all.lastIndexOf('\n', all.length - 2) + 1),
      'The file was cut off: its last line is not the end',
    ],
    ['was cut off within a line', (all: string) => all.slice(0, -20), /^Line \d+: the line is not valid JSON; it may have been cut off/],
    ['lacks a line', (all: string) => all.replace(/\{"type":"recoveryCode".*\n/, ''), 'The file has 9 lines of recoveryCode instead of 10'],
    ['has an unknown line', (all: string) => all.replace('{"type":"claim"', '{"type":"else"'), /^Line \d+ is of no known type/],
    [
      'has an unknown field',
      (all: string) => all.replace('{"type":"claim"', '{"type":"claim","more":1'),
      /^Line \d+: claim has no field "more"/,
    ],
    [
      'is of another migration',
      (all: string) => all.replace('20261129114609_webhooks', '20991129012421_later'),
      'The export is of a database with the migration 20991129012421_later',
    ],
    [
      'has a second factor of another form',
      (all: string) => all.replace('"totp":{"secret"', '"totp":{"key"'),
      /^Line \d+: a field of account does not have its form/,
    ],
    ['is no export', (_all: string) => '{"type":"account","id":"1"}\n', 'The file is not an export of everything'],
  ])('that %s is refused, and changes nothing', async (_what, change, reason) => {
    const { rejects } = expect(readBack(target, KEY, change(text)))
    await rejects.toThrow(reason)
    expect(await target.client.user.count()).toBe(0)
    expect(await target.client.claim.count()).toBe(0)
  })

  it('read back under another SECRET_KEY gives the same database, in which people go on', async () => {
    const lines = await readBack(target, OTHER_KEY, text)
    expect(lines).toMatchObject({ account: 3, token: 2 })
    const withoutTime = (all: string) => all.replace(/"exportedAt":"[^"]*"/, '')
    expect(withoutTime(await exported(target, OTHER_KEY, true))).toBe(withoutTime(text))
    const sumsOf = async ({ client }: Database) => await tableSums(async (sql) => await client.$queryRawUnsafe(sql))
    // Only what has envelopes, which are new, differs as it is stored.
    expect(differences(await sumsOf(world.db), await sumsOf(target))).toEqual(
      ['account_undos', 'outbox', 'signing_keys', 'users', 'webhooks'].map((table) => `${table} has other contents`),
    )
    await expect(readBack(target, OTHER_KEY, text)).rejects.toThrow('The database is not empty')
    await expect(readBack(target, OTHER_KEY, '{"a":1}\n')).rejects.toThrow('The file is not an export of everything')

    const moved = await openWorld({}, { db: target, secretKeys: [OTHER_KEY], deliver: away })
    const { ada, grace } = filled
    expect((await moved.get('/api/user', filled.resumeToken)).body.username).toBe('grace')
    expect((await moved.graphql('{ me { username } }', {}, grace.token)).body.me.username).toBe('grace')
    expect((await moved.post('/users/login', { email: ada.email, password: ada.password, code: ada.code() })).body.token).toBeTypeOf(
      'string',
    )
    await moved.close()
  })
})
