/** How the server is, as administrators see it; and that no secret of the settings, and no part of one, leaves. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ConfigError, readConfig, settings } from '../../src/config.ts'
import type { Deliver } from '../../src/domain/base/ports.ts'
import { settingStates } from '../../src/domain/server/settingStates.ts'
import { admin, type Person, person } from '../support/accounts.ts'
import { databaseKind, root } from '../support/database.ts'
import { personalToken } from '../support/personalToken.ts'
import { useWorld } from '../support/world.ts'
import { expectFailure, grantScopes, mutate, query } from './ask.ts'

const SETTING = 'name group about value isSecret isSet isDefault'
const STATUS = `serverStatus { version nodeVersion startedAt database { kind version lastMigration usesReplica } outboxEntries oldestOutboxEntryAt
  hashQueue { running waiting limit } settings { ${SETTING} } }`

interface Setting {
  readonly name: string
  readonly value: string | null
  readonly isSecret: boolean
  readonly isSet: boolean
  readonly isDefault: boolean
}

describe('serverStatus', () => {
  const away: Deliver = async () => ({ outcome: 'deferred', reason: '451' })
  const world = useWorld({ LIMIT_HASH_QUEUE: '100' }, { deliver: away })
  let boss: Person
  beforeAll(async () => {
    boss = await admin(world())
  })
  const ask = (token?: string) => query(world(), STATUS, token)

  it('serverStatus tells versions, the database and what waits', async () => {
    const migrations = readdirSync(join(root, 'prisma/migrations')).filter((name) => /^\d/.test(name))
    const { settings: all, ...status } = await ask(boss.token)
    expect(status).toEqual({
      version: '0.1.0',
      nodeVersion: process.version,
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      database: {
        kind: databaseKind() === 'postgresql' ? 'POSTGRESQL' : 'EMBEDDED',
        version: expect.stringMatching(/^1\d\.\d/),
        lastMigration: migrations.sort().at(-1),
        usesReplica: null,
      },
      outboxEntries: 0,
      oldestOutboxEntryAt: null,
      hashQueue: { running: 0, waiting: 0, limit: 100 },
    })
    expect(Date.parse(status.startedAt)).toBeLessThanOrEqual(Date.now())
    expect(all.map(({ name }: Setting) => name)).toEqual(Object.keys(settings))
  })

  it('serverStatus tells how many mails wait, and since when', async () => {
    const someone = await person(world())
    const before = Date.now()
    await mutate(world(), 'requestEmailVerification', undefined, someone.token)
    const { outboxEntries, oldestOutboxEntryAt } = await ask(boss.token)
    expect(outboxEntries).toBe(1)
    expect(Date.parse(oldestOutboxEntryAt)).toBeGreaterThanOrEqual(before)
  })

  it('serverStatus needs a session, and an administrator', async () => {
    expectFailure(await ask(), 'errors', 'UNAUTHENTICATED')
    const someone = await person(world())
    await grantScopes(world(), someone, ['perm'])
    expectFailure(await ask(someone.token), 'errors', 'FORBIDDEN')
    expectFailure(await ask(await personalToken(world(), boss, ['users'])), 'errors', 'FORBIDDEN')
  })
})

/** Each secret, with parts that would be a secret by themselves. */
const SECRETS = {
  METRICS_TOKEN: 'hunter1-hunter1-hunter1',
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20hunter2',
  DATABASE_URL: 'postgresql://hunter3:hunter4@hunter5.example/hunter6',
  DATABASE_READ_URL: 'postgresql://hunter7:hunter8@hunter9.example/huntera',
  SECRET_KEY: 'hunterb-hunterb-hunterb-hunterb-hunterb',
  ADMIN_PASSWORD: 'hunterc-hunterc',
  SMTP_URL: 'smtps://hunterd:huntere@hunterf.example',
}

describe('the settings of serverStatus', () => {
  const world = useWorld({
    ...SECRETS,
    ADMIN_EMAIL: 'boss@example.com',
    ACCESS_TOKEN_LIFE: '20m',
    MAIL_FROM: 'Acme <no-reply@acme.example>',
  })

  const readSettings = async (): Promise<Setting[]> => {
    const { credentials } = await mutate(world(), 'signIn', { identifier: 'boss@example.com', password: SECRETS.ADMIN_PASSWORD })
    const { text } = await world().graphql(`{ result: ${STATUS} }`, {}, credentials.accessToken.token)
    expect(text).not.toMatch(/hunter/)
    return JSON.parse(text).data.result.settings
  }
  const state = (all: readonly Setting[], wanted: string) => {
    const { value, isSecret, isSet, isDefault } = all.find(({ name }) => name === wanted) as Setting
    return { value, isSecret, isSet, isDefault }
  }

  it('the settings of serverStatus have every secret without its value, and say that it is set', async () => {
    const all = await readSettings()
    expect(
      all
        .filter(({ isSecret }) => isSecret)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(SECRETS).sort())
    for (const name of Object.keys(SECRETS))
      expect(state(all, name)).toEqual({ value: null, isSecret: true, isSet: true, isDefault: false })
  })

  it('the settings of serverStatus have values as they are written, and say which are defaults', async () => {
    const all = await readSettings()
    const plain = { isSecret: false, isSet: true }
    expect(state(all, 'ACCESS_TOKEN_LIFE')).toEqual({ ...plain, value: '20m', isDefault: false })
    expect(state(all, 'REFRESH_TOKEN_LIFE')).toEqual({ ...plain, value: '30d', isDefault: true })
    expect(state(all, 'MAIL_FROM')).toEqual({ ...plain, value: 'Acme <no-reply@acme.example>', isDefault: false })
    expect(state(all, 'PUBLIC_URL')).toEqual({ ...plain, value: 'http://vestibule.test', isDefault: false })
    expect(state(all, 'GRAPHIQL')).toEqual({ ...plain, value: 'true', isDefault: true })
    expect(state(all, 'SIGN_IN_URL')).toEqual({ isSecret: false, isSet: false, value: null, isDefault: true })
    expect(state(all, 'CORS_ORIGINS')).toEqual({ isSecret: false, isSet: false, value: null, isDefault: true })
  })
})

describe('settings that could hold a password', () => {
  const WITH_USER = ['https://mallory:hunter2@acme.example', 'https://mallory:hunter2@acme.example/path', './a//mallory:hunter2@acme/x.mjs']
  const open = Object.entries(settings).filter(([, setting]) => !('secret' in setting))

  it.each(open.map(([name]) => name))('%s refuses a user and password in a URL, or does not show them', (name) => {
    for (const value of WITH_USER) {
      try {
        const more = { PERSISTED_OPERATIONS: 'x.json' }
        const found = settingStates(readConfig({ ...more, [name]: value })).find((setting) => setting.name === name)
        expect(found?.isSet).toBe(true)
        expect(found?.value).not.toContain('hunter2')
      } catch (error) {
        // The operator reads at start why it is refused.
        if (!(error instanceof ConfigError)) throw error
      }
    }
  })

  it('the defaults are those of a server without settings', () => {
    const states = settingStates(readConfig({}))
    expect(states.filter(({ isDefault }) => !isDefault)).toEqual([])
    expect(states.find(({ name }) => name === 'PUBLIC_URL')?.value).toBe('http://localhost:4000')
    const production = settingStates(readConfig({ NODE_ENV: 'production' }))
    expect(production.filter(({ isDefault }) => !isDefault).map(({ name }) => name)).toEqual(['NODE_ENV'])
    const persisted = settingStates(readConfig({ PERSISTED_OPERATIONS: 'x.json', PERSISTED_OPERATIONS_ONLY: 'true' }))
    expect(persisted.find(({ name }) => name === 'GRAPHIQL')).toMatchObject({ value: 'false', isDefault: true })
  })
})
