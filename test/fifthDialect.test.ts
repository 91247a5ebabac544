/**
 * A fifth dialect, loaded at start from the file that DIALECTS names: the example of docs/dialects.md, beside the four and alone.
 * It is one more surface on the same user base, by the same limits, and by the rules of `custom`, whatever it says of itself.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, grant, PASSWORD, person, unique, withTwoFactor } from './support/accounts.ts'
import { useDialectFiles } from './support/dialectFiles.ts'
import { type Answer, useWorld, type World } from './support/world.ts'

const OURS = 'idiot,wekan,xiot,authentication'
const isoDate = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const files = useDialectFiles()

const login = async (world: World, mail: string, pass = PASSWORD): Promise<Answer> => await world.post('/kiosk/login', { mail, pass })
const signedIn = async (world: World, mail: string, pass = PASSWORD): Promise<{ access: string; refresh: string }> => {
  const { status, body } = await login(world, mail, pass)
  expect(status).toBe(200)
  return body
}
const refused = ({ status, body }: Answer): unknown => ({ status, why: body.why })

describe('beside the four', () => {
  const world = useWorld(() => ({ DIALECTS: `${OURS},${files().kiosk}` }))
  beforeAll(async () => void (await admin(world())))

  it('the fifth dialect signs in whoever has an account, by JSON or a form, and shows it in its own shape', async () => {
    const ada = await person(world(), { name: 'Ada Lovelace' })
    const byForm = await world().request('POST', '/kiosk/login', { form: { mail: ada.email, pass: PASSWORD } })
    expect(byForm.body).toEqual({ ok: true, access: expect.any(String), refresh: expect.any(String) })
    const { access } = await signedIn(world(), ada.email)
    const shown = { nr: ada.id, mail: ada.email, name: 'Ada Lovelace', since: isoDate }
    for (const token of [access, byForm.body.access]) expect((await world().get('/kiosk/me', token)).body).toEqual(shown)
    expect((await world().get(`/kiosk/people/${ada.id}`, access)).body).toEqual(shown)
  })

  it('its tokens work on every surface, and those of every surface work here', async () => {
    const { email, id, token, username } = await person(world())
    const { access } = await signedIn(world(), email)
    expect((await world().graphql('{ me { id } }', {}, access)).body.me.id).toBe(id)
    expect((await world().get('/v1/profile', access)).body.id).toBe(id)
    expect((await world().get('/api/user', access)).body._id).toBe(id)
    expect((await world().post('/auth', undefined, access)).body.user.email).toBe(email)
    const others = [
      token,
      (await world().post('/v1/auth/login', { email, password: PASSWORD })).body.token,
      (await world().post('/users/login', { username, password: PASSWORD })).body.token,
      (await world().post('/auth/login', { email, password: PASSWORD })).body.tokens.access.token,
    ]
    for (const other of others) expect((await world().get('/kiosk/me', other)).body.nr).toBe(id)
  })

  it('its sessions are a refresh chain, said to be of a dialect of the server’s own', async () => {
    const { email, id: userId } = await person(world())
    const { access, refresh } = await signedIn(world(), email)
    const events = await world().db.client.auditEvent.findMany({ where: { userId, type: 'session.signed_in' }, select: { surface: true } })
    expect(events).toContainEqual({ surface: 'custom' })
    const { body } = await world().graphql('{ me { sessions { surface current } } }', {}, access)
    expect(body.me.sessions.find(({ current }: { current: boolean }) => current)).toEqual({ surface: 'CUSTOM', current: true })
    const renewed = await world().post('/auth/refresh-tokens', { refreshToken: refresh })
    expect((await world().get('/kiosk/me', renewed.body.access.token)).status).toBe(200)
  })

  it('the fifth dialect asks for the second factor, and takes its code once', async () => {
    const guarded = await withTwoFactor(world())
    const first = await login(world(), guarded.email)
    expect(first.headers.get('www-authenticate')).toBe('Bearer')
    expect(first.body).toEqual({ ok: false, why: 'two_factor_required', text: expect.any(String), code_ticket: expect.any(String) })
    expect(first.status).toBe(401)
    const answer = { ticket: first.body.code_ticket, code: guarded.code() }
    const { body, status } = await world().post('/kiosk/login/code', answer)
    expect([status, body.ok]).toEqual([200, true])
    expect((await world().get('/kiosk/me', body.access)).body.nr).toBe(guarded.id)
    expect(refused(await world().post('/kiosk/login/code', answer))).toEqual({ status: 401, why: 'invalid_login_code' })
  })

  it('the fifth dialect says what went wrong in its own body, with its own status and words where it has them', async () => {
    const { email, token } = await person(world())
    expect((await login(world(), email, 'wrong password')).body).toEqual({
      ok: false,
      why: 'bad_credentials',
      text: 'Wrong e-mail address or password',
    })
    const invalid = await world().post('/kiosk/login', { mail: 3 })
    expect([invalid.status, invalid.body.why, invalid.body.fields]).toEqual([
      400,
      'invalid_input',
      { mail: 'must be a string', pass: 'is required' },
    ])
    expect(refused(await world().get('/kiosk/me'))).toEqual({ status: 401, why: 'unauthenticated' })
    expect((await world().get('/kiosk/people', token)).body).toMatchObject({ why: 'forbidden', text: 'missing permission users:read' })
    expect(refused(await world().get('/kiosk/people/nobody', token))).toEqual({ status: 404, why: 'not_found' })
    expect(refused(await world().get('/kiosk/people?page=0', await adminToken()))).toEqual({ status: 400, why: 'invalid_input' })
    expect(refused(await world().get('/kiosk/nowhere'))).toEqual({ status: 404, why: 'no_such_place' })
    const wrongMethod = await world().put('/kiosk/people')
    expect(refused(wrongMethod)).toEqual({ status: 405, why: 'no_such_method' })
    expect(wrongMethod.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS')
    expect(refused(await world().request('POST', '/kiosk/login', { raw: '{' }))).toEqual({ status: 415, why: 'unreadable' })
    const json = { 'content-type': 'application/json' }
    expect(refused(await world().request('POST', '/kiosk/login', { raw: '{', headers: json }))).toEqual({ status: 400, why: 'unreadable' })
    const large = await world().post('/kiosk/login', { mail: 'x'.repeat(200_000), pass: 'x' })
    expect(refused(large)).toEqual({ status: 413, why: 'unreadable' })
  })

  const adminToken = async (): Promise<string> => (await signedIn(world(), (await admin(world())).email)).access

  it('the fifth dialect refuses a disabled account, after the right password only', async () => {
    const gone = await person(world())
    const { access } = await signedIn(world(), gone.email)
    await world().put(`/api/users/${gone.id}`, { action: 'disableLogin' }, await adminToken())
    expect(refused(await login(world(), gone.email))).toEqual({ status: 403, why: 'account_disabled' })
    expect(refused(await login(world(), gone.email, 'wrong password'))).toEqual({ status: 401, why: 'bad_credentials' })
    expect(refused(await world().get('/kiosk/me', access))).toEqual({ status: 401, why: 'unauthenticated' })
  })

  it('the fifth dialect makes accounts for administrators, and they sign in everywhere', async () => {
    const clerk = await person(world())
    const input = { mail: `kiosk${unique()}@example.com`, name: 'Grace Hopper', pass: PASSWORD }
    await grant(world(), clerk, ['users:create', 'users:read'])
    expect(refused(await world().post('/kiosk/people', input, clerk.token))).toEqual({ status: 403, why: 'forbidden' })
    const token = await adminToken()
    const { status, body } = await world().post('/kiosk/people', input, token)
    expect([status, body]).toEqual([201, { nr: expect.any(String), mail: input.mail, name: 'Grace Hopper', since: isoDate }])
    expect((await world().post('/auth/login', { email: input.mail, password: PASSWORD })).status).toBe(200)
    const again = await world().post('/kiosk/people', input, token)
    expect([again.status, again.body.why, again.body.fields]).toEqual([409, 'email_taken', { email: 'E-mail already in use' }])
  })

  it('lists page by page what the connection holds', async () => {
    const token = await adminToken()
    const total = await world().db.client.user.count()
    const some = Array.from({ length: Math.max(0, 55 - total) }, () => ({
      mail: `page${unique()}@example.com`,
      name: 'Some One',
      pass: PASSWORD,
    }))
    await Promise.all(some.map(async (input) => await world().post('/kiosk/people', input, token)))
    const everybody = await world().db.client.user.findMany({ select: { id: true }, orderBy: { seq: 'asc' } })
    const pages: { nr: string }[][] = []
    for (const page of [1, 2, 3]) pages.push((await world().get(`/kiosk/people?page=${page}`, token)).body)
    expect(pages.map(({ length }) => length)).toEqual([50, everybody.length - 50, 0])
    expect(pages.flat().map(({ nr }) => nr)).toEqual(everybody.map(({ id }) => id))
  })

  it('its wrong passwords count together with those of every other surface', async () => {
    const { email } = await person(world())
    for (let tries = 0; tries < 5; tries += 1) {
      await login(world(), email, 'wrong password')
      await world().post('/auth/login', { email, password: 'wrong password' })
    }
    const shut = await login(world(), email)
    expect(refused(shut)).toEqual({ status: 429, why: 'too_many_requests' })
    expect(Number(shut.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await world().post('/auth/login', { email, password: PASSWORD })).status).toBe(429)
  })

  it('the fifth dialect has its document, made of its rows', async () => {
    const { body } = await world().get('/openapi/kiosk.json')
    expect(Object.keys(body.paths)).toEqual(['/login', '/login/code', '/me', '/people', '/people/{nr}', '/password'])
    expect(body.servers).toEqual([{ url: 'http://vestibule.test/kiosk' }])
    expect(body.paths['/people'].post.responses['409'].content['application/json'].examples.EMAIL_TAKEN.value.why).toBe('email_taken')
    expect(body.components.schemas.Person.properties.since).toEqual({ type: ['string', 'null'], format: 'date-time' })
    expect((await world().get('/docs/page.js')).text).toContain('"openapi/kiosk.json"')
  })
})

describe('alone', () => {
  const world = useWorld(() => ({ DIALECTS: files().kiosk }))
  beforeAll(async () => void (await admin(world())))

  it('the fifth dialect is served alone, without the four', async () => {
    const { email } = await person(world())
    expect((await login(world(), email)).status).toBe(200)
    for (const path of ['/v1/auth/login', '/users/login', '/auth/login'])
      expect((await world().post(path, { email, password: PASSWORD })).status).toBe(404)
  })
})

describe('what a file says of itself', () => {
  const world = useWorld(() => ({ DIALECTS: files().from('claims.mjs', "{ ...kiosk, surface: 'wekan' }") }))
  beforeAll(async () => void (await admin(world())))

  it('what a file says of itself gives it no weaker rule: where wekan takes 6 characters, 8 are asked for, and tokens are not those of wekan', async () => {
    const { email } = await person(world())
    const { access, refresh } = await signedIn(world(), email)
    expect(refresh).toEqual(expect.any(String))
    const short = await world().post('/kiosk/password', { old: PASSWORD, new: 'sixsix' }, access)
    expect([short.status, short.body.why, short.body.fields]).toEqual([
      400,
      'invalid_input',
      { newPassword: 'must have at least 8 characters' },
    ])
    expect((await login(world(), email, 'sixsix')).status).toBe(401)
    expect((await world().post('/kiosk/password', { old: PASSWORD, new: 'eight chars or more' }, access)).body).toEqual({ ok: true })
    expect((await login(world(), email, 'eight chars or more')).status).toBe(200)
  })
})
