/**
 * What a hostile document, cursor or client may not do, and how a lost factor is mended by an administrator.
 */
import { describe, expect, it } from 'vitest'
import { admin, person, verifiedWithTwoFactor, withTwoFactor } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { mutate } from './ask.ts'

const world = useWorld()

describe('a document', () => {
  const aliases = (count: number) => Array.from({ length: count }, (_, index) => `a${index}: __typename`).join(' ')

  it('a document has at most 20 fields at its root', async () => {
    expect((await world().graphql(`{ ${aliases(20)} }`)).status).toBe(200)
    const { status, body } = await world().graphql(`{ ${aliases(21)} }`)
    expect([status, body.errors[0].message]).toEqual([200, 'An operation has at most 20 fields at its root.'])
  })

  it('a document has them counted through fragments, also through some that go in circles', async () => {
    const hidden = `query { ...A ... on Query { b: __typename } } fragment A on Query { ${aliases(20)} }`
    expect((await world().graphql(hidden)).body.errors[0].message).toContain('at most 20 fields')
    const circle = 'query { ...A } fragment A on Query { ...B } fragment B on Query { ...A }'
    expect((await world().graphql(circle)).body.errors[0].message).toContain('Cannot spread fragment')
  })

  it('a document has at most 2,000 tokens', async () => {
    const { body } = await world().graphql(`{ ${'a '.repeat(2_001)} }`)
    expect(body.errors[0].message).toContain('2000 tokens')
  })
})

it('what is wrong with a variable is said without its value', async () => {
  const document = 'mutation($input: SignInInput!) { signIn(input: $input) { __typename } }'
  const { body } = await world().graphql(document, { input: { identifier: 'ada', password: 'open sesame', remember: true } })
  expect(body.errors[0].message).toBe('Variable "$input" got an invalid value; Field "remember" is not defined by type "SignInInput".')
  const typed = await world().graphql(document, { input: { identifier: 'ada', password: { plain: 'open sesame' } } })
  expect(typed.text).not.toContain('sesame')
  expect(typed.body.errors[0].message).toContain('at "input.password"')
})

it('a cursor of one order is none of another', async () => {
  const { token } = await admin(world())
  const page = (order: string, after?: string) =>
    world().graphql(`query($after: String) { result: users(first: 1, after: $after${order}) { pageInfo { endCursor } } }`, { after }, token)
  const byName = (await page(', orderBy: { field: NAME }')).body.result.pageInfo.endCursor
  const [error] = JSON.parse((await page('', byName)).text).errors
  expect(error.extensions).toMatchObject({ code: 'INVALID_INPUT', fieldErrors: [{ field: 'after' }] })
})

it('first and last do not go together', async () => {
  const { token } = await admin(world())
  const { text } = await world().graphql('{ result: users(first: 1, last: 1) { __typename } }', {}, token)
  expect(JSON.parse(text).errors[0].extensions.fieldErrors).toMatchObject([{ field: 'last' }])
})

describe('resetTwoFactor', () => {
  it('resetTwoFactor turns off a lost factor, forgets the guesses, and mails the owner', async () => {
    const boss = await admin(world())
    const someone = await verifiedWithTwoFactor(world())
    await world().db.client.user.update({ where: { id: someone.id }, data: { twoFactorFailures: 100 } })
    expect((await mutate(world(), 'resetTwoFactor', { id: someone.id }, boss.token)).user.twoFactorEnabled).toBe(false)
    const login = await world().post('/v1/auth/login', { email: someone.email, password: someone.password })
    expect(login.body.token).toMatch(/^sess_/)
    expect(world().mails.findLast(({ to }) => to === someone.email)?.subject).toContain('off')
    expect((await world().db.client.user.findUniqueOrThrow({ where: { id: someone.id } })).twoFactorFailures).toBe(0)
    expect(await world().db.client.recoveryCode.count({ where: { userId: someone.id } })).toBe(0)
  })

  it("resetTwoFactor is no way round the proof for one's own factor", async () => {
    const boss = await admin(world())
    const second = await withTwoFactor(world())
    await mutate(world(), 'setAdmin', { id: second.id, isAdmin: true }, boss.token)
    expect((await mutate(world(), 'resetTwoFactor', { id: second.id }, second.token)).code).toBe('OWN_ACCOUNT')
    expect((await world().db.client.user.findUniqueOrThrow({ where: { id: second.id } })).twoFactorSecret).not.toBeNull()
  })

  it('resetTwoFactor is for administrators, and for accounts that have a factor', async () => {
    const boss = await admin(world())
    const someone = await person(world())
    expect((await mutate(world(), 'resetTwoFactor', { id: boss.id }, someone.token)).code).toBe('FORBIDDEN')
    expect((await mutate(world(), 'resetTwoFactor', { id: someone.id })).code).toBe('UNAUTHENTICATED')
    expect((await mutate(world(), 'resetTwoFactor', { id: someone.id }, boss.token)).code).toBe('TWO_FACTOR_NOT_ENABLED')
    expect((await mutate(world(), 'resetTwoFactor', { id: 'nobody' }, boss.token)).code).toBe('NOT_FOUND')
  })
})

it('a refresh token that was spent long ago ends its session, also when it is shown to sign out', async () => {
  const { token, refreshToken, id } = await person(world())
  await mutate(world(), 'refreshSession', { refreshToken })
  world().advance(11_000)
  expect((await world().post('/auth/logout', { refreshToken })).status).toBe(400)
  expect((await world().get('/v1/profile', token)).status).toBe(401)
  expect(await world().db.client.auditEvent.count({ where: { userId: id, type: 'session.refresh_reused' } })).toBe(1)
})

it('an account that was disabled in the database itself has no session from the next request on', async () => {
  const { id, token } = await person(world())
  await world().db.client.user.update({ where: { id }, data: { loginDisabled: true } })
  expect((await world().get('/v1/profile', token)).status).toBe(401)
})
