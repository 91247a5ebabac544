/**
 * The language of an account: where it comes from on every surface, who sees it, and that each mail to the account and each
 * page that a mail leads to is in it.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { type Locale, locales } from '../src/domain/base/locales.ts'
import { adminToken, expectFailure, mailedToken, mutate, query } from './graphql/ask.ts'
import { admin, grant, PASSWORD, type Person, person, unique, verifiedPerson, verifiedWithTwoFactor } from './support/accounts.ts'
import { readHtml } from './support/html.ts'
import { useWorld, type World } from './support/world.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const ARABIC = 'ar-EG,ar;q=0.9,en;q=0.8'
const ENGLISH = 'en-GB,en;q=0.9'
type Sent = Readonly<Record<string, string>>
const asking = (language: string | undefined): Sent => (language === undefined ? {} : { 'accept-language': language })

const localeOf = async (on: World, id: string): Promise<string> =>
  (await query(on, `user(by: { id: "${id}" }) { locale }`, await adminToken(on))).locale
const draft = () => ({ email: `speaker${unique()}@example.com`, username: `speaker${unique()}`, password: PASSWORD })

const SIGN_UP = 'mutation($input: SignUpInput!) { result: signUp(input: $input) { ... on SignUpSuccess { user { id locale } } } }'
const CREATE_USER =
  'mutation($input: CreateUserInput!) { result: createUser(input: $input) { ... on CreateUserSuccess { user { id locale } } } }'

/** Runs a mutation with headers of its own, and returns the account that it made. */
const make = async (on: World, document: string, input: object, headers: Sent, token?: string) => {
  const { body } = await on.request('POST', '/graphql', { json: { query: document, variables: { input } }, headers, token })
  return body.data.result.user as { id: string; locale: string }
}

/** How an account is made on each surface: by its owner, or by an administrator for somebody else. */
const signUps: Readonly<Record<string, (on: World, headers: Sent) => Promise<string>>> = {
  graphql: async (on, headers) => (await make(on, SIGN_UP, draft(), headers)).id,
  wekan: async (on, headers) => (await on.request('POST', '/users/register', { json: draft(), headers })).body.id,
  xiot: async (on, headers) => {
    const { username: _, ...input } = draft()
    const json = { ...input, firstName: 'Layla', lastName: 'Hassan', passwordConfirmation: PASSWORD }
    return (await on.request('POST', '/v1/auth/signup', { json, headers })).body.id
  },
  authentication: async (on, headers) => {
    const { username: _, ...input } = draft()
    return (await on.request('POST', '/auth/register', { json: { ...input, name: 'Layla', confirm: PASSWORD }, headers })).body.user.id
  },
}
const creations: Readonly<Record<string, (on: World, headers: Sent) => Promise<string>>> = {
  graphql: async (on, headers) => (await make(on, CREATE_USER, draft(), headers, await adminToken(on))).id,
  idiot: async (on, headers) => {
    const { username: _, ...input } = draft()
    return (await on.request('POST', '/v1/users', { json: { ...input, name: 'Layla' }, headers, token: await adminToken(on) })).body.id
  },
  wekan: async (on, headers) => (await on.request('POST', '/api/users', { json: draft(), headers, token: await adminToken(on) })).body.id,
}

describe('a sign-up', () => {
  it.each<[string | undefined, string]>([
    [undefined, 'EN'],
    ['*', 'EN'],
    [ENGLISH, 'EN'],
    [ARABIC, 'AR'],
    ['ar', 'AR'],
    ['AR-sa', 'AR'],
    ['fr,ar;q=0.5,en;q=0.4', 'AR'],
    ['fr,ar;q=0.4,en;q=0.5', 'EN'],
    ['en;q=0,*', 'AR'],
    ['fr,de', 'EN'],
    ['<ar>', 'EN'],
  ])('a sign-up by a client that asks for %s is %s', async (language, locale) => {
    expect((await make(world(), SIGN_UP, draft(), asking(language))).locale).toBe(locale)
  })

  it.each(Object.entries(signUps))('a sign-up on %s takes the language of its request', async (_surface, signUp) => {
    expect(await localeOf(world(), await signUp(world(), asking(ARABIC)))).toBe('AR')
    expect(await localeOf(world(), await signUp(world(), asking(ENGLISH)))).toBe('EN')
  })

  it.each([
    ['AR', ENGLISH, 'AR'],
    ['EN', ARABIC, 'EN'],
    [null, ARABIC, 'AR'],
  ])('a sign-up that says %s to a client of %s is %s', async (locale, language, expected) => {
    expect((await make(world(), SIGN_UP, { ...draft(), locale }, asking(language))).locale).toBe(expected)
  })

  it('a sign-up in a language that we do not have is none', async () => {
    const json = { query: SIGN_UP, variables: { input: { ...draft(), locale: 'FR' } } }
    const { body } = await world().request('POST', '/graphql', { json })
    expect(body.errors[0].message).toContain('input.locale')
    expect(body.data).toBeUndefined()
  })
})

describe('an account for somebody else', () => {
  it.each(Object.entries(creations))(
    'an account for somebody else on %s takes nothing of the administrator’s language',
    async (_surface, create) => {
      expect(await localeOf(world(), await create(world(), asking(ARABIC)))).toBe('EN')
    },
  )

  it('an account for somebody else takes the language that is given', async () => {
    expect((await make(world(), CREATE_USER, { ...draft(), locale: 'AR' }, asking(ENGLISH), await adminToken(world()))).locale).toBe('AR')
  })
})

describe('with DEFAULT_LOCALE=ar', () => {
  const arabic = useWorld({ DEFAULT_LOCALE: 'ar', ADMIN_EMAIL: 'mudir@example.com', ADMIN_PASSWORD: PASSWORD })
  const settingsAdmin = async () => await mutate(arabic(), 'signIn', { identifier: 'mudir@example.com', password: PASSWORD })

  it('whoever asks for no language of ours has Arabic, and so have the accounts that others make', async () => {
    const token = (await settingsAdmin()).credentials.accessToken.token
    expect(await query(arabic(), 'me { locale }', token)).toEqual({ locale: 'AR' })
    expect((await make(arabic(), SIGN_UP, draft(), asking('fr,de'))).locale).toBe('AR')
    expect((await make(arabic(), SIGN_UP, draft(), {})).locale).toBe('AR')
    expect((await make(arabic(), SIGN_UP, draft(), asking(ENGLISH))).locale).toBe('EN')
    expect((await make(arabic(), CREATE_USER, draft(), asking(ENGLISH), token)).locale).toBe('AR')
  })

  it('pages are Arabic where nothing else is asked for', async () => {
    expect((await arabic().get('/reset-password')).headers.get('content-language')).toBe('ar')
  })
})

describe('updateProfile', () => {
  const own = async (someone: Person) => (await query(world(), 'me { locale }', someone.token)).locale

  it('updateProfile changes the language and leaves it where none is given', async () => {
    const someone = await person(world())
    for (const [input, locale] of [
      [{ locale: 'AR' }, 'AR'],
      [{ bio: 'x' }, 'AR'],
      [{ locale: null }, 'AR'],
      [{ locale: 'EN' }, 'EN'],
    ] as const) {
      expect((await mutate(world(), 'updateProfile', input, someone.token)).user.id).toBe(someone.id)
      expect(await own(someone)).toBe(locale)
    }
  })

  it('updateProfile needs a session', async () => {
    expectFailure(await mutate(world(), 'updateProfile', { locale: 'AR' }), 'errors', 'UNAUTHENTICATED')
  })
})

describe('the language of an account', () => {
  it('the language of an account is seen by its owner and by who may read all, and by nobody else', async () => {
    const [someone, other, reader] = [await person(world(), { locale: 'AR' }), await person(world()), await person(world())]
    await grant(world(), reader, ['users:read'])
    const seen = async ({ token }: Person) => await query(world(), `user(by: { id: "${someone.id}" }) { locale }`, token)
    expect(await seen(someone)).toEqual({ locale: 'AR' })
    expect(await seen(reader)).toEqual({ locale: 'AR' })
    expectFailure(await seen(other), 'errors', 'FORBIDDEN', [], { missingScope: 'USERS_READ' })
  })

  it('the language of an account is no part of any dialect', async () => {
    const { token, id } = await person(world(), { locale: 'AR' })
    const answers = [
      await world().get('/v1/profile', token),
      await world().put('/v1/profile', { lastName: 'Hassan', locale: 'EN' }, token),
      await world().get('/api/user', token),
      await world().post('/auth', undefined, token),
      await world().get(`/v1/users/${id}`, token),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    for (const { text } of answers) expect(text).not.toContain('locale')
    expect(await localeOf(world(), id)).toBe('AR')
  })
})

const SUBJECTS: Readonly<Record<Locale, readonly string[]>> = {
  en: [
    'Reset your password',
    'Your password was reset',
    'Confirm your e-mail address',
    'Your e-mail address was changed',
    'Your password was changed',
    'Two-factor authentication is on',
    'Two-factor authentication is off',
  ],
  ar: [
    'إعادة تعيين كلمة المرور',
    'تمت إعادة تعيين كلمة المرور',
    'تأكيد عنوان بريدك الإلكتروني',
    'تم تغيير عنوان بريدك الإلكتروني',
    'تم تغيير كلمة المرور',
    'تم تفعيل المصادقة الثنائية',
    'تم إيقاف المصادقة الثنائية',
  ],
}

/** Lives the life of an account, as far as mails go, with requests in English only; returns the addresses it had. */
const live = async (locale: Locale): Promise<string[]> => {
  const named = { locale: locale.toUpperCase(), name: locale === 'ar' ? 'ليلى حسن' : 'Layla Hassan' }
  const lost = await verifiedPerson(world(), named)
  await world().request('POST', '/v1/security/forget-password', { json: { email: lost.email }, headers: asking(ENGLISH) })
  await mutate(world(), 'resetPassword', { token: mailedToken(world(), lost.email), newPassword: 'battery staple correct' })
  const someone = await verifiedPerson(world(), named)
  const address = `new-${someone.email}`
  await mutate(world(), 'changeEmail', { email: address }, someone.token)
  await mutate(world(), 'confirmEmail', { token: mailedToken(world(), address) })
  const factor = await verifiedWithTwoFactor(world(), named)
  await mutate(world(), 'changePassword', { oldPassword: PASSWORD, newPassword: 'battery staple correct' }, factor.token)
  await world().post('/v1/security/twofactor-disable', { password: 'battery staple correct' }, factor.token)
  return [lost.email, someone.email, address, factor.email]
}

describe.each(locales)('the mails to an account in %s', (locale) => {
  it('the mails to an account are all in its language, as text and as HTML, whatever the requests asked for', async () => {
    const addresses = await live(locale)
    const mails = world().mails.filter(({ to }) => addresses.includes(to))
    expect(mails.map(({ subject }) => subject)).toEqual(expect.arrayContaining([...SUBJECTS[locale]]))
    for (const { text, html = '' } of mails) {
      expect(text).toMatch({ en: /^Hello Layla Hassan,\n/, ar: /^مرحبًا \u2068ليلى حسن\u2069،\n/ }[locale])
      const [root] = readHtml(html)
      expect(root?.attributes).toEqual({ lang: locale, dir: { en: 'ltr', ar: 'rtl' }[locale] })
      expect(root?.text).toContain({ en: 'Layla Hassan', ar: 'ليلى حسن' }[locale])
    }
  })

  it('lead to a page in its language', async () => {
    const { email } = await person(world(), { locale: locale.toUpperCase() })
    await mutate(world(), 'requestPasswordReset', { email })
    const link = /http:\/\/vestibule\.test(\S+)#token=/.exec(world().mails.findLast(({ to }) => to === email)?.text ?? '')?.[1] ?? ''
    expect(link).toBe({ en: '/reset-password', ar: '/reset-password?lang=ar' }[locale])
    const page = await world().get(link)
    expect(page.text).toContain(`<html lang="${locale}" dir="${{ en: 'ltr', ar: 'rtl' }[locale]}">`)
  })
})

describe.each(['/reset-password', '/confirm-email'])('GET %s', (path) => {
  it.each([
    [path, ARABIC, 'ar'],
    [path, ENGLISH, 'en'],
    [path, 'fr', 'en'],
    [`${path}?lang=ar`, ENGLISH, 'ar'],
    [`${path}?lang=en`, ARABIC, 'en'],
    [`${path}?lang=fr`, ARABIC, 'ar'],
  ])('%s for %s is in %s', async (asked, language, locale) => {
    for (const method of ['GET', 'HEAD']) {
      const { status, headers, text } = await world().request(method, asked, { headers: asking(language) })
      expect([status, headers.get('content-language')]).toEqual([200, locale])
      expect(headers.get('vary')).toContain('Accept-Language')
      expect(text).toMatch(method === 'HEAD' ? /^$/ : new RegExp(`<html lang="${locale}"`))
    }
  })
})
