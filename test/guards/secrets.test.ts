/**
 * A long session over every route and every operation of GraphQL, with everything that may not leave written down on the
 * way: passwords, tokens, codes, second-factor secrets, hashes. Each stands in the one answer that it belongs to and in no
 * other, in no line of the log, in no audit event, and in no mail but its own, where a token is in the fragment only.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { totp, unique } from '../support/accounts.ts'
import { openBrowser } from '../support/cookieJar.ts'
import { type Answer, type Send, useWorld } from '../support/world.ts'
import { send } from './raw.ts'
import { routes } from './routes.ts'

// Nothing listens where the webhook leads.
const world = useWorld({ WEBHOOK_ALLOWED_NETWORKS: 'loopback' })

interface Step {
  readonly label: string
  readonly answer: Answer
}
const steps: Step[] = []
/** What each secret is, and the step that may tell it. */
const secrets = new Map<string, { what: string; toldBy: Answer | undefined }>()
const codes = new Set<string>()
const succeeded = new Set<string>()

const keep = (what: string, value: unknown, toldBy?: Answer): string => {
  if (typeof value !== 'string' || value.length < 8) throw new Error(`no ${what}: ${JSON.stringify(toldBy?.body)}`)
  if (!secrets.has(value)) secrets.set(value, { what, toldBy })
  return value
}
const newPassword = (): string => keep('password', `Pass phrase ${unique()} of ${Math.random().toString(36).slice(2)}`)
const code = (secret: string): string => {
  world().advance(30_000)
  const shown = totp(secret)
  codes.add(shown)
  return shown
}

const rest = async (route: string, json?: unknown, options: Send & { id?: string; query?: string } = {}): Promise<Answer> => {
  const [method = '', path = ''] = route.split(' ')
  const { id = '', query = '', ...others } = options
  const answer = await world().request(method, path.replace(':id', id) + query, { json, ...others })
  steps.push({ label: route, answer })
  if (answer.status < 300) succeeded.add(route)
  return answer
}

const TOKENS = 'accessToken { token } refreshToken { token } opaqueToken { token }'
const USER = `user { id username email name firstName lastName phone phoneE164 bio emailVerified isAdmin loginDisabled scopes twoFactorEnabled
  mustChangePassword createdAt updatedAt pendingEmails { address createdAt } pendingVerification { address createdAt } sessions { id surface transport createdAt expiresAt lastSeenAt authenticatedAt
  clientAddress userAgent current hasResumeToken } }`
const SELECTIONS: Readonly<Record<string, string>> = {
  signUp: `... on SignUpSuccess { ${USER} credentials { ${TOKENS} } }`,
  signIn: `... on SignInSuccess { ${USER} credentials { ${TOKENS} } originCredentials { ${TOKENS} } }`,
  verifyTwoFactor: `... on SignInSuccess { ${USER} credentials { ${TOKENS} } originCredentials { ${TOKENS} } }`,
  refreshSession: `... on RefreshSessionSuccess { ${USER} credentials { ${TOKENS} } }`,
  beginTwoFactorEnrollment: '... on BeginTwoFactorEnrollmentSuccess { secret otpauthUrl qrCode recoveryCodes }',
  confirmTwoFactorEnrollment: '... on ConfirmTwoFactorEnrollmentSuccess { recoveryCodes }',
  regenerateRecoveryCodes: '... on RegenerateRecoveryCodesSuccess { recoveryCodes }',
  createPersonalAccessToken: '... on CreatePersonalAccessTokenSuccess { token personalAccessToken { id name scopes expiresAt } }',
  revokePersonalAccessToken: '... on RevokePersonalAccessTokenSuccess { personalAccessToken { id name scopes expiresAt } }',
  changeEmail: `... on ChangeEmailSuccess { ${USER} pendingEmail }`,
  rotateSigningKey: '... on RotateSigningKeySuccess { kid }',
  createWebhook: '... on CreateWebhookSuccess { secret webhook { id } }',
  rotateWebhookSecret: '... on RotateWebhookSecretSuccess { secret webhook { id } }',
}
const FAILURE = '... on Error { code message fieldErrors { field message } ... on TwoFactorRequired { loginCode } }'

const mutate = async (name: string, input?: object, token?: string) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  const [declared, passed] = input === undefined ? ['', ''] : [`($input: ${type}!)`, '(input: $input)']
  const query = `mutation${declared} { result: ${name}${passed} { __typename ${SELECTIONS[name] ?? ''} ${FAILURE} } }`
  const answer = await world().request('POST', '/graphql', { json: { query, variables: { input } }, token })
  steps.push({ label: name, answer })
  const result = answer.body?.data?.result
  if (result?.__typename.endsWith('Success')) succeeded.add(name)
  return { answer, result: result ?? {} }
}
const query = async (name: string, selection: string, token?: string) => {
  const answer = await world().request('POST', '/graphql', { json: { query: `{ result: ${selection} }` }, token })
  steps.push({ label: name, answer })
  if (answer.body?.data?.result != null && answer.body.data.result.code === undefined) succeeded.add(name)
  return answer
}
const keepCredentials = (answer: Answer, credentials: { accessToken: { token: string }; refreshToken: { token: string } }) => ({
  access: keep('access token', credentials.accessToken.token, answer),
  refresh: keep('refresh token', credentials.refreshToken.token, answer),
})

/** The code that a mail tells beside its link. */
const codeIn = (text: string): string | undefined => /^(\d{6})$/m.exec(text)?.[1]

/** The token of the newest mail to an address, which may stand in that mail and nowhere else; so may the code beside it. */
const mailed = (to: string): string => {
  const text = world().mails.findLast((mail) => mail.to === to)?.text ?? ''
  const beside = codeIn(text)
  if (beside !== undefined) codes.add(beside)
  return keep('mailed token', /#token=([\w-]+)/.exec(text)?.[1])
}

/** Everything that is kept as a hash or encrypted right now. */
const keepHashes = async () => {
  const { client } = world().db
  for (const user of await client.user.findMany()) {
    for (const hash of [user.passwordHash, user.twoFactorSecret, user.twoFactorPending]) if (hash !== null) keep('sealed', hash)
  }
  for (const { hash } of await client.opaqueToken.findMany()) keep('token hash', hash)
  for (const { hash } of await client.loginCode.findMany()) keep('login code hash', hash)
  for (const { hash, codeHash } of await client.mailToken.findMany())
    for (const kept of [hash, codeHash]) if (kept !== null) keep('mail token hash', kept)
  for (const { hash } of await client.accountUndo.findMany()) keep('mail token hash', hash)
  for (const { hash } of await client.recoveryCode.findMany()) keep('recovery code hash', hash)
  for (const { privateJwk } of await client.signingKey.findMany()) keep('private key', privateJwk)
  for (const { secret, previousSecret } of await client.webhook.findMany())
    for (const kept of [secret, previousSecret]) if (kept !== null) keep('sealed', kept)
}

const wekanSession = async (boss: string) => {
  const [email, username, password] = [`wekan${unique()}@example.com`, `wekan${unique()}`, newPassword()]
  const registered = await rest('POST /users/register', { username, email, password })
  keep('wekan token', registered.body.token, registered)
  const login = await rest('POST /users/login', undefined, { form: { username, password } })
  const token = keep('wekan token', login.body.token, login)
  await rest('GET /api/user', undefined, { token })
  const first = newPassword()
  const created = await rest(
    'POST /api/users',
    { username: `made${unique()}`, email: `made${unique()}@example.com`, password: first, fromAdmin: 'true' },
    { token: boss },
  )
  const { id } = registered.body
  await rest('GET /api/users', undefined, { token: boss })
  await rest('GET /api/users/:id', undefined, { token: boss, id })
  await rest('GET /api/users/:id', undefined, { token: boss, id: username })
  await rest('PUT /api/users/:id', { action: 'disableLogin' }, { token: boss, id: created.body._id })
  await rest('PUT /api/users/:id', { action: 'enableLogin' }, { token: boss, id: created.body._id })
  await rest('DELETE /api/users/:id', undefined, { token: boss, id: created.body._id })
  await keepHashes()
  await rest('POST /users/login', { username, password: newPassword() })
  await rest('POST /users/login', { username: `nobody${unique()}`, password: newPassword(), code: '123456' })
  await rest('POST /users/register', { username, email, password: newPassword() })
  await rest('POST /users/register', { username: `short${unique()}`, password: keep('password', `\0${newPassword()}`) })
  await rest('POST /users/logout', undefined, { token })
}

const v1Session = async (boss: string) => {
  const [email, password] = [`v1-${unique()}@example.com`, newPassword()]
  await rest('POST /v1/auth/signup', {
    email,
    firstName: 'Some',
    lastName: 'Body',
    password,
    passwordConfirmation: password,
    phone: '01012345678',
  })
  const login = await rest('POST /v1/auth/login', { email, password })
  const token = keep('opaque token', login.body.token, login)
  const jwt = keep('JWT', login.body.accessToken, login)
  await rest('GET /v1/profile', undefined, { token: jwt })
  await rest('PUT /v1/profile', { firstName: 'Other' }, { token })
  const created = await rest(
    'POST /v1/users',
    { name: 'Some One', email: `made${unique()}@example.com`, password: newPassword() },
    { token: boss },
  )
  await rest('GET /v1/users', undefined, { token: boss })
  await rest('GET /v1/users/:id', undefined, { token, id: created.body.id })
  await rest('DELETE /v1/users/:id', undefined, { token: boss, id: created.body.id })
  const second = newPassword()
  await rest('PUT /v1/security/change-password', { oldPassword: newPassword(), password: second, passwordConfirmation: second }, { token })
  await rest(
    'PUT /v1/security/change-password',
    { oldPassword: password, password: second, passwordConfirmation: newPassword() },
    { token },
  )
  await rest('PUT /v1/security/change-password', { oldPassword: password, password: second, passwordConfirmation: second }, { token })
  const enabled = await rest('POST /v1/security/twofactor-enable', undefined, { token })
  const secret = keep('TOTP secret', enabled.body.secret, enabled)
  for (const recovery of enabled.body.recoveryCodes) keep('recovery code', recovery, enabled)
  await rest('POST /v1/security/twofactor-enable', undefined, { token })
  await rest('GET /v1/profile', undefined, { token })
  await keepHashes()
  const half = await rest('POST /v1/auth/login', { email, password: second })
  const loginCode = keep('login code', half.body.loginCode, half)
  await keepHashes()
  await rest('POST /v1/auth/verify-totp', { loginCode, code: '000000' })
  const whole = await rest('POST /v1/auth/verify-totp', { loginCode, code: code(secret) })
  keep('opaque token', whole.body.token, whole)
  keep('JWT', whole.body.accessToken, whole)
  const begun = await rest('POST /auth/login', { email, password: second })
  const ended = await rest('POST /v1/auth/verify-totp', {
    loginCode: keep('login code', begun.body.loginCode, begun),
    code: enabled.body.recoveryCodes[0],
  })
  keep('opaque token', ended.body.token, ended)
  keep('JWT', ended.body.accessToken, ended)
  keep('access token', ended.body.tokens.access.token, ended)
  keep('refresh token', ended.body.tokens.refresh.token, ended)
  const own = await rest('POST /users/login', { email, password: second, code: code(secret) })
  keep('wekan token', own.body.token, own)
  await rest('POST /users/login', { email, password: second })
  await rest('POST /v1/security/twofactor-disable', { code: code(secret) }, { token })
  await mutate('requestEmailVerification', undefined, token)
  const verification = mailed(email)
  await rest('PUT /v1/account/change-email', { email: `before${unique()}@example.com` }, { token })
  await rest('PUT /v1/account/change-email', { email }, { token })
  await mutate('confirmEmail', { token: verification })
  const gone = `gone${unique()}@example.com`
  await rest('PUT /v1/account/change-email', { email: gone }, { token })
  const undo = mailed(email)
  await keepHashes()
  await mutate('checkMailToken', { token: undo, use: 'UNDO_ACCOUNT_CHANGE' })
  const restored = newPassword()
  await mutate('undoAccountChange', { token: undo, newPassword: 'short' })
  await mutate('undoAccountChange', { token: undo, newPassword: restored })
  const back = await rest('POST /v1/auth/login', { email, password: restored })
  const moved = `moved${unique()}@example.com`
  await rest('PUT /v1/account/change-email', { email: moved }, { token: keep('opaque token', back.body.token, back) })
  keep('JWT', back.body.accessToken, back)
  mailed(email)
  await rest('POST /v1/security/forget-password', { email: moved })
  // The verified address of before is held.
  const reset = mailed(email)
  await keepHashes()
  await rest('POST /v1/security/reset-password', { token: reset, password: 'short' })
  await rest('POST /v1/security/reset-password', { token: reset, password: newPassword() })
  await rest('POST /v1/security/reset-password', { token: reset, password: newPassword() })
  const again = await rest('POST /v1/auth/login', { email: moved, password })
  expect(again.status).toBe(401)
}

const authenticationSession = async () => {
  const [email, password] = [`auth${unique()}@example.com`, newPassword()]
  const registered = await rest('POST /auth/register', { name: 'Some Body', email, password, confirm: password, bio: 'words' })
  keep('access token', registered.body.tokens.access.token, registered)
  keep('refresh token', registered.body.tokens.refresh.token, registered)
  const login = await rest('POST /auth/login', { email, password })
  const access = keep('access token', login.body.tokens.access.token, login)
  const refresh = keep('refresh token', login.body.tokens.refresh.token, login)
  await rest('POST /auth', undefined, { token: access })
  const rotated = await rest('POST /auth/refresh-tokens', { refreshToken: refresh })
  keep('access token', rotated.body.access.token, rotated)
  const successor = keep('refresh token', rotated.body.refresh.token, rotated)
  await rest('POST /auth/refresh-tokens', { refreshToken: `${successor}x` })
  await rest('POST /auth/logout', { refreshToken: successor })
  await rest('POST /auth/logout', { refreshToken: successor })
  await rest('POST /auth/refresh-tokens', { refreshToken: successor })
  await rest('POST /auth/login', { email, password: newPassword() })
  await rest('POST /auth/forgot-password', { email })
  const token = mailed(email)
  await rest('POST /auth/reset-password', { password: 'short' }, { query: `?token=${token}` })
  await rest('POST /auth/reset-password', { password: newPassword() }, { query: `?token=${token}` })
  await rest('POST /auth/reset-password', { password: newPassword() }, { query: `?token=${token}` })
}

const personalTokens = async (email: string, password: string, boss: string) => {
  const signedIn = await mutate('signIn', { identifier: email, password })
  const { access: token } = keepCredentials(signedIn.answer, signedIn.result.credentials)
  const create = async (name: string) => {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
    const { answer, result } = await mutate('createPersonalAccessToken', { name, scopes: ['USERS_READ'], expiresAt }, token)
    keep('personal access token', result.token, answer)
    return result
  }
  const script = await create('a script')
  await create('another')
  await keepHashes()
  await mutate('createPersonalAccessToken', { name: 'more', scopes: ['USERS_READ'], expiresAt: '2000-01-01T00:00:00Z' }, token)
  await rest('GET /v1/users', undefined, { token: script.token })
  await query('me', 'me { personalAccessTokens { id name scopes createdAt expiresAt lastUsedAt } }', token)
  await mutate('revokePersonalAccessToken', { id: script.personalAccessToken.id }, boss)
  const other = await mutate('signIn', { identifier: email, password })
  keepCredentials(other.answer, other.result.credentials)
  const sessions = await query('me', 'me { sessions { id current } }', token)
  const elsewhere = sessions.body.data.result.sessions.find(({ current }: { current: boolean }) => !current)
  await mutate('endSession', { id: elsewhere.id }, token)
  await mutate('endOtherSessions', undefined, token)
}

const webhookSession = async (boss: string) => {
  const created = await mutate('createWebhook', { url: 'http://127.0.0.1:65535/hooks', types: ['KEYS_ROTATED'] }, boss)
  keep('webhook secret', created.result.secret, created.answer)
  const { id } = created.result.webhook
  await keepHashes()
  const rotated = await mutate('rotateWebhookSecret', { id }, boss)
  keep('webhook secret', rotated.result.secret, rotated.answer)
  await keepHashes()
  await mutate('updateWebhook', { id, description: 'words', enabled: false }, boss)
  await mutate('redeliverWebhook', { id }, boss)
  const webhook = '__typename id url types description isEnabled disabledReason failingSince previousSecretUntil createdAt'
  await query('webhooks', `webhooks { edges { node { ${webhook} } } }`, boss)
  const delivery = '__typename eventId state attempts log { at status reason milliseconds }'
  await query('webhookDeliveries', `webhookDeliveries(webhookId: "${id}") { edges { node { ${delivery} } } }`, boss)
  await mutate('deleteWebhook', { id }, boss)
}

const graphqlSession = async (boss: string) => {
  const [email, password] = [`graph${unique()}@example.com`, newPassword()]
  const signedUp = await mutate('signUp', { email, username: `graph${unique()}`, password })
  const { access: token, refresh } = keepCredentials(signedUp.answer, signedUp.result.credentials)
  const { id } = signedUp.result.user
  await query('me', 'me { id }', token)
  await query('service', 'service { name isRegistrationOpen locales defaultLocale }')
  await query('user', `user(by: { id: "${id}" }) { __typename username }`, token)
  await query('users', 'users(first: 5) { __typename edges { cursor node { username email } } }', boss)
  await query('node', `node(id: "${id}") { __typename id }`, token)
  await mutate('updateProfile', { name: 'Other Name', bio: 'words' }, token)
  await mutate('reauthenticate', { password: newPassword() }, token)
  await mutate('reauthenticate', { password }, token)
  const refreshed = await mutate('refreshSession', { refreshToken: refresh })
  const newer = keepCredentials(refreshed.answer, refreshed.result.credentials)
  const second = newPassword()
  await mutate('changePassword', { oldPassword: password, newPassword: 'password' }, token)
  await mutate('changePassword', { oldPassword: password, newPassword: second }, token)
  const begun = await mutate('beginTwoFactorEnrollment', undefined, token)
  const secret = keep('TOTP secret', begun.result.secret, begun.answer)
  await keepHashes()
  await mutate('confirmTwoFactorEnrollment', { code: '000000' }, token)
  const confirmed = await mutate('confirmTwoFactorEnrollment', { code: code(secret) }, token)
  for (const recovery of confirmed.result.recoveryCodes) keep('recovery code', recovery, confirmed.answer)
  await keepHashes()
  const half = await mutate('signIn', { identifier: email, password: second })
  const loginCode = keep('login code', half.result.loginCode, half.answer)
  const whole = await mutate('verifyTwoFactor', { loginCode, code: code(secret) })
  keepCredentials(whole.answer, whole.result.credentials)
  const direct = await mutate('signIn', { identifier: email, password: second, code: code(secret) })
  keepCredentials(direct.answer, direct.result.credentials)
  const replaced = await mutate('regenerateRecoveryCodes', undefined, token)
  for (const recovery of replaced.result.recoveryCodes) keep('recovery code', recovery, replaced.answer)
  await keepHashes()
  await mutate('disableTwoFactor', { proof: { code: code(secret) } }, token)
  const moved = `moved${unique()}@example.com`
  await mutate('changeEmail', { email: moved }, token)
  const confirmation = mailed(moved)
  await keepHashes()
  await query('me', 'me { pendingEmails { address } sessions { id } }', token)
  await mutate('confirmEmail', { token: `${confirmation}x` })
  await mutate('confirmEmail', { token: confirmation })
  await mutate('requestPasswordReset', { email: moved })
  const reset = mailed(moved)
  await mutate('resetPassword', { token: reset, newPassword: 'short' })
  await mutate('resetPassword', { token: reset, newPassword: newPassword() })
  await mutate('signOut', { refreshToken: newer.refresh })
  const third = newPassword()
  const stranger = `stranger${unique()}@example.com`
  const foreign = await mutate('signUp', { email: stranger, password: third })
  await mutate('requestEmailVerification', undefined, keepCredentials(foreign.answer, foreign.result.credentials).access)
  const disowned = mailed(stranger)
  await keepHashes()
  await mutate('disownEmail', { token: disowned })
  const guest = `guest${unique()}@example.com`
  await mutate('inviteUser', { email: guest }, boss)
  const invited = mailed(guest)
  await keepHashes()
  await mutate('checkMailToken', { token: invited, use: 'RESET_PASSWORD' })
  await mutate('resetPassword', { token: invited, newPassword: newPassword() })
  await mutate('createUser', { email: `made${unique()}@example.com`, password: third }, boss)
  const { client } = world().db
  const target = await client.user.findFirstOrThrow({ orderBy: { seq: 'desc' } })
  await mutate('setLoginEnabled', { id: target.id, enabled: false }, boss)
  await mutate('setLoginEnabled', { id: target.id, enabled: true }, boss)
  await mutate('setAdmin', { id: target.id, isAdmin: true }, boss)
  await mutate('setScopes', { id: target.id, scopes: ['USERS_READ'] }, boss)
  const signedIn = await mutate('signIn', { identifier: target.email, password: third })
  const last = keepCredentials(signedIn.answer, signedIn.result.credentials)
  const other = await mutate('signIn', { identifier: target.email, password: third })
  keepCredentials(other.answer, other.result.credentials)
  await mutate('signOut', {}, last.access)
  await mutate('signOutEverywhere', undefined, keepCredentials(other.answer, other.result.credentials).access)
  const late = await rest('POST /v1/auth/login', { email: target.email, password: third })
  keep('JWT', late.body.accessToken, late)
  const enabled = await rest('POST /v1/security/twofactor-enable', undefined, { token: keep('opaque token', late.body.token, late) })
  keep('TOTP secret', enabled.body.secret, enabled)
  for (const recovery of enabled.body.recoveryCodes) keep('recovery code', recovery, enabled)
  await keepHashes()
  await mutate('resetTwoFactor', { id: target.id }, boss)
  await personalTokens(target.email ?? '', third, boss)
  await mutate('endUserSessions', { id: target.id }, boss)
  await mutate('deleteUser', { id: target.id }, boss)
  const leaving = await mutate('signUp', { email: `leaving${unique()}@example.com`, password: third })
  const { access: lastAccess } = keepCredentials(leaving.answer, leaving.result.credentials)
  await mutate('deleteAccount', { password: newPassword() }, lastAccess)
  await mutate('deleteAccount', { password: third }, lastAccess)
  await mutate('rotateSigningKey', undefined, boss)
  const waiting = '__typename id kind address createdAt attempts nextAttemptAt lastFailure'
  await query('waitingMails', `waitingMails { edges { node { ${waiting} } } }`, boss)
  const setting = 'name group about value isSecret isSet isDefault'
  await query('serverStatus', `serverStatus { version nodeVersion startedAt outboxEntries settings { ${setting} } }`, boss)
  await query('signingKeys', 'signingKeys { kid algorithm createdAt isSigning signsUntil acceptedUntil }', boss)
  const event = 'at type outcome userId actorId surface clientAddress userAgent requestId details { key value }'
  await query('auditEvents', `auditEvents(first: 500) { __typename edges { node { ${event} } } }`, boss)
  const use = 'dialect route client tokenSurface requests failures firstAt lastAt'
  await query('dialects', 'dialects { name title pathPrefix migrationGuide isReadOnly isSwitchedOff routes { method path } }', boss)
  await query('dialectUseDays', 'dialectUseDays(by: CLIENT) { day group requests failures }', boss)
  await query('dialectUses', `dialectUses(first: 500) { __typename edges { node { ${use} } } }`, boss)
}

/** In a browser: the values of its cookie belong into the header that sets them, and into no body at all. */
const cookieSession = async () => {
  const [email, password] = [`cookie${unique()}@example.com`, newPassword()]
  const browser = openBrowser(world())
  const say = async (label: string, document: string, input?: object) => {
    await browser.graphql(document, { input })
    steps.push({ label: `${label} by cookie`, answer: browser.last() })
    if (browser.cookie !== undefined) keep('session cookie', browser.cookie)
    await keepHashes()
  }
  const signUp = `mutation($input: SignUpInput!) { signUp(input: $input) { ${SELECTIONS.signUp} ${FAILURE} } }`
  const signIn = `mutation($input: SignInInput!) { signIn(input: $input) { ${SELECTIONS.signIn} ${FAILURE} } }`
  const proof = `mutation($input: ReauthenticateInput!) { reauthenticate(input: $input) { __typename ${FAILURE} } }`
  await say('signUp', signUp, { email, password, transport: 'COOKIE' })
  await say('me', `{ me { ${USER.slice('user { '.length, -1)} } }`)
  await say('reauthenticate', proof, { password })
  await say('signIn', signIn, { identifier: email, password, transport: 'COOKIE' })
  const forged = await browser.request('POST', '/graphql', {
    json: { query: '{ me { id } }' },
    headers: { origin: 'https://evil.example' },
  })
  steps.push({ label: 'a forged request', answer: forged })
  await say('signOut', 'mutation { signOut { __typename } }')
  expect([...secrets.values()].filter(({ what }) => what === 'session cookie')).toHaveLength(3)
}

beforeAll(async () => {
  const [email, password] = ['boss@example.com', newPassword()]
  const signedUp = await mutate('signUp', { email, username: 'boss', password })
  keepCredentials(signedUp.answer, signedUp.result.credentials)
  const login = await rest('POST /v1/auth/login', { email, password })
  const boss = keep('opaque token', login.body.token, login)
  keep('JWT', login.body.accessToken, login)
  await wekanSession(boss)
  await v1Session(boss)
  await authenticationSession()
  await graphqlSession(boss)
  await webhookSession(boss)
  await cookieSession()
  const opaque = await rest('POST /v1/auth/login', { email, password })
  keep('JWT', opaque.body.accessToken, opaque)
  await rest('POST /v1/auth/logout', undefined, { token: keep('opaque token', opaque.body.token, opaque) })
  for (const { text } of world().mails) {
    const token = /#token=([\w-]+)/.exec(text)?.[1]
    if (token !== undefined) keep('mailed token', token)
  }
  for (const path of ['/reset-password', '/confirm-email', '/.well-known/jwks.json', '/healthz', '/readyz']) await rest(`GET ${path}`)
  await keepHashes()
}, 60_000)

/** Whether a text holds a code as a word of its own (any six digits may stand inside a longer id). */
const holdsCode = (text: string): string | undefined => [...codes].find((shown) => new RegExp(`(?<![\\w.-])${shown}(?![\\w-])`).test(text))
const holdsSecret = (text: string): string[] =>
  [...secrets].filter(([value]) => text.includes(value) || text.includes(JSON.stringify(value).slice(1, -1))).map(([, { what }]) => what)

it('the session went over every route and every operation', () => {
  expect(routes.map(({ name }) => name).filter((name) => !succeeded.has(name))).toEqual([])
  const operations = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.keys(type?.getFields() ?? {}))
  expect(operations.filter((name) => !succeeded.has(name))).toEqual([])
  expect(secrets.size).toBeGreaterThan(100)
  expect(codes.size).toBeGreaterThanOrEqual(7)
  expect(new Set([...secrets.values()].map(({ what }) => what)).size).toBeGreaterThanOrEqual(15)
})

describe('answers', () => {
  it('each secret stands in the one answer that tells it, and in no other', () => {
    const strays = [...secrets].flatMap(([value, { what, toldBy }]) =>
      steps
        .filter(
          ({ answer }) => answer !== toldBy && (answer.text.includes(value) || answer.text.includes(JSON.stringify(value).slice(1, -1))),
        )
        .map(({ label }) => `${what} in ${label}`),
    )
    expect(strays).toEqual([])
    const untold = [...secrets].filter(([value, { toldBy }]) => toldBy !== undefined && !toldBy.text.includes(value))
    expect(untold).toEqual([])
  })

  it('a code stands in none, and no header holds a secret but the one that sets the cookie', () => {
    expect(steps.filter(({ answer }) => holdsCode(answer.text) !== undefined).map(({ label }) => label)).toEqual([])
    const isSetting = ([name]: [string, string]) => name === 'set-cookie'
    const held = (keep: (header: [string, string]) => boolean) =>
      steps.flatMap(({ answer }) => holdsSecret([...answer.headers].filter(keep).join('\n')))
    expect(held((header) => !isSetting(header))).toEqual([])
    expect(held(isSetting)).toEqual(['session cookie', 'session cookie', 'session cookie'])
  })

  it('no key of an answer is one that holds a hash', () => {
    const bad =
      /"(passwordHash|password_hash|hash|bcrypt|hashedToken|token|secret|privateJwk|twoFactorSecret|twoFactorPending|credentialVersion|d)":"(?!\[redacted\])/
    const telling = /"(token|secret)":/
    const issuing = new Set([...secrets.values()].map(({ toldBy }) => toldBy))
    expect(
      steps.filter(({ answer }) => bad.test(answer.text) && !(issuing.has(answer) && telling.test(answer.text))).map(({ label }) => label),
    ).toEqual([])
  })

  it('GraphQL does not repeat the variables that it refuses', async () => {
    const password = newPassword()
    const inputs = [
      { identifier: 'someone', password, unknown: 1 },
      { identifier: 42, password },
      { identifier: 'someone', password: [password] },
      { password },
    ]
    const texts: string[] = []
    for (const input of inputs) texts.push((await mutate('signIn', input)).answer.text)
    expect(texts.filter((text) => text.includes(password))).toEqual([])
  })
})

describe('the log', () => {
  const printed = () =>
    world().logs.map(({ level, message, fields }) =>
      [
        level,
        message,
        JSON.stringify(fields, (_, value) =>
          value instanceof Error
            ? `${value.message} ${value.stack} ${String(value.cause)}`
            : typeof value === 'bigint'
              ? String(value)
              : value,
        ),
      ].join(' '),
    )
  it('the log holds no secret and no code', () => {
    expect(printed().flatMap((line) => holdsSecret(line).map((what) => `${what}: ${line}`))).toEqual([])
    expect(printed().filter((line) => holdsCode(line) !== undefined)).toEqual([])
  })
})

describe('the audit log', () => {
  const rows = async () =>
    (await world().db.client.auditEvent.findMany()).map((row) =>
      JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    )
  it('the audit log holds no secret and no code', async () => {
    const lines = await rows()
    expect(lines.length).toBeGreaterThan(40)
    expect(lines.flatMap((line) => holdsSecret(line).map((what) => `${what}: ${line}`))).toEqual([])
    expect(lines.filter((line) => holdsCode(line) !== undefined)).toEqual([])
  })
})

describe('the database', () => {
  it('the database holds nothing in clear that was sent to a client or typed by one', async () => {
    const { client } = world().db
    const tables = await Promise.all([
      client.user.findMany(),
      client.identifier.findMany(),
      client.session.findMany(),
      client.opaqueToken.findMany(),
      client.loginCode.findMany(),
      client.recoveryCode.findMany(),
      client.mailToken.findMany(),
      client.signingKey.findMany(),
      client.claim.findMany(),
      client.outboxEntry.findMany(),
      client.rateLimit.findMany(),
    ])
    const stored = JSON.stringify(tables, (_, value) => (typeof value === 'bigint' ? String(value) : value))
    const kept = new Set(['sealed', 'token hash', 'login code hash', 'mail token hash', 'recovery code hash', 'private key'])
    expect(holdsSecret(stored).filter((what) => !kept.has(what))).toEqual([])
    expect(stored).toContain('$argon2id$')
  })
})

describe('mails', () => {
  it('hold one token, in the fragment of a link to PUBLIC_URL, and no other secret', () => {
    const { mails, config } = world()
    const reported = [...secrets].filter(([, { what }]) => what === 'mailed token').map(([value]) => value)
    expect(reported.length).toBeGreaterThanOrEqual(4)
    for (const { to, subject, text } of mails) {
      const links = text.match(/\S*:\/\/\S+/g) ?? []
      const own = reported.filter((token) => text.includes(token))
      expect(own.length).toBe(Math.min(links.length, 1))
      for (const link of links)
        expect(link).toMatch(new RegExp(`^${config.PUBLIC_URL}/(reset-password|confirm-email|disown-email|undo-change)#token=[\\w-]{43}$`))
      // A verification has its token in two links: for who is the owner, and for who is not.
      const isVerification = links.some((link) => link.includes('/disown-email#'))
      if (own.length > 0) expect(text.split(own[0] ?? '').length).toBe(isVerification ? 3 : 2)
      expect(holdsSecret(text).filter((what) => what !== 'mailed token')).toEqual([])
      expect([undefined, codeIn(text)]).toContain(holdsCode(text))
      expect(holdsSecret(`${to} ${subject}`)).toEqual([])
    }
    for (const token of reported) expect(mails.filter(({ text }) => text.includes(token))).toHaveLength(1)
  })

  it('their link does not follow the Host of the request', async () => {
    const host = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' }
    const body = JSON.stringify({ email: 'boss@example.com' })
    expect(
      (await send(world(), 'POST', '/v1/security/forget-password', { headers: { ...host, 'content-type': 'application/json' }, body }))
        .status,
    ).toBe(200)
    const mail = world().mails.at(-1)
    expect(mail?.to).toBe('boss@example.com')
    expect(mail?.text).toContain(`${world().config.PUBLIC_URL}/reset-password#token=`)
    expect(mail?.text).not.toContain('evil')
  })
})
