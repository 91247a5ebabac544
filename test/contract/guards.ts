/**
 * The cases that every route of `wekan` and `authentication` has whatever it does: 405, 413, 415, a body that cannot be parsed,
 * 401 for every token that opens nothing, OPTIONS.
 */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { person, withTwoFactor } from '../support/accounts.ts'
import type { Answer, Send, World } from '../support/world.ts'
import { MINUTE, mailedToken, SECOND } from './support.ts'

export interface Admin {
  readonly token: string
}

const altered = (token: string): string => {
  const [head = '', payload = '', signature = ''] = token.split('.')
  const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), exp: 9_999_999_999 }
  return [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
}

/** Tokens that open nothing, each really made; time moves on by half an hour and a second. */
const makeDeadAuthorizations = async (world: World, admin: Admin) => {
  const expired = await person(world)
  world.advance(30 * MINUTE + SECOND)
  const [live, revoked, disabled, deleted, ended, twoFactor] = [
    await person(world),
    await person(world),
    await person(world),
    await person(world),
    await person(world),
    await withTwoFactor(world),
  ]
  await world.post('/auth/logout', { refreshToken: revoked.refreshToken })
  await world.put(`/api/users/${disabled.id}`, { action: 'disableLogin' }, admin.token)
  await world.delete(`/api/users/${deleted.id}`, admin.token)
  await world.post('/auth/forgot-password', { email: ended.email })
  await world.post(`/auth/reset-password?token=${mailedToken(world, ended.email)}`, { password: 'another password' })
  await world.post('/auth/forgot-password', { email: live.email })
  const { body } = await world.post('/auth/login', twoFactor)
  return {
    'no header': undefined,
    'no token': 'Bearer',
    'another scheme': `Basic ${live.token}`,
    'an unknown token': `Bearer ${randomBytes(32).toString('base64url')}`,
    'an altered JWT': `Bearer ${altered(live.token)}`,
    'an expired access token': `Bearer ${expired.token}`,
    'a revoked token': `Bearer ${revoked.token}`,
    'a token of a disabled account': `Bearer ${disabled.token}`,
    'a token of a deleted account': `Bearer ${deleted.token}`,
    'a token of before a password reset': `Bearer ${ended.token}`,
    'a refresh token': `Bearer ${live.refreshToken}`,
    'a login code': `Bearer ${body.loginCode}`,
    'a reset token': `Bearer ${mailedToken(world, live.email)}`,
  }
}

type Dead = Awaited<ReturnType<typeof makeDeadAuthorizations>>
const deads = new WeakMap<World, Promise<Dead>>()
const deadAuthorizations = (world: World, admin: Admin): Promise<Dead> => {
  const known = deads.get(world) ?? makeDeadAuthorizations(world, admin)
  deads.set(world, known)
  return known
}

const DEAD = [
  'no header',
  'no token',
  'another scheme',
  'an unknown token',
  'an altered JWT',
  'an expired access token',
  'a revoked token',
  'a token of a disabled account',
  'a token of a deleted account',
  'a token of before a password reset',
  'a refresh token',
  'a login code',
  'a reset token',
] as const satisfies readonly (keyof Dead)[]

export interface Guarded {
  readonly world: () => World
  readonly admin: () => Admin
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly allow: readonly string[]
  readonly needs: 'nothing' | 'session' | 'admin'
  /** The route reads a body, as JSON or also as a form. */
  readonly body: 'none' | 'json' | 'json or form'
  /** Checks an error that the contract gives no text for. */
  readonly expectError: (answer: Answer, status: number) => void
  /** 403 for a session that is no administrator's. */
  readonly expectForbidden?: (answer: Answer) => void
}

const LIMIT = 100 * 1024
const JSON_TYPE = { 'content-type': 'application/json' }
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }

const unsupported: readonly [string, Send][] = [
  ['text/plain', { raw: '{}', headers: { 'content-type': 'text/plain' } }],
  ['multipart/form-data', { raw: '--x--', headers: { 'content-type': 'multipart/form-data; boundary=x' } }],
  ['no content type', { raw: new TextEncoder().encode('{}') }],
  ['another charset', { raw: '{}', headers: { 'content-type': 'application/json; charset=iso-8859-1' } }],
  ['a content encoding', { raw: '{}', headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } }],
]

const unparsable: readonly [string, Send][] = [
  ['cut off JSON', { raw: '{"a": ', headers: JSON_TYPE }],
  ['an array', { raw: '[]', headers: JSON_TYPE }],
  ['a JSON string', { raw: '"text"', headers: JSON_TYPE }],
  ['null', { raw: 'null', headers: JSON_TYPE }],
  ['bytes that are not UTF-8', { raw: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), headers: JSON_TYPE }],
]

const unparsableForms: readonly [string, Send][] = [
  ['a repeated form parameter', { raw: 'password=a&password=b', headers: FORM_TYPE }],
  ['a form with a broken escape', { raw: 'password=%zz', headers: FORM_TYPE }],
]

/** The cases that a route has whatever it does. */
export function itsGuards({ world, admin, method, path, allow, needs, body, expectError, expectForbidden }: Guarded): void {
  const send = async (options: Send = {}) => await world().request(method, path, options)
  const allowed = (answer: Answer) => answer.headers.get('allow')?.split(', ').sort()
  const wanted = [...allow, ...(allow.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort()

  describe('whatever is asked', () => {
    it('OPTIONS is 204 with Allow', async () => {
      const answer = await world().request('OPTIONS', path)
      expect({ status: answer.status, text: answer.text, allow: allowed(answer) }).toEqual({ status: 204, text: '', allow: wanted })
    })

    it.each(['GET', 'POST', 'PUT', 'DELETE', 'PATCH'].filter((other) => !allow.includes(other)))('%s is 405 with Allow', async (other) => {
      const answer = await world().request(other, path)
      expectError(answer, 405)
      expect(allowed(answer)).toEqual(wanted)
    })

    it('a trailing slash is none', async () => {
      const answer = await world().request('PATCH', `${path}/`)
      expectError(answer, 405)
      expect(allowed(answer)).toEqual(wanted)
    })

    it('a repeated query parameter is 400, before 401', async () => {
      expectError(await world().request(method, `${path}?a=1&a=2`), 400)
    })

    if (method === 'POST' || method === 'PUT') {
      it('a body over 100 KiB is 413, before 415 and 401', async () => {
        expectError(await send({ raw: 'x'.repeat(LIMIT + 1), headers: { 'content-type': 'text/plain' } }), 413)
      })
      it('megabytes are drained, so that the client reads the 413', async () => {
        expectError(await send({ raw: ' '.repeat(4 * 1024 * 1024), headers: JSON_TYPE }), 413)
      })
    }

    if (body !== 'none') {
      const forms = body === 'json or form'
      it.each([...unsupported, ...(forms ? [] : [['a form', { form: { a: '1' } }] as [string, Send]])])(
        '%s is 415, before 401',
        async (_name, options) => expectError(await send(options), 415),
      )
      it.each([...unparsable, ...(forms ? unparsableForms : [])])('%s is 400, before 401', async (_name, options) =>
        expectError(await send(options), 400),
      )
      it('a body of 100 KiB is read', async () => {
        const answer = await send({ raw: `{"a": "${'x'.repeat(LIMIT - 9)}"}`, headers: JSON_TYPE })
        expectError(answer, needs === 'nothing' ? 400 : 401)
      })
    }

    if (needs !== 'nothing') {
      it.each(DEAD)('%s is 401', async (name) => {
        const authorization = (await deadAuthorizations(world(), admin()))[name]
        expectError(await send(authorization === undefined ? {} : { headers: { authorization } }), 401)
      })
    }

    if (expectForbidden !== undefined) {
      it('a session that is no administrator’s is 403, before 400 for fields', async () => {
        expectForbidden(await send({ token: (await person(world())).token }))
      })
    }
  })
}
