/**
 * A cut-over from Keycloak taken back, in its representation of users and credentials:
 * https://github.com/keycloak/keycloak/blob/main/core/src/main/java/org/keycloak/representations/idm/UserRepresentation.java and, for the texts
 * in credentials, https://github.com/keycloak/keycloak/tree/main/server-spi/src/main/java/org/keycloak/models/credential/dto.
 */
import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { generateSync } from 'otplib'
import { beforeAll, describe, expect, it } from 'vitest'
import { mutate } from '../graphql/ask.ts'
import { importFile, signInBy, signInWithCode } from '../importers/support.ts'
import { admin, signIn } from '../support/accounts.ts'
import { clock } from '../support/clock.ts'
import { openWorld, useWorld } from '../support/world.ts'
import { type Exported, exportTo } from './exportTo.ts'

const passwordOf = (password: string) => {
  const salt = randomBytes(16)
  return {
    id: '3f1b',
    type: 'password',
    createdDate: 1_577_836_800_000,
    secretData: JSON.stringify({
      value: pbkdf2Sync(password, salt, 1_000, 64, 'sha256').toString('base64'),
      salt: salt.toString('base64'),
      additionalParameters: {},
    }),
    credentialData: JSON.stringify({ hashIterations: 1_000, algorithm: 'pbkdf2-sha256', additionalParameters: {} }),
  }
}
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const OTP = {
  type: 'otp',
  userLabel: 'phone',
  secretData: JSON.stringify({ value: SECRET }),
  credentialData: JSON.stringify({ subType: 'totp', digits: 8, counter: 0, period: 30, algorithm: 'HmacSHA256', secretEncoding: 'BASE32' }),
}
const WEBAUTHN = { type: 'webauthn', userLabel: 'key', secretData: '{}', credentialData: '{}' }

const user = (name: string, more: object = {}) => ({
  id: `6c3c7b1e-0000-4000-8000-0000000000${name.length.toString().padStart(2, '0')}`,
  username: name,
  email: `${name}@example.com`,
  emailVerified: true,
  firstName: 'First',
  lastName: 'Last',
  enabled: true,
  createdTimestamp: 1_577_836_800_000,
  credentials: [passwordOf(`password of ${name}`)],
  requiredActions: [],
  realmRoles: ['default-roles-acme', 'editor'],
  attributes: { department: ['Sales'] },
  groups: ['/staff'],
  ...more,
})

describe('users that go back to Keycloak', () => {
  const world = useWorld()
  const users = [user('same'), user('changed'), user('factor', { credentials: [passwordOf('password of factor'), OTP, WEBAUTHN] })]
  const file = JSON.stringify({ realm: 'acme', roles: { realm: [] }, users })
  let back: Exported

  beforeAll(async () => {
    const first = await admin(world())
    expect((await importFile(world(), 'keycloak', file)).result.created).toBe(3)
    world().advance(60_000)
    const own = await signIn(world(), { email: 'changed', password: 'password of changed' })
    await mutate(world(), 'changePassword', { oldPassword: 'password of changed', newPassword: 'chosen after the move' }, own)
    const id = users[2]?.id
    await mutate(world(), 'setLoginEnabled', { id, enabled: false }, await signIn(world(), first))
    back = await exportTo(world(), 'keycloak', { over: file })
  })

  const named = (text: string, name: string) => JSON.parse(text).users.find(({ username }: { username: string }) => username === name)
  const credential = ({ secretData, credentialData, ...rest }: Record<string, string>) => ({
    ...rest,
    secret: JSON.parse(secretData ?? ''),
    data: JSON.parse(credentialData ?? ''),
  })

  it('are a partial import, in which roles, groups, attributes and other credentials stay', () => {
    expect(JSON.parse(back.file).ifResourceExists).toBe('OVERWRITE')
    const { credentials, ...same } = named(back.file, 'same')
    const { credentials: old, ...before } = users[0] as (typeof users)[number]
    expect(same).toEqual(before)
    expect(credentials.map(credential)).toEqual([
      { type: 'password', secret: JSON.parse(old[0]?.secretData ?? ''), data: JSON.parse(old[0]?.credentialData ?? '') },
    ])
    const factor = named(back.file, 'factor')
    expect(factor.enabled).toBe(false)
    expect(factor.credentials.map(credential).slice(1)).toEqual([
      {
        type: 'otp',
        secret: { value: SECRET },
        data: { subType: 'totp', digits: 8, counter: 0, period: 30, algorithm: 'HmacSHA256', secretEncoding: 'BASE32' },
      },
      { type: 'webauthn', userLabel: 'key', secret: {}, data: {} },
    ])
  })

  it('have a password that was changed here as argon2, which Keycloak checks since version 24', () => {
    const [password] = named(back.file, 'changed').credentials.map(credential)
    expect(password.data).toEqual({
      hashIterations: 1,
      algorithm: 'argon2',
      additionalParameters: { hashLength: ['32'], memory: ['32'], type: ['id'], version: ['1.3'], parallelism: ['1'] },
    })
    expect(password.secret).toEqual({
      value: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      salt: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
      additionalParameters: {},
    })
  })

  it('sign in with what they have here, when the importer of Keycloak reads them', async () => {
    const again = await openWorld()
    try {
      expect((await importFile(again, 'keycloak', back.file)).result.created).toBe(4)
      expect(await signInBy.graphql?.(again, 'same', 'password of same')).toBe(users[0]?.id)
      expect(await signInBy.graphql?.(again, 'changed', 'chosen after the move')).toBe(users[1]?.id)
      expect(await signInBy.graphql?.(again, 'changed', 'password of changed')).toBeUndefined()
      const code = generateSync({
        secret: SECRET,
        digits: 8,
        period: 30,
        algorithm: 'sha256',
        epoch: Math.floor(clock.now().getTime() / 1000),
      })
      await again.db.client.user.updateMany({ where: { username: 'factor' }, data: { loginDisabled: false } })
      expect((await signInWithCode(again, 'factor@example.com', 'password of factor', code)).token).toBeTypeOf('string')
    } finally {
      await again.close()
    }
  })
})
