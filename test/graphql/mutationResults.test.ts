/**
 * What a mutation changed, it returns, so that a normalised cache is right without another query: each mutation's success is compared
 * with what a query reads afterwards.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, grant, PASSWORD, person, signIn, totp, unique, withTwoFactor } from '../support/accounts.ts'
import { openWorld, useWorld } from '../support/world.ts'
import { adminToken, DAY, expectFailure, mailedToken, mutate, query } from './ask.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const OWN = `id email emailVerified twoFactorEnabled recoveryCodesLeft mustChangePassword updatedAt pendingEmails { address }
  pendingVerification { address } sessions { id authenticatedAt } personalAccessTokens { id name }`

/** Runs a mutation, selecting the account in its success, and reads the account by another request. */
const changed = async (name: string, type: string, input: object | undefined, token: string, readBy = token) => {
  const [declared, passed] =
    input === undefined ? ['', ''] : [`($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!)`, '(input: $input)']
  const document = `mutation${declared} { result: ${name}${passed} { __typename ... on ${type} { user { ${OWN} } } ... on Error { code } } }`
  const { text } = await world().graphql(document, { input }, token)
  const { data, errors } = JSON.parse(text)
  expect(errors).toBeUndefined()
  const { user } = data.result
  return { user, read: await query(world(), `user(by: { id: "${user.id}" }) { ${OWN} }`, readBy) }
}

describe('the account in the success of a mutation is as a query reads it afterwards', () => {
  it('of confirmTwoFactorEnrollment: the factor is on, with ten recovery codes', async () => {
    const { token } = await person(world())
    const { secret } = await mutate(world(), 'beginTwoFactorEnrollment', undefined, token)
    const { user, read } = await changed('confirmTwoFactorEnrollment', 'ConfirmTwoFactorEnrollmentSuccess', { code: totp(secret) }, token)
    expect(user).toMatchObject({ twoFactorEnabled: true, recoveryCodesLeft: 10 })
    expect(read).toEqual(user)
  })

  it('of regenerateRecoveryCodes: ten are left again', async () => {
    const someone = await withTwoFactor(world())
    await mutate(world(), 'signIn', { identifier: someone.email, password: PASSWORD, code: someone.recoveryCodes[0] })
    const { user, read } = await changed('regenerateRecoveryCodes', 'RegenerateRecoveryCodesSuccess', undefined, someone.token)
    expect(user).toMatchObject({ recoveryCodesLeft: 10 })
    expect(read).toEqual(user)
  })

  it('of disableTwoFactor: the factor is off, without recovery codes', async () => {
    const someone = await withTwoFactor(world())
    const input = { proof: { password: PASSWORD } }
    const { user, read } = await changed('disableTwoFactor', 'DisableTwoFactorSuccess', input, someone.token)
    expect(user).toMatchObject({ twoFactorEnabled: false, recoveryCodesLeft: null })
    expect(read).toEqual(user)
  })

  it('of changeEmail and confirmEmail: the address waits, and then counts', async () => {
    const { token } = await person(world())
    const email = `new${unique()}@example.com`
    const asked = await changed('changeEmail', 'ChangeEmailSuccess', { email }, token)
    expect(asked.user.pendingEmails).toEqual([{ address: email }])
    expect(asked.read).toEqual(asked.user)
    const confirmed = await changed('confirmEmail', 'ConfirmEmailSuccess', { token: mailedToken(world(), email) }, token)
    expect(confirmed.user).toMatchObject({ email, emailVerified: true, pendingEmails: [] })
    expect(confirmed.read).toEqual(confirmed.user)
  })

  it('of confirmEmail: null for the session of another account', async () => {
    const [owner, other] = [await person(world()), await person(world())]
    const email = `new${unique()}@example.com`
    await mutate(world(), 'changeEmail', { email }, owner.token)
    const result = await mutate(world(), 'confirmEmail', { token: mailedToken(world(), email) }, other.token)
    expect(result).toEqual({ __typename: 'ConfirmEmailSuccess', user: null })
  })

  it('of requestEmailVerification: the mail waits for its reader', async () => {
    const someone = await person(world())
    const { user, read } = await changed('requestEmailVerification', 'RequestEmailVerificationSuccess', undefined, someone.token)
    expect(user.pendingVerification).toEqual({ address: someone.email })
    expect(read).toEqual(user)
  })

  it('of endSession, by its owner and by an administrator: the session is not listed any more', async () => {
    const someone = await person(world())
    for (const token of [someone.token, await adminToken(world())]) {
      const { sessions } = await query(world(), 'me { sessions { id current } }', await signIn(world(), someone))
      const { id } = sessions.find(({ current }: { current: boolean }) => current)
      const { user, read } = await changed('endSession', 'EndSessionSuccess', { id }, token)
      expect(user.sessions).toHaveLength(1)
      expect(read).toEqual(user)
    }
  })

  it('of endOtherSessions and endUserSessions: this session is left, and then none', async () => {
    const someone = await person(world())
    await signIn(world(), someone)
    const others = await changed('endOtherSessions', 'EndOtherSessionsSuccess', undefined, someone.token)
    expect(others.user.sessions).toHaveLength(1)
    expect(others.read).toEqual(others.user)
    const all = await changed('endUserSessions', 'EndUserSessionsSuccess', { id: someone.id }, await adminToken(world()))
    expect(all.user.sessions).toEqual([])
    expect(all.read).toEqual(all.user)
  })

  it('of createPersonalAccessToken and revokePersonalAccessToken: the token is listed, and then not', async () => {
    const { token } = await person(world())
    const input = { name: 'script', scopes: [], expiresAt: new Date(Date.now() + DAY).toISOString() }
    const created = await changed('createPersonalAccessToken', 'CreatePersonalAccessTokenSuccess', input, token)
    expect(created.user.personalAccessTokens).toMatchObject([{ name: 'script' }])
    expect(created.read).toEqual(created.user)
    const { id } = created.user.personalAccessTokens[0]
    const revoked = await changed('revokePersonalAccessToken', 'RevokePersonalAccessTokenSuccess', { id }, token)
    expect(revoked.user.personalAccessTokens).toEqual([])
    expect(revoked.read).toEqual(revoked.user)
  })

  it('of changePassword: the other sessions are not listed any more', async () => {
    const someone = await person(world())
    await signIn(world(), someone)
    const input = { oldPassword: PASSWORD, newPassword: 'another long one' }
    const { user, read } = await changed('changePassword', 'ChangePasswordSuccess', input, someone.token)
    expect(user.sessions).toHaveLength(1)
    expect(read).toEqual(user)
  })

  it('of two mutations in one document: each account is as it was after its own', async () => {
    const someone = await person(world())
    const secondToken = await signIn(world(), someone)
    const { sessions } = await query(world(), 'me { sessions { id current } }', secondToken)
    const { id } = sessions.find(({ current }: { current: boolean }) => current)
    const left = 'user { sessions { id } personalAccessTokens { name } }'
    const expiresAt = new Date(Date.now() + DAY).toISOString()
    const { body } = await world().graphql(
      `mutation {
        a: endSession(input: { id: "${id}" }) { ... on EndSessionSuccess { ${left} } }
        b: createPersonalAccessToken(input: { name: "b", scopes: [], expiresAt: "${expiresAt}" }) { ... on CreatePersonalAccessTokenSuccess { ${left} } }
      }`,
      {},
      someone.token,
    )
    expect(body.a.user.sessions).toHaveLength(1)
    expect(body.a.user.personalAccessTokens).toEqual([])
    expect(body.b.user.personalAccessTokens).toEqual([{ name: 'b' }])
  })
})

describe('the session in the success of reauthenticate', () => {
  it('has the time of the check', async () => {
    const { token } = await person(world())
    world().advance(60_000)
    const { body } = await world().graphql(
      `mutation { result: reauthenticate(input: { password: "${PASSWORD}" }) { ... on ReauthenticateSuccess { authenticatedAt session { id authenticatedAt } } } }`,
      {},
      token,
    )
    const { sessions } = await query(world(), 'me { sessions { id authenticatedAt } }', token)
    expect(body.result.session).toEqual(sessions[0])
    expect(body.result.session.authenticatedAt).toBe(body.result.authenticatedAt)
  })
})

describe('an account that its caller may not read', () => {
  const run = async (document: string, input: object, token: string) => JSON.parse((await world().graphql(document, { input }, token)).text)

  it('is created, and its id is returned, even if fields are selected that the caller may not read', async () => {
    const someone = await person(world())
    await grant(world(), someone, ['users:create'])
    const document =
      'mutation($input: CreateUserInput!) { createUser(input: $input) { ... on CreateUserSuccess { createdUserId user { id isAdmin } } } }'
    const input = { email: `made${unique()}@example.com`, password: PASSWORD }
    const { data, errors } = await run(document, input, await signIn(world(), someone))
    expect(data).toEqual({ createUser: { createdUserId: expect.any(String), user: null } })
    expect(errors).toMatchObject([
      { path: ['createUser', 'user', 'isAdmin'], extensions: { code: 'FORBIDDEN', missingScope: 'USERS_READ' } },
    ])
    expect(await world().db.client.user.findUnique({ where: { id: data.createUser.createdUserId } })).toMatchObject({ email: input.email })
  })

  it('is deleted, and its id is returned, likewise', async () => {
    const [someone, target] = [await person(world()), await person(world())]
    await grant(world(), someone, ['users:delete'])
    const document =
      'mutation($input: DeleteUserInput!) { deleteUser(input: $input) { ... on DeleteUserSuccess { deletedUserId user { id phone sessions { id } } } } }'
    const { data, errors } = await run(document, { id: target.id }, await signIn(world(), someone))
    expect(data).toEqual({ deleteUser: { deletedUserId: target.id, user: null } })
    expect(errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code)).toEqual(['FORBIDDEN', 'FORBIDDEN'])
    expectFailure(await query(world(), 'me { id }', target.token), 'errors', 'UNAUTHENTICATED')
  })
})

describe('what is shown only once', () => {
  it('is not lost if the account beside it cannot be read', async () => {
    const other = await openWorld()
    const { token } = await person(other)
    await other.db.client.$executeRaw`ALTER TABLE mail_tokens RENAME TO mail_tokens_away`
    const input = { name: 'script', scopes: [], expiresAt: new Date(Date.now() + DAY).toISOString() }
    const document = `mutation($input: CreatePersonalAccessTokenInput!) { result: createPersonalAccessToken(input: $input) {
      ... on CreatePersonalAccessTokenSuccess { token user { pendingEmails { address } } } } }`
    const { data, errors } = JSON.parse((await other.graphql(document, { input }, token)).text)
    expect(data.result).toEqual({ token: expect.stringMatching(/^pat_/), user: null })
    expect(errors).toMatchObject([{ path: ['result', 'user', 'pendingEmails'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }])
    await other.db.client.$executeRaw`ALTER TABLE mail_tokens_away RENAME TO mail_tokens`
    await other.close()
  })
})
