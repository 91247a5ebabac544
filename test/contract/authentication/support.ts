/**
 * What the contract tests of `authentication` share: its error bodies, accounts, and its requests in one word each.
 * The texts are those of its document and of the contract (sections 1 and 4).
 */
import { beforeAll, expect } from 'vitest'
import { unique } from '../../support/accounts.ts'
import { type Answer, useWorld, type World } from '../../support/world.ts'
import type { Admin } from '../guards.ts'
import { expectAnswer, ISO, JWT, mailedToken } from '../support.ts'

export const failure = (status: number, text: string, more: object = {}) => ({ error: text, message: text, status, code: status, ...more })
export const PLEASE_AUTHENTICATE = failure(401, 'Please authenticate')
export const BAD_LOGIN = failure(401, 'Incorrect email or password')

/** An error that the contract gives no text for. */
export const expectError = (answer: Answer, status: number) => {
  expect(answer.body?.message).toEqual(expect.stringMatching(/./))
  expectAnswer(answer, status, { ...failure(status, answer.body.message), ...(answer.body.errors ? { errors: answer.body.errors } : {}) })
}

export const expectTooMany = (answer: Answer) => expectError(answer, 429)

/** 400 that names these fields, with a text for each. */
export const expectInvalid = (answer: Answer, fields: readonly string[]) => {
  expectError(answer, 400)
  expect(answer.body.errors).toEqual(Object.fromEntries(fields.map((field) => [field, expect.stringMatching(/./)])))
}

const token = { token: expect.any(String), expires: expect.stringMatching(ISO) }
export const TOKENS = { access: { ...token, token: expect.stringMatching(JWT) }, refresh: token }

export interface Account {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly password: string
  readonly access: string
  readonly refresh: string
}

export const fieldsOf = (input: Record<string, unknown> = {}) => {
  const number = unique()
  return { name: `Ada Number${number}`, email: `ada${number}@example.com`, password: 'secret word', confirm: 'secret word', ...input }
}

export const accountOf = (fields: ReturnType<typeof fieldsOf>, { status, body }: Answer): Account => {
  if (status !== 201) throw new Error(`registration failed: ${JSON.stringify(body)}`)
  return { ...fields, id: body.user.id, access: body.tokens.access.token, refresh: body.tokens.refresh.token }
}

export const register = async (world: World): Promise<Account> => {
  const fields = fieldsOf()
  return accountOf(fields, await world.post('/auth/register', fields))
}

export const notText: readonly [string, unknown][] = [
  ['absent', undefined],
  ['null', null],
  ['empty', ''],
  ['a number', 12_345_678],
  ['an object', { $ne: '' }],
  ['an array', ['text']],
  ['with NUL', 'a\0b@example.com'],
  ['no well-formed Unicode', 'text\ud800'],
]

/** One world for a file, in which the first account is the administrator, and the requests of `authentication` to it. */
export function useAuthentication() {
  const world = useWorld()
  let admin: Admin
  beforeAll(async () => {
    const { body } = await world().post('/users/register', { username: 'admin', email: 'admin@example.com', password: 'secret word' })
    admin = body
  })
  const logIn = async (email: string, password: string, at: World = world()) => await at.post('/auth/login', { email, password })
  const welcome = async (access: string, at: World = world()) => await at.post('/auth', undefined, access)
  const refresh = async (refreshToken: string, at: World = world()) => await at.post('/auth/refresh-tokens', { refreshToken })
  const logOut = async (refreshToken: string) => await world().post('/auth/logout', { refreshToken })
  const forgot = async (email: string) => await world().post('/auth/forgot-password', { email })
  const reset = async (resetToken: string, password: unknown) =>
    await world().post(`/auth/reset-password?token=${resetToken}`, { password })
  const setLogin = async (id: string, action: 'disableLogin' | 'enableLogin') =>
    await world().put(`/api/users/${id}`, { action }, admin.token)
  /** The token of a reset mail that was just asked for. */
  const resetTokenOf = async (email: string): Promise<string> => {
    await forgot(email)
    return mailedToken(world(), email)
  }
  const open = { world, admin: () => admin, method: 'POST', allow: ['POST'], needs: 'nothing', body: 'json', expectError } as const

  return { world, admin: () => admin, logIn, welcome, refresh, logOut, forgot, reset, setLogin, resetTokenOf, open }
}
