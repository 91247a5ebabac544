/**
 * Nobody keeps others from signing in by work with passwords: whatever costs a hash waits in a fair queue and is an attempt. At the
 * full cost of hashes.
 */
import { availableParallelism } from 'node:os'
import { beforeAll, describe, expect, it } from 'vitest'
import { adminToken } from '../graphql/ask.ts'
import { admin, PASSWORD, type Person, person, unique, withTwoFactor } from '../support/accounts.ts'
import { databaseKind } from '../support/database.ts'
import { isFullSize } from '../support/fullSize.ts'
import { type Answer, type Send, useWorld } from '../support/world.ts'
import { ask, expectTooMany, from, graphql, signIns, TRUSTING, type Way, WRONG } from './attempts.ts'

const [, , v1] = signIns as [Way, Way, Way]

describe('160 at once of one', { timeout: 60_000 }, () => {
  // So many passes that requests come in many times faster than hashes are computed, on any machine.
  const world = useWorld({ ...TRUSTING, ARGON2_PASSES: '5', LIMIT_HASH_QUEUE: '64', DATABASE_REQUEST_TIMEOUT: '60s' }, { realHashes: true })
  const others = async (count: number) => await Promise.all(Array.from({ length: count }, () => person(world())))
  const signInAll = async (people: readonly Person[], send: (at: number) => Send) =>
    await Promise.all(people.map(({ email }, at) => v1.attempt(world(), email, PASSWORD, send(at))))
  const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status)
  const reauthenticate = async ({ token }: Person, send: Send) =>
    await graphql(world(), 'reauthenticate', { password: PASSWORD }, { ...send, token })

  it('16 others get in where nothing else happens', async () => {
    expect(statuses(await signInAll(await others(16), () => from('192.0.2.1')))).toEqual(Array(16).fill(200))
  })

  it.each([
    ['the same address', () => from('192.0.2.2')],
    ['addresses of their own', (at: number) => from(`192.0.2.${100 + at}`)],
  ])('10 others at %s get in during 160 proofs with the right password', async (_where, send) => {
    const people = await others(10)
    const attacker = await person(world())
    const attack = Array.from({ length: 160 }, () => reauthenticate(attacker, from('192.0.2.2')))
    expect(statuses(await signInAll(people, send))).toEqual(Array(10).fill(200))
    const answers = await Promise.all(attack)
    const proven = answers.filter(({ body }) => body.data.result.__typename === 'ReauthenticateSuccess')
    const refused = answers.filter((answer) => !proven.includes(answer))
    expect(proven.length).toBeGreaterThanOrEqual(8)
    expect(refused.length).toBeGreaterThan(0)
    for (const answer of refused) expect(expectTooMany('/graphql', answer)).toBe(2)
  })

  it.skipIf(!isFullSize)('10 others get in during 160 sign-ins of one client to as many names', async () => {
    const people = await others(10)
    const attack = Array.from({ length: 160 }, (_, at) =>
      v1.attempt(world(), `n${at}x${unique()}@example.com`, PASSWORD, from('192.0.2.3')),
    )
    expect(statuses(await signInAll(people, (at) => from(`192.0.2.${120 + at}`)))).toEqual(Array(10).fill(200))
    const answers = statuses(await Promise.all(attack))
    expect([...new Set(answers)].sort()).toEqual([401, 429])
  })

  it('of a burst of wrong passwords 10 are looked at, and those that the other cores had begun', async () => {
    const { email } = await person(world())
    const answers = statuses(await Promise.all(Array.from({ length: 24 }, () => v1.attempt(world(), email, WRONG, from('192.0.2.4')))))
    const looked = answers.filter((status) => status === 401).length
    expect(answers.filter((status) => status === 429)).toHaveLength(24 - looked)
    expect(looked).toBeGreaterThanOrEqual(10)
    expect(looked).toBeLessThan(10 + availableParallelism())
  })

  it('10 others get in while 40 clients fill the queue', async () => {
    const people = await others(10)
    const attack = Array.from({ length: 400 }, (_, at) =>
      v1.attempt(world(), `q${at}x${unique()}@example.com`, PASSWORD, from(`198.51.100.${at % 40}`)),
    )
    expect(statuses(await signInAll(people, (at) => from(`192.0.2.${140 + at}`)))).toEqual(Array(10).fill(200))
    const answers = statuses(await Promise.all(attack))
    expect([...new Set(answers)].sort()).toEqual([401, 503])
  })
})

describe.runIf(databaseKind() === 'postgresql')('a wait for a hash', { timeout: 60_000 }, () => {
  const world = useWorld({ ...TRUSTING, ARGON2_PASSES: '20', DATABASE_REQUEST_TIMEOUT: '2s' }, { realHashes: true })

  it('a wait for a hash is no outage of the database: who waits longer than DATABASE_REQUEST_TIMEOUT is refused as overload, and the log says nothing', async () => {
    const { email } = await person(world())
    const attempts = Array.from({ length: 60 }, (_, at) => v1.attempt(world(), email, PASSWORD, from(`192.0.${at}.1`)))
    const answers = await Promise.all(attempts)
    expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([200, 503])
    const refused = answers.filter(({ status }) => status === 503)
    expect(new Set(refused.map(({ headers }) => headers.get('retry-after')))).toEqual(new Set(['2']))
    expect(world().logs.filter(({ message }) => message.includes('database'))).toEqual([])
  })
})

describe('whatever costs a hash is an attempt, of the address and of the account whose session it is', () => {
  const world = useWorld({ ...TRUSTING, LIMIT_ADDRESS_PER_MINUTE: '10' })
  beforeAll(async () => void (await admin(world())))
  let addresses = 0
  const elsewhere = (): Send => {
    addresses += 1
    return from(`203.0.${Math.floor(addresses / 250)}.${addresses % 250}`)
  }
  const change = { oldPassword: PASSWORD, password: PASSWORD, passwordConfirmation: PASSWORD }
  const proofs: readonly [string, (owner: Person, send: Send) => Promise<Answer>][] = [
    ['reauthenticate', (_owner, send) => graphql(world(), 'reauthenticate', { password: PASSWORD }, send)],
    ['deleteAccount', (_owner, send) => graphql(world(), 'deleteAccount', { password: 'not the right one' }, send)],
    ['changePassword', (_owner, send) => graphql(world(), 'changePassword', { oldPassword: PASSWORD, newPassword: PASSWORD }, send)],
    ['PUT /v1/security/change-password', (_owner, send) => ask(world(), 'PUT', '/v1/security/change-password', change, send)],
    [
      'requestEmailVerification',
      (_owner, send) =>
        ask(world(), 'POST', '/graphql', { query: 'mutation { result: requestEmailVerification { ... on Error { code } } }' }, send),
    ],
    ['changeEmail', (owner, send) => graphql(world(), 'changeEmail', { email: `other${unique()}.${owner.email}` }, send)],
  ]
  const isTooMany = ({ status, body }: Answer) => status === 429 || body.data?.result.code === 'TOO_MANY_REQUESTS'

  it.each(proofs)('%s', async (_name, prove) => {
    const owner = await withHome()
    const here = elsewhere()
    for (let tried = 0; tried < 10; tried += 1) await ask(world(), 'POST', '/auth/refresh-tokens', { refreshToken: 'x' }, here)
    expect(isTooMany(await prove(owner, { ...here, token: owner.token }))).toBe(true)
    const other = await withHome()
    for (let tried = 0; tried < 40; tried += 1) expect(isTooMany(await prove(other, { ...elsewhere(), token: other.token }))).toBe(false)
    expect(isTooMany(await prove(other, { ...elsewhere(), token: other.token }))).toBe(true)
  })

  const withHome = async (): Promise<Person> => {
    world().advance(61_000)
    return await person(world())
  }

  it.each([
    ['a password', () => ({ proof: { password: PASSWORD } })],
    ['a recovery code', (code: string) => ({ proof: { code } })],
  ])('disableTwoFactor by %s', async (_proof, input) => {
    world().advance(61_000)
    const owner = await withTwoFactor(world())
    const here = elsewhere()
    for (let tried = 0; tried < 10; tried += 1) await ask(world(), 'POST', '/auth/refresh-tokens', { refreshToken: 'x' }, here)
    const disable = (send: Send) =>
      graphql(world(), 'disableTwoFactor', input(owner.recoveryCodes[0] ?? ''), { ...send, token: owner.token })
    expect(isTooMany(await disable(here))).toBe(true)
    expect((await disable(elsewhere())).body.data.result.__typename).toBe('DisableTwoFactorSuccess')
  })

  it('createUser, by whoever may', async () => {
    world().advance(61_000)
    const boss = await adminToken(world())
    const here = elsewhere()
    const create = (send: Send) =>
      graphql(world(), 'createUser', { email: `made${unique()}@example.com`, password: PASSWORD }, { ...send, token: boss })
    for (let made = 0; made < 10; made += 1) expect(isTooMany(await create(here))).toBe(false)
    expect(isTooMany(await create(here))).toBe(true)
    for (let made = 10; made < 40; made += 1) expect(isTooMany(await create(elsewhere()))).toBe(false)
    expect(isTooMany(await create(elsewhere()))).toBe(true)
    const name = `made${unique()}`
    const json = { username: name, email: `${name}@example.com`, password: PASSWORD }
    expect((await ask(world(), 'POST', '/api/users', json, { ...elsewhere(), token: boss })).status).toBe(429)
    world().advance(61_000)
    expect((await ask(world(), 'POST', '/api/users', json, { ...elsewhere(), token: boss })).status).toBe(200)
  })

  it('invalid input is none', async () => {
    world().advance(61_000)
    const owner = await person(world())
    const send = { ...elsewhere(), token: owner.token }
    for (let tried = 0; tried < 20; tried += 1) await graphql(world(), 'changePassword', { oldPassword: PASSWORD, newPassword: 'x' }, send)
    expect(isTooMany(await graphql(world(), 'reauthenticate', { password: PASSWORD }, send))).toBe(false)
  })
})

describe('hashes in rows that cannot be checked', () => {
  const world = useWorld(TRUSTING)
  it.each([
    '$argon2id$v=19$m=19456,t=2,p=1$xx$yy',
    '$argon2id$v=19$m=32,t=1,p=1$AQEBAQEBAQF$0bUXDpGIH1OiWdY6qKAKgseD8O1G2tEmkGCwyA5ACV0',
    '$argon2id$v=19$m=1000000000,t=1,p=1$AQEBAQEBAQE$0bUXDpGIH1OiWdY6qKAKgseD8O1G2tEmkGCwyA5ACV0',
    '$argon2id$v=19$m=4294967295,t=4294967295,p=255$AQEBAQEBAQE$0bUXDpGIH1OiWdY6qKAKgseD8O1G2tEmkGCwyA5ACV0',
    '$argon2id$',
    '$argon2',
    '$argon2id$v=19$m=-1,t=1,p=1$AQEBAQEBAQE$0bUXDpGIH1OiWdY6qKAKgseD8O1G2tEmkGCwyA5ACV0',
  ])('hashes in rows that cannot be checked are those of nobody: %s', async (passwordHash) => {
    const { id, email, token } = await person(world())
    await world().db.client.user.update({ where: { id }, data: { passwordHash } })
    for (const way of signIns.slice(1)) {
      const answer = await way.attempt(world(), email, PASSWORD)
      const nobody = await way.attempt(world(), `nobody${unique()}@example.com`, PASSWORD)
      const plain = ({ status, body }: Answer) => ({ status, body: { ...body, request_id: '' } })
      expect(plain(answer)).toEqual(plain(nobody))
      if (way.mount !== '/graphql') expect(answer.status).toBe(401)
    }
    expect((await graphql(world(), 'reauthenticate', { password: PASSWORD }, { token })).body.data.result.code).toBe('WRONG_PASSWORD')
  })

  it('nor are those of recovery codes and of codes in mails a fault', async () => {
    const owner = await withTwoFactor(world())
    await world().db.client.recoveryCode.updateMany({ where: { userId: owner.id }, data: { hash: '$argon2id$v=19$m=19456,t=2,p=1$xx$yy' } })
    const code = owner.recoveryCodes[0] ?? ''
    expect((await graphql(world(), 'disableTwoFactor', { proof: { code } }, { token: owner.token })).body.data.result.code).toBe(
      'WRONG_CODE',
    )
    const other = await person(world())
    await graphql(world(), 'changeEmail', { email: `new.${other.email}` }, { token: other.token })
    await world().db.client.mailToken.updateMany({ where: { userId: other.id }, data: { codeHash: '$argon2id$v=19$m=8,t=1,p=8$xx$yy' } })
    expect((await graphql(world(), 'confirmEmail', { code: '123456' }, { token: other.token })).body.data.result.code).toBe(
      'INVALID_MAIL_TOKEN',
    )
  })
})
