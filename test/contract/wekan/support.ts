/**
 * What the contract tests of `wekan` share: its error bodies, the documents of an account, and its requests in one word each.
 * The texts are those of its document and of the contract (sections 1 and 5).
 */
import { beforeAll, expect } from 'vitest'
import { PASSWORD, signIn, unique } from '../../support/accounts.ts'
import { type Answer, type Send, useWorld, type World } from '../../support/world.ts'
import { DAY, expectAnswer, ISO } from '../support.ts'

export const METEOR_ID = /^[23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz]{17}$/
export const TOKEN = /^[\w-]{43}$/
export const REDACTED = '[redacted]'
export const NINETY_DAYS = 90 * DAY
export const accountError = (error: number | string, reason: unknown) => ({ error, reason })

export const meteorError = (statusCode: number, error: number | string, reason: string) => ({
  isClientSafe: true,
  error,
  reason,
  message: `${reason} [${error}]`,
  errorType: 'Meteor.Error',
  statusCode,
})

export const MATCH_FAILED = accountError(400, 'Match failed')
export const BAD_LOGIN = accountError('login-failed', 'Incorrect username, email address or password.')
const TOO_MANY = accountError('too-many-requests', 'Too many failed login attempts. Try again later.')
export const API_MATCH_FAILED = meteorError(400, 400, 'Match failed')
export const UNAUTHORIZED = meteorError(401, 'Unauthorized', 'Unauthorized')
export const FORBIDDEN = meteorError(403, 'Forbidden', 'Forbidden')
export const NOT_FOUND = meteorError(404, 'not-found', 'not-found')
export const expectAccountError = (answer: Answer, status: number) => expectAnswer(answer, status, accountError(status, expect.any(String)))

export const expectApiError = (answer: Answer, status: number) => {
  if (status === 401) return expectAnswer(answer, status, UNAUTHORIZED)
  const { error, reason } = answer.body
  expect(reason).toEqual(expect.any(String))
  expectAnswer(answer, status, meteorError(status, error, reason))
}

export const expectTooMany = (answer: Answer) => expectAnswer(answer, 429, TOO_MANY)

export type Kind = readonly [string, (fields: Record<string, string>) => Send]

export const kinds: readonly Kind[] = [
  ['JSON', (json) => ({ json })],
  ['a form', (form) => ({ form })],
]

export interface Account {
  readonly id: string
  readonly token: string
  readonly username: string
  readonly email: string
  readonly password: string
}

export const fieldsOf = (input: Record<string, string> = {}) => {
  const number = unique()
  return { username: `user${number}`, email: `user${number}@example.com`, password: 'secret word', ...input }
}

/** Registers an account; `input` may replace its fields. */
export const register = async (world: World, input: Record<string, string> = {}): Promise<Account> => {
  const fields = fieldsOf(input)
  const { status, body } = await world.post('/users/register', fields)
  if (status !== 200) throw new Error(`registration failed: ${JSON.stringify(body)}`)
  return { ...fields, id: body.id, token: body.token }
}

export const logIn = async (world: World, username: string, password: string) => await world.post('/users/login', { username, password })
export const loginToken = { when: expect.stringMatching(ISO), hashedToken: REDACTED }

export const ownDocument = ({ id, username, email }: Pick<Account, 'id' | 'username' | 'email'>) => ({
  _id: id,
  createdAt: expect.stringMatching(ISO),
  modifiedAt: expect.stringMatching(ISO),
  username,
  emails: [{ address: email, verified: false }],
  profile: {},
  authenticationMethod: 'password',
  sessionData: {},
})

export const wholeDocument = (account: Pick<Account, 'id' | 'username' | 'email'>, loginTokens: readonly object[] = []) => ({
  ...ownDocument(account),
  services: { password: { bcrypt: REDACTED }, email: { verificationTokens: [] }, resume: { loginTokens } },
})

/** The route is `/api/users/<id>` of an account. */
export const at = (id: string) => `/api/users/${encodeURIComponent(id)}`

export const wrongFields: readonly [string, Record<string, unknown>][] = [
  ['no password', { username: 'someone', email: 'someone@example.com' }],
  ['a password that is a number', { username: 'someone', email: 'someone@example.com', password: 12_345_678 }],
  ['a password that is null', { username: 'someone', email: 'someone@example.com', password: null }],
  ['a password that is an object', { username: 'someone', email: 'someone@example.com', password: { $ne: 1 } }],
  ['a username that is an object', { username: { $gt: '' }, email: 'someone@example.com', password: PASSWORD }],
  ['a username that is an array', { username: ['someone'], email: 'someone@example.com', password: PASSWORD }],
  ['an e-mail address that is a boolean', { username: 'someone', email: true, password: PASSWORD }],
  ['no body', {}],
]

export const brokenRules: readonly [string, Record<string, string>][] = [
  ['a password of 5 characters', { password: '12345' }],
  ['a password of 129 characters', { password: 'x'.repeat(129) }],
  ['a password with NUL', { password: 'secret\0word' }],
  ['a password that is no well-formed Unicode', { password: 'secret \ud800 word' }],
  ['a username of 129 characters', { username: 'x'.repeat(129) }],
  ['a username with a control character', { username: 'some\u0007one' }],
  ['a username with NUL', { username: 'some\0one' }],
  ['a username of spaces', { username: '   ' }],
  ['an e-mail address that is none', { email: 'nobody' }],
  ['an e-mail address with NUL', { email: 'some\0one@example.com' }],
]

/** One world for a file, in which the first account is the administrator, and the requests of `wekan` to it. */
export function useWekan() {
  const world = useWorld()
  let admin: Account
  beforeAll(async () => {
    admin = await register(world(), { username: 'admin', email: 'admin@example.com' })
  })
  const me = async (token: string) => await world().get('/api/user', token)
  /** Every token that an account can have. */
  const allTokens = async ({ username, email, password }: Pick<Account, 'username' | 'email' | 'password'>): Promise<string[]> => {
    const wekan = (await logIn(world(), username, password)).body
    const v1 = (await world().post('/v1/auth/login', { email, password })).body
    const { tokens } = (await world().post('/auth/login', { email, password })).body
    return [wekan.token, v1.token, v1.accessToken, tokens.access.token, await signIn(world(), { email, password })]
  }
  /** What a token opens on each surface. */
  const openedBy = async (token: string, at: World = world()): Promise<number[]> => [
    (await at.get('/api/user', token)).status,
    (await at.get('/v1/profile', token)).status,
    (await at.post('/auth', undefined, token)).status,
    (await at.graphql('{ me { id } }', {}, token)).body.me === null ? 401 : 200,
  ]

  return { world, admin: () => admin, me, allTokens, openedBy }
}
