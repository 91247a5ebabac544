/** The keys that sign access tokens, as administrators see them. */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, type Person, person } from '../support/accounts.ts'
import { personalToken } from '../support/personalToken.ts'
import { useWorld } from '../support/world.ts'
import { adminToken, DAY, expectFailure, grantScopes, HOUR, mutate, query } from './ask.ts'

const world = useWorld({ SIGNING_KEY_LIFE: '90d', V1_SESSION_LIFE: '24h' })
let boss: Person
beforeAll(async () => {
  boss = await admin(world())
})

const ask = (token?: string) => query(world(), 'signingKeys { kid algorithm createdAt isSigning signsUntil acceptedUntil }', token)
const plus = (date: string, milliseconds: number) => new Date(Date.parse(date) + milliseconds).toISOString()

describe('signingKeys', () => {
  it('signingKeys shows the one key of a new server, which signs for 90 days', async () => {
    const keys = await ask(boss.token)
    const [{ kid, createdAt }] = keys
    const signsUntil = plus(createdAt, 90 * DAY)
    const acceptedUntil = plus(signsUntil, DAY + HOUR)
    expect(keys).toEqual([{ kid: expect.any(String), algorithm: 'ES256', createdAt, isSigning: true, signsUntil, acceptedUntil }])
    const { body } = await world().get('/.well-known/jwks.json')
    expect(body.keys.map((key: { kid: string }) => key.kid)).toEqual([kid])
  })

  it('signingKeys shows after a rotation which key signs, and until when tokens of the other are accepted', async () => {
    const [{ kid: old }] = await ask(boss.token)
    world().advance(HOUR)
    const { kid } = await mutate(world(), 'rotateSigningKey', undefined, await adminToken(world()))
    const [first, second] = await ask(await adminToken(world()))
    expect([first.kid, first.isSigning, first.signsUntil]).toEqual([kid, true, plus(first.createdAt, 90 * DAY)])
    expect([second.kid, second.isSigning, second.signsUntil]).toEqual([old, false, first.createdAt])
    expect(second.acceptedUntil).toBe(plus(second.signsUntil, DAY + HOUR))
  })

  it('signingKeys needs a session, and an administrator', async () => {
    expectFailure(await ask(), 'errors', 'UNAUTHENTICATED')
    const someone = await person(world())
    await grantScopes(world(), someone, ['perm'])
    expectFailure(await ask(someone.token), 'errors', 'FORBIDDEN')
    expectFailure(await ask(await personalToken(world(), boss, ['users'])), 'errors', 'FORBIDDEN')
  })
})
