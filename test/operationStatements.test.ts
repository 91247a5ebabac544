/**
 * How many SQL statements each operation of the schema costs on PostgreSQL, over GraphQL with a bearer token, as docs/statements.md says.
 * Statements within a transaction count one by one; BEGIN and COMMIT do not count.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { adminToken, DAY, mailedToken, mutate, query } from './graphql/ask.ts'
import { admin, PASSWORD, person, signIn, totp, unique, verifiedPerson, withTwoFactor } from './support/accounts.ts'
import { databaseKind, root, statementsOf } from './support/database.ts'
import { useWorld } from './support/world.ts'

/** Rows of a table in Markdown: the first column is an operation in backticks, the second a number. */
const documented = async (): Promise<Record<string, number>> => {
  const text = await readFile(join(root, 'docs/statements.md'), 'utf8')
  return Object.fromEntries([...text.matchAll(/^\| `(\w+)`[^|]*\| (\d+) \|/gm)].map(([, name, count]) => [name, Number(count)]))
}

/** The queries and mutations of the schema. */
const rootFields = async (): Promise<string[]> => {
  const schema = buildSchema(await readFile(join(root, 'schema.graphql'), 'utf8'))
  return [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.keys(type?.getFields() ?? {}))
}

/** A list for administrators; the jobs read whole rows. */
const isOfList = (sql: string): boolean =>
  /ORDER BY[^,]*seq"? ASC|server_version/.test(sql) || (sql.includes('retired_at') && !sql.includes('private_jwk') && /LIMIT/.test(sql))

/** Of the jobs that send what is in the outbox, look for new keys and serve webhooks: they run when they like. */
const isOfJob = (sql: string): boolean =>
  (/\b(outbox|signing_keys)\b/.test(sql) && !isOfList(sql) && !/INSERT INTO\s+"?(public"?\.")?(outbox|signing_keys)/.test(sql)) ||
  /pg_locks|pg_sequence_last_value|SKIP LOCKED|disabled_at"? IS NULL/.test(sql)

describe.runIf(databaseKind() === 'postgresql')('the statements of the operations', () => {
  const world = useWorld({ REGISTRATION: 'open', WEBHOOK_ALLOWED_NETWORKS: 'loopback' })

  it('are as many as the documentation says', async () => {
    const counts: Record<string, number> = {}
    const count = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      let result: T | undefined
      const statements = await statementsOf(world().db, async () => {
        result = await work()
      })
      counts[name] = statements.filter((sql) => !isOfJob(sql)).length
      return result as T
    }
    // biome-ignore lint/suspicious/noExplicitAny: results of every form
    const change = async (name: string, input?: object, token?: string): Promise<any> => {
      const result = await count(name, async () => await mutate(world(), name, input, token))
      expect(`${name}: ${result.__typename}`).toMatch(/Success$/)
      return result
    }
    const address = () => `someone${unique()}@example.com`

    await admin(world())
    const administrator = await adminToken(world())
    const someone = await verifiedPerson(world())
    const { token } = someone

    await count('me', async () => await query(world(), 'me { id email }', token))
    await count('node', async () => await query(world(), `node(id: "${someone.id}") { id }`, token))
    await count('service', async () => await query(world(), 'service { name isRegistrationOpen locales defaultLocale }'))
    await count('user', async () => await query(world(), `user(by: { username: "${someone.username}" }) { id }`, token))
    await count('users', async () => await query(world(), 'users(first: 10) { edges { node { id email } } }', administrator))
    await count('auditEvents', async () => await query(world(), 'auditEvents(first: 10) { edges { node { type } } }', administrator))
    await count('dialects', async () => await query(world(), 'dialects { name routes { path } }', administrator))
    await count('dialectUses', async () => await query(world(), 'dialectUses(first: 10) { edges { node { route } } }', administrator))
    await count('dialectUseDays', async () => await query(world(), 'dialectUseDays(by: CLIENT) { day group requests }', administrator))

    const made = await change('signUp', { email: address(), username: `made${unique()}`, password: PASSWORD })
    await change('signIn', { identifier: someone.email, password: PASSWORD })
    await change('refreshSession', { refreshToken: made.credentials.refreshToken.token })
    await change('signOut', undefined, made.credentials.accessToken.token)
    await change('reauthenticate', { password: PASSWORD }, token)
    await change('updateProfile', { name: 'Ada Lovelace' }, token)
    const { personalAccessToken } = await change(
      'createPersonalAccessToken',
      { name: 'script', scopes: [], expiresAt: new Date(Date.now() + DAY).toISOString() },
      token,
    )
    await change('revokePersonalAccessToken', { id: personalAccessToken.id }, token)
    const { sessions } = await query(world(), 'me { sessions { id current } }', await signIn(world(), someone))
    await change('endSession', { id: sessions.find(({ current }: { current: boolean }) => current).id }, token)
    await signIn(world(), someone)
    await change('endOtherSessions', undefined, token)
    await change('changePassword', { oldPassword: PASSWORD, newPassword: 'another long one' }, token)
    await change('signOutEverywhere', undefined, token)

    await change('deleteAccount', { password: PASSWORD }, (await verifiedPerson(world())).token)
    const owner = await person(world())
    await change('requestEmailVerification', undefined, owner.token)
    const moved = address()
    await change('changeEmail', { email: moved }, owner.token)
    const link = { token: mailedToken(world(), moved) }
    await change('checkMailToken', { ...link, use: 'CONFIRM_EMAIL' })
    await change('confirmEmail', link, owner.token)
    await change('requestPasswordReset', { email: moved })
    await change('resetPassword', { token: mailedToken(world(), moved), newPassword: 'another long one' })

    const stranger = await person(world())
    await mutate(world(), 'requestEmailVerification', undefined, stranger.token)
    await change('disownEmail', { token: mailedToken(world(), stranger.email) })
    const robbed = await verifiedPerson(world())
    const { token: v1 } = (await world().post('/v1/auth/login', { email: robbed.email, password: PASSWORD })).body
    await world().put('/v1/account/change-email', { email: address() }, v1)
    await change('undoAccountChange', { token: mailedToken(world(), robbed.email), newPassword: 'another long one' })

    const guarded = await withTwoFactor(world())
    const { loginCode } = await mutate(world(), 'signIn', { identifier: guarded.email, password: PASSWORD })
    await change('verifyTwoFactor', { loginCode, code: guarded.code() })
    await change('regenerateRecoveryCodes', undefined, guarded.token)
    await change('disableTwoFactor', { proof: { password: PASSWORD } }, guarded.token)
    const { secret } = await change('beginTwoFactorEnrollment', undefined, guarded.token)
    await change('confirmTwoFactorEnrollment', { code: totp(secret) }, guarded.token)
    const by = await adminToken(world())
    await change('resetTwoFactor', { id: guarded.id }, by)

    const { createdUserId: id } = await change('createUser', { email: address(), password: PASSWORD }, by)
    await change('inviteUser', { email: address() }, by)
    await change('setScopes', { id, scopes: ['USERS_READ'] }, by)
    await change('setAdmin', { id, isAdmin: true }, by)
    await change('setLoginEnabled', { id, enabled: false }, by)
    await change('endUserSessions', { id }, by)
    await change('deleteUser', { id }, by)
    await change('rotateSigningKey', undefined, by)
    await count('waitingMails', async () => await query(world(), 'waitingMails { edges { node { address } } }', by))
    await count('serverStatus', async () => await query(world(), 'serverStatus { version settings { name } }', by))
    await count('signingKeys', async () => await query(world(), 'signingKeys { kid }', by))

    const { webhook } = await change('createWebhook', { url: 'http://127.0.0.1:65535/', types: ['ACCOUNT_MERGED'] }, by)
    const ofWebhook = { id: webhook.id }
    await count('webhooks', async () => await query(world(), 'webhooks { edges { node { id url } } }', by))
    const deliveries = `webhookDeliveries(webhookId: "${webhook.id}") { edges { node { state } } }`
    await count('webhookDeliveries', async () => await query(world(), deliveries, by))
    await change('updateWebhook', { ...ofWebhook, description: 'a remark' }, by)
    await change('rotateWebhookSecret', ofWebhook, by)
    await change('redeliverWebhook', ofWebhook, by)
    await change('deleteWebhook', ofWebhook, by)
    expect(Object.keys(counts).sort()).toEqual((await rootFields()).sort())
    expect(counts).toEqual(await documented())
  })
})
