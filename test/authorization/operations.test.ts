/**
 * The authorization matrix through GraphQL: every operation, tried by every kind of caller on what is his own and on what is
 * another's. What each operation asks for is written in `expected.ts` from the contract. An allowed cell
 * succeeds; a refused one says why and changes nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OperationName } from '../../src/domain/access/operationTable.ts'
import { operations } from '../../src/domain/access/operationTable.ts'
import type { Verdict } from '../../src/domain/access/requirements.ts'
import { adminToken, mutate } from '../graphql/ask.ts'
import { admin, signIn, signInOnV1, totp, unique, verifiedPerson, withTwoFactor } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import {
  HOUR,
  isErrorCode,
  type Kind,
  kinds,
  LASTING,
  mailed,
  passwordOf,
  personalTokenOf,
  type Setup,
  sessionOf,
  setupFor,
  stateOf,
  verdictOf,
} from './callers.ts'
import { askedByOperation } from './expected.ts'

const world = useWorld({ ...LASTING, LIMIT_WEBHOOKS: '500' })
beforeAll(async () => void (await admin(world())))

interface Call {
  /** Instead of the mutation of the operation's name with its one `input`. */
  readonly document?: string
  readonly input?: (setup: Setup) => object | Promise<object>
  /** Whether it acts on an object that somebody owns. */
  readonly onObject?: true
}

const newEmail = () => `cell${unique()}@example.com`
const byId = ({ object }: Setup) => ({ id: object.id })
const enrolled = async ({ world: at, caller, allowed }: Setup): Promise<string> =>
  allowed ? (await mutate(at, 'beginTwoFactorEnrollment', undefined, caller.token)).secret : ''
const withFactor = async (setup: Setup): Promise<void> => {
  const secret = await enrolled(setup)
  if (setup.allowed) await mutate(setup.world, 'confirmTwoFactorEnrollment', { code: totp(secret) }, setup.caller.token)
}

const nobodyListens = 'http://127.0.0.1:1024/'
const aWebhook = async ({ world: at }: Setup): Promise<{ id: string }> => {
  const input = { url: nobodyListens, types: ['KEYS_ROTATED'] }
  const { webhook } = await mutate(at, 'createWebhook', input, await adminToken(at))
  return { id: webhook.id }
}

const calls: Readonly<Record<OperationName, Call>> = {
  me: { document: 'query { result: me { __typename } }' },
  node: { document: 'query($id: ID!) { result: node(id: $id) { __typename } }', input: byId, onObject: true },
  service: { document: 'query { result: service { __typename } }' },
  user: { document: 'query($id: ID!) { result: user(by: { id: $id }) { __typename } }', input: byId, onObject: true },
  users: { document: 'query { result: users(first: 1) { __typename } }' },
  signUp: { input: () => ({ email: newEmail(), password: 'a long enough one' }) },
  signIn: { input: ({ object }) => ({ identifier: object.email, password: object.password }) },
  verifyTwoFactor: {
    input: async ({ world: at }) => {
      const someone = await withTwoFactor(at)
      const { loginCode } = await mutate(at, 'signIn', { identifier: someone.email, password: someone.password })
      return { loginCode, code: someone.code() }
    },
  },
  refreshSession: { input: ({ object }) => ({ refreshToken: object.refreshToken }) },
  signOut: { input: ({ object }) => ({ refreshToken: object.refreshToken }) },
  signOutEverywhere: {},
  endSession: {
    input: async ({ world: at, object }) => ({ id: await sessionOf(at, object) }),
    onObject: true,
  },
  endOtherSessions: {},
  endUserSessions: { input: byId, onObject: true },
  createPersonalAccessToken: {
    input: () => ({ name: `cell ${unique()}`, scopes: [], expiresAt: new Date(Date.now() + 24 * HOUR) }),
  },
  revokePersonalAccessToken: {
    input: async ({ world: at, object }) => ({ id: await personalTokenOf(at, object) }),
    onObject: true,
  },
  auditEvents: { document: 'query { result: auditEvents(first: 1) { __typename } }' },
  dialects: { document: 'query { result: dialects { __typename } }' },
  dialectUses: { document: 'query { result: dialectUses(first: 1) { __typename } }' },
  dialectUseDays: { document: 'query { result: dialectUseDays(by: ROUTE) { __typename } }' },
  reauthenticate: { input: (setup) => ({ password: passwordOf(setup) }) },
  changePassword: { input: (setup) => ({ oldPassword: passwordOf(setup), newPassword: 'another long one' }) },
  deleteAccount: { input: (setup) => ({ password: passwordOf(setup) }) },
  requestPasswordReset: { input: ({ object }) => ({ email: object.email }) },
  resetPassword: {
    input: async ({ world: at, object }) => {
      await mutate(at, 'requestPasswordReset', { email: object.email })
      return { token: mailed(at, object.email), newPassword: 'another long one' }
    },
  },
  requestEmailVerification: {},
  changeEmail: { input: () => ({ email: newEmail() }) },
  confirmEmail: {
    input: async ({ world: at, object }) => {
      const email = newEmail()
      await mutate(at, 'changeEmail', { email }, await signIn(at, object))
      return { token: mailed(at, email) }
    },
  },
  checkMailToken: {
    input: async ({ world: at, object }) => {
      await mutate(at, 'requestPasswordReset', { email: object.email })
      return { token: mailed(at, object.email), use: 'RESET_PASSWORD' }
    },
  },
  disownEmail: {
    input: async ({ world: at, object }) => {
      await mutate(at, 'requestEmailVerification', undefined, await signIn(at, object))
      return { token: mailed(at, object.email) }
    },
  },
  undoAccountChange: {
    input: async ({ world: at }) => {
      const owner = await verifiedPerson(at)
      await at.put('/v1/account/change-email', { email: newEmail() }, await signInOnV1(at, owner))
      return { token: mailed(at, owner.email), newPassword: 'another long one' }
    },
  },
  updateProfile: { input: () => ({ bio: `cell ${unique()}` }) },
  beginTwoFactorEnrollment: {},
  confirmTwoFactorEnrollment: {
    input: async (setup) => {
      const secret = await enrolled(setup)
      return { code: secret === '' ? '000000' : totp(secret) }
    },
  },
  disableTwoFactor: {
    input: async (setup) => {
      await withFactor(setup)
      return { proof: { password: passwordOf(setup) } }
    },
  },
  regenerateRecoveryCodes: {
    input: async (setup) => {
      await withFactor(setup)
      return {}
    },
    document: 'mutation { result: regenerateRecoveryCodes { __typename ... on Error { code } } }',
  },
  createUser: { input: () => ({ email: newEmail(), password: 'a long enough one' }) },
  inviteUser: { input: () => ({ email: newEmail() }) },
  deleteUser: { input: byId, onObject: true },
  setLoginEnabled: { input: (setup) => ({ ...byId(setup), enabled: false }), onObject: true },
  setAdmin: { input: (setup) => ({ ...byId(setup), isAdmin: true }), onObject: true },
  setScopes: { input: (setup) => ({ ...byId(setup), scopes: ['SENSORS_READ'] }), onObject: true },
  resetTwoFactor: {
    input: async (setup) => (setup.object.id === setup.caller.account?.id ? byId(setup) : { id: (await withTwoFactor(setup.world)).id }),
    onObject: true,
  },
  rotateSigningKey: {},
  signingKeys: { document: 'query { result: signingKeys { __typename } }' },
  waitingMails: { document: 'query { result: waitingMails(first: 1) { __typename } }' },
  serverStatus: { document: 'query { result: serverStatus { __typename } }' },
  webhooks: { document: 'query { result: webhooks(first: 1) { __typename } }' },
  webhookDeliveries: { document: 'query($id: ID!) { result: webhookDeliveries(webhookId: $id) { __typename } }', input: aWebhook },
  createWebhook: { input: () => ({ url: nobodyListens, types: ['KEYS_ROTATED'] }) },
  updateWebhook: { input: async (setup) => ({ ...(await aWebhook(setup)), enabled: false }) },
  deleteWebhook: { input: aWebhook },
  rotateWebhookSecret: { input: aWebhook },
  redeliverWebhook: { input: aWebhook },
}

/** What an operation says of an object, whatever the table says of the operation; administrators may more. */
const ofObject: Partial<Record<OperationName, (own: boolean, isAdmin: boolean, kind: Kind) => Verdict>> = {
  // A dead token is never taken for nobody.
  me: (_own, _isAdmin, kind) => (kind === 'ended' ? 'UNAUTHENTICATED' : 'allowed'),
  node: (_own, _isAdmin, kind) => (kind === 'ended' ? 'UNAUTHENTICATED' : 'allowed'),
  // The owner of that token administers, the token does not: and only an administrator deletes one.
  deleteUser: (own, _isAdmin, kind) => (own && kind === 'full token' ? 'FORBIDDEN' : 'allowed'),
  setLoginEnabled: (own) => (own ? 'OWN_ACCOUNT' : 'allowed'),
  resetTwoFactor: (own) => (own ? 'OWN_ACCOUNT' : 'allowed'),
  endSession: (own, isAdmin) => (own || isAdmin ? 'allowed' : 'NOT_FOUND'),
  revokePersonalAccessToken: (own, isAdmin) => (own || isAdmin ? 'allowed' : 'NOT_FOUND'),
}

interface Cell {
  readonly name: OperationName
  readonly kind: Kind
  readonly own: boolean
  readonly verdict: Verdict
}

const hasAccount = (kind: Kind) => kind !== 'anonymous' && kind !== 'ended'

const cells: readonly Cell[] = (Object.keys(askedByOperation) as OperationName[]).flatMap((name) =>
  kinds.flatMap((kind) =>
    (calls[name].onObject && hasAccount(kind) ? [true, false] : [false]).map((own) => {
      const verdict = verdictOf(kind, askedByOperation[name])
      return {
        name,
        kind,
        own,
        verdict: verdict === 'allowed' ? (ofObject[name]?.(own, kind.includes('admin'), kind) ?? verdict) : verdict,
      }
    }),
  ),
)

const documentOf = (name: OperationName, { document, input }: Call): string => {
  if (document !== undefined) return document
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  return input === undefined
    ? `mutation { result: ${name} { __typename ... on Error { code } } }`
    : `mutation($input: ${type}!) { result: ${name}(input: $input) { __typename ... on Error { code } } }`
}

const outcome = async (name: OperationName, { world: at, caller }: Setup, input: object | undefined): Promise<string> => {
  const variables = input === undefined ? {} : calls[name].document === undefined ? { input } : input
  const { text } = await at.graphql(documentOf(name, calls[name]), variables, caller.token)
  const { data, errors } = JSON.parse(text)
  const failed = errors?.[0]?.extensions?.code
  if (isErrorCode(failed)) return failed
  if (errors !== undefined || !('result' in data)) throw new Error(`${name}: ${text}`)
  const code = data.result?.code
  return isErrorCode(code) ? code : 'allowed'
}

describe('every cell of the matrix, through GraphQL', () => {
  it.each(cells.map((cell) => [`${cell.name}, ${cell.kind}${cell.own ? ' on the own' : ''}: ${cell.verdict}`, cell] as const))(
    '%s',
    async (_title, { name, kind, own, verdict }) => {
      const setup = await setupFor(world(), kind, own, verdictOf(kind, askedByOperation[name]) === 'allowed')
      const input = await calls[name].input?.(setup)
      const before = verdict === 'allowed' ? undefined : await stateOf(world())
      expect(await outcome(name, setup, input)).toBe(verdict)
      if (before !== undefined) expect(await stateOf(world())).toBe(before)
    },
  )

  it('the matrix has every operation, each with what it asks for', () => {
    expect(Object.fromEntries(Object.entries(operations).map(([name, { asks }]) => [name, asks]))).toEqual(askedByOperation)
  })

  afterAll(
    () =>
      void process.stdout.write(
        `authorization matrix through GraphQL: ${cells.length} cells of ${Object.keys(askedByOperation).length} operations\n`,
      ),
  )
})
