/**
 * What the contract tests of `wekan` and `authentication` share: one check of a whole answer, the bearer headers that open
 * nothing, and the cases that every route has whatever it does (405, 413, 415, unparsable, 401, HEAD, OPTIONS).
 */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { person, withTwoFactor } from '../support/accounts.ts'
import type { Answer, Send, World } from '../support/world.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const DAY = 24 * 60 * MINUTE
export const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
export const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
export const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** An answer as a whole: status, exact body, and the headers that every answer has. */
export function expectAnswer(answer: Answer, status: number, body: unknown): void {
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body })
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{1,64}$/)
  expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null)
  if (status === 429 || status === 503) expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  else expect(answer.headers.get('retry-after')).toBeNull()
}

export const retryAfter = (answer: Answer): number => Number(answer.headers.get('retry-after'))

/** That `date` is `life` from a moment since `before`. */
export function expectLife(date: string, life: number, before: number): void {
  expect(date).toMatch(ISO)
  expect(Date.parse(date)).toBeGreaterThanOrEqual(before + life)
  expect(Date.parse(date)).toBeLessThanOrEqual(Date.now() + life)
}

/** The token in the newest mail to an address. */
export const mailedToken = ({ mails }: World, to: string): string => {
  const token = /#token=([\w-]+)/.exec(mails.findLast((mail) => mail.to === to)?.text ?? '')?.[1]
  if (token === undefined) throw new Error(`no mail with a token went to ${to}`)
  return token
}

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

export interface PasswordLimited {
  readonly world: () => World
  /** Another surface than the one under test, to see that the counters are not its own. */
  readonly elsewhere: (identifier: string, password: string) => Promise<Answer>
  readonly signIn: (identifier: string, password: string) => Promise<Answer>
  readonly invalid: (identifier: string) => Promise<Answer>
  readonly expectWrong: (answer: Answer) => void
  readonly expectTooMany: (answer: Answer) => void
}

const times = async (count: number, work: () => Promise<Answer>): Promise<Answer[]> => {
  const answers: Answer[] = []
  while (answers.length < count) answers.push(await work())
  return answers
}

/** Ten wrong passwords for one account within 15 minutes, then growing delays. */
export function itsPasswordLimit({ world, elsewhere, signIn, invalid, expectWrong, expectTooMany }: PasswordLimited): void {
  describe('after ten wrong passwords', () => {
    const wrong = async (identifier: string, count: number) => {
      for (const answer of await times(count, async () => await signIn(identifier, 'a wrong password'))) expectWrong(answer)
    }
    const waitFor = (answer: Answer): void => world().advance(retryAfter(answer) * SECOND)

    it('the right one is 429 with Retry-After, until that has passed; another account does not wait', async () => {
      const [{ email, password }, other] = [await person(world()), await person(world())]
      await wrong(email, 10)
      expect((await signIn(other.email, other.password)).status).toBe(200)
      const refused = await signIn(email, password)
      expectTooMany(refused)
      waitFor(refused)
      expect((await signIn(email, password)).status).toBe(200)
    })

    it('each further one doubles the wait at least', async () => {
      const { email } = await person(world())
      await wrong(email, 10)
      const waits: number[] = []
      for (let round = 0; round < 3; round += 1) {
        const refused = await signIn(email, 'a wrong password')
        expectTooMany(refused)
        waits.push(retryAfter(refused))
        waitFor(refused)
        await wrong(email, 1)
      }
      const [first = 0, second = 0, third = 0] = waits
      expect([second > first, third > second]).toEqual([true, true])
    })

    it('an identifier that nobody has is answered alike', async () => {
      const { email } = await person(world())
      const unknown = `nobody-${email}`
      await wrong(unknown, 10)
      await wrong(email, 10)
      const [known, stranger] = [await signIn(email, 'a wrong password'), await signIn(unknown, 'a wrong password')]
      expectTooMany(known)
      expectTooMany(stranger)
      expect(stranger.body).toEqual(known.body)
    })

    it('username and e-mail address count apart, each however it is spelt', async () => {
      const { email, username, password } = await person(world())
      await wrong(username, 5)
      await wrong(username.toUpperCase(), 5)
      expectTooMany(await signIn(username, password))
      await wrong(email, 5)
      expect((await signIn(email, password)).status).toBe(200)
      expectTooMany(await signIn(username, password))
    })

    it('every surface waits, and those of every surface count', async () => {
      const { email, password } = await person(world())
      await wrong(email, 5)
      await times(5, async () => await elsewhere(email, 'a wrong password'))
      expect((await elsewhere(email, password)).status).toBe(429)
      expectTooMany(await signIn(email, password))
    })

    it('those of more than 15 minutes ago count no more', async () => {
      const { email, password } = await person(world())
      await wrong(email, 9)
      world().advance(15 * MINUTE + SECOND)
      await wrong(email, 1)
      expect((await signIn(email, password)).status).toBe(200)
    })

    it('invalid input is no failure', async () => {
      const { email, password } = await person(world())
      for (const answer of await times(11, async () => await invalid(email))) expect(answer.status).toBe(400)
      expect((await signIn(email, password)).status).toBe(200)
    })
  })
}
