/** The pages that mails link to in a real browser, against a stand-in for GraphQL that is mounted under a prefix, as behind a proxy. */

import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { GuardedRequest } from '../../src/http/message.ts'
import { createRouter } from '../../src/http/router.ts'
import { pageRoutes } from '../../src/pages/pageRoutes.ts'
import { readWebFiles } from '../../src/pages/webFiles.ts'
import { findBrowser, launch } from '../support/browser.ts'

interface Call {
  url: string | undefined
  headers: IncomingMessage['headers']
  body: { query: string; variables: { input: Record<string, string> } }
}
type Answer = (response: ServerResponse) => void

const calls: Call[] = []
let answer: Answer
/** The look-ups of tokens, which come before anything is done, and what is said to them. */
const checks: Call[] = []
let checked: Answer
const says =
  (result: object, status = 200): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(result))
const fails = (field: string, failure: object): Answer =>
  says({ data: { [field]: { __typename: 'SomeError', fieldErrors: null, ...failure } } })

const alive = (signInName: string | null = null): Answer =>
  says({ data: { checkMailToken: { __typename: 'CheckMailTokenSuccess', signInName } } })

const pagesUnder = (base: string) => {
  const config = readConfig({ PUBLIC_URL: base, PAGES: 'none', SIGN_IN_URL: 'https://app.example/sign-in?next=%2F&a="b' })
  return createRouter(pageRoutes({ config, randomBytes, files: readWebFiles(process.cwd()), overview: async () => ({}) }))
}
let router: ReturnType<typeof createRouter>

/** What every page asks: who is signed in, and what the service is. */
const general: readonly (readonly [string, object])[] = [
  ['query Me', { me: null }],
  ['query Service', { service: { __typename: 'Service', name: 'Example', isRegistrationOpen: true } }],
]

const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL((request.url ?? '').replace(/^\/boards/, ''), 'http://127.0.0.1')
  if (request.method === 'GET') {
    const headers = new Headers(request.headers as Record<string, string>)
    const {
      status,
      headers: given,
      body,
    } = await router({ method: 'GET', url, headers, facts: { requestId: 'r' } } as unknown as GuardedRequest)
    response.writeHead(status, Object.fromEntries(given)).end(body)
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const call = { url: request.url, headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString() || '{}') }
  const query = String(call.body.query)
  const known = general.find(([start]) => query.startsWith(start))
  if (known !== undefined) return void says({ data: known[1] })(response)
  const isCheck = query.includes('checkMailToken')
  ;(isCheck ? checks : calls).push(call)
  ;(isCheck ? checked : answer)(response)
}

const executable = findBrowser()

describe.skipIf(executable === undefined)('pages in Chromium', () => {
  let server: Server
  let browser: Browser
  let page: Page
  let base: string
  let complaints: string[]

  beforeAll(async () => {
    server = createServer(handle)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/boards`
    router = pagesUnder(base)
    browser = await launch(executable ?? '')
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    server?.closeAllConnections()
    server?.close()
  })
  beforeEach(async () => {
    calls.length = 0
    checks.length = 0
    checked = alive()
    complaints = []
    page = await browser.newPage()
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
  })
  afterEach(() => page.close())

  const status = () => page.locator('main .notice').first().textContent()
  /** The label of what has the focus. */
  const focused = () => page.evaluate<string | undefined>('document.activeElement?.labels?.[0]?.textContent.trim()')
  const shows = async (text: string): Promise<void> => {
    await page.getByText(text).waitFor({ timeout: 5_000 })
  }

  describe('/reset-password', () => {
    const password = () => page.getByLabel('New password', { exact: true })
    const set = async (text: string): Promise<void> => {
      await password().fill(text)
      await page.getByRole('button', { name: 'Set new password' }).click()
    }

    test('opening it spends nothing, drops the token from the address bar and puts the cursor into the field', async () => {
      await page.goto(`${base}/reset-password#token=T0k-en_`)
      await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
      expect(page.url()).toBe(`${base}/reset-password`)
      expect(await page.evaluate('history.length')).toBeLessThanOrEqual(2)
      await password().waitFor()
      expect(await focused()).toBe('New password')
      expect(await password().getAttribute('autocomplete')).toBe('new-password')
      expect(calls).toEqual([])
      expect(complaints).toEqual([])
    })

    test('posts token and password to GraphQL beside itself, and says that it is done', async () => {
      answer = says({ data: { resetPassword: { __typename: 'ResetPasswordSuccess' } } })
      await page.goto(`${base}/reset-password#token=T0k-en_`)
      await set('كلمة سر طويلة "x" 🔑')
      await shows('Your password is changed.')
      expect(calls).toHaveLength(1)
      expect(calls[0]).toMatchObject({
        url: '/boards/graphql',
        body: { variables: { input: { token: 'T0k-en_', newPassword: 'كلمة سر طويلة "x" 🔑' } } },
      })
      expect(calls[0]?.body.query).toContain('resetPassword(input: $input)')
      expect(calls[0]?.headers).toMatchObject({ origin: new URL(base).origin, 'content-type': 'application/json' })
      expect(calls[0]?.headers).not.toHaveProperty('referer')
      expect(calls[0]?.headers).not.toHaveProperty('cookie')
      expect(await password().isVisible()).toBe(false)
      expect(await page.evaluate('document.activeElement.className')).toBe('notice good')
      expect(complaints).toEqual([])
    })

    test('under a path with a trailing slash it asks the same GraphQL', async () => {
      answer = says({ data: { resetPassword: { __typename: 'ResetPasswordSuccess' } } })
      await page.goto(`${base}/reset-password/#token=t`)
      await set('long enough')
      await shows('Your password is changed.')
      expect(calls[0]?.url).toBe('/boards/graphql')
    })

    test('what is wrong with the password stands at the field, and the next try works with the same token', async () => {
      answer = fails('resetPassword', {
        code: 'INVALID_INPUT',
        message: 'x',
        fieldErrors: [{ field: 'newPassword', message: 'must have at least 8 characters' }],
      })
      await page.goto(`${base}/reset-password#token=t`)
      await set('short')
      await shows('The password must have at least 8 characters.')
      expect(await password().getAttribute('aria-invalid')).toBe('true')
      expect(await focused()).toBe('New password')
      answer = says({ data: { resetPassword: { __typename: 'ResetPasswordSuccess' } } })
      await set('long enough')
      await shows('Your password is changed.')
      expect(calls.map(({ body }) => body.variables.input.token)).toEqual(['t', 't'])
    })

    test('an empty password is not sent', async () => {
      await page.goto(`${base}/reset-password#token=t`)
      await set('')
      await shows('Please type a password.')
      expect(calls).toEqual([])
    })

    test.each<[string, Answer, string]>([
      ['too many attempts', fails('resetPassword', { code: 'TOO_MANY_REQUESTS', message: 'x' }), 'too many attempts'],
      ['a limit before GraphQL', says({ message: 'x' }, 429), 'too many attempts'],
      ['an unforeseen failure', fails('resetPassword', { code: 'NEW_CODE', message: 'Ask <b>somebody</b>.' }), 'Ask <b>somebody</b>.'],
      ['a masked fault', says({ errors: [{ message: 'Unexpected error.' }] }), 'Something went wrong on the server'],
      [
        'a proxy that answers HTML',
        (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
        'Something went wrong on the server',
      ],
      ['a broken connection', (response) => response.destroy(), 'could not be reached'],
    ])('%s is said clearly, and the form stays', async (_name, given, text) => {
      answer = given
      await page.goto(`${base}/reset-password#token=t`)
      await set('long enough')
      await shows(text)
      expect(await password().isVisible()).toBe(true)
    })

    const DEAD: [string, Answer][] = [
      ['a spent token', fails('resetPassword', { code: 'INVALID_MAIL_TOKEN', message: 'x' })],
      [
        'a token that is none',
        fails('resetPassword', { code: 'INVALID_INPUT', message: 'x', fieldErrors: [{ field: 'token', message: 'x' }] }),
      ],
    ]
    test.each(DEAD)('%s that died meanwhile is said, and there is a way on', async (_name, given) => {
      answer = given
      await page.goto(`${base}/reset-password#token=t`)
      await set('long enough')
      await shows('This link is not valid any more')
      expect(await password().isVisible()).toBe(false)
      expect(await page.getByLabel('E-mail address of your account').isVisible()).toBe(true)
    })

    test('a dead link is said before anything is typed, and a new one can be asked for', async () => {
      checked = fails('checkMailToken', { code: 'INVALID_MAIL_TOKEN', message: 'x' })
      await page.goto(`${base}/reset-password#token=dead`)
      await shows('This link is not valid any more')
      expect(await password().isVisible()).toBe(false)
      expect(checks.map(({ url, body }) => [url, body.variables.input])).toEqual([
        ['/boards/graphql', { token: 'dead', use: 'RESET_PASSWORD' }],
      ])
      const address = page.getByLabel('E-mail address of your account')
      const again = page.getByRole('button', { name: 'Send a new link' })
      await again.click()
      await shows('Please fill in this field.')
      answer = says({ data: { requestPasswordReset: { __typename: 'RequestPasswordResetSuccess' } } })
      await address.fill('layla@example.com')
      await again.click()
      await shows('a mail with a link is on its way')
      expect(calls.map(({ body }) => body.variables.input)).toEqual([{ email: 'layla@example.com' }])
      expect(calls[0]?.body.query).toContain('requestPasswordReset(input: $input)')
      expect(await address.isVisible()).toBe(false)
      expect(complaints).toEqual([])
    })

    test('a password manager finds what the password is for, which nobody sees', async () => {
      checked = alive('layla@example.com')
      await page.goto(`${base}/reset-password#token=t`)
      await password().waitFor()
      const username = page.locator('input[autocomplete=username]')
      expect(await username.inputValue()).toBe('layla@example.com')
      expect((await username.boundingBox())?.width).toBeLessThanOrEqual(1)
      await page.keyboard.press('Shift+Tab')
      expect(await page.evaluate('document.activeElement.autocomplete')).not.toBe('username')
    })

    test('a look-up that fails keeps nobody from the form', async () => {
      for (const given of [
        says({ message: 'x' }, 429),
        says({ errors: [{ message: 'x' }] }),
        (response: ServerResponse) => void response.destroy(),
      ]) {
        checked = given
        await page.goto(`${base}/reset-password#token=t${Math.random()}`)
        await password().waitFor()
      }
      expect(calls).toEqual([])
    })

    test('/reset-password without a token it says so, and takes one that comes later', async () => {
      await page.goto(`${base}/reset-password`)
      expect(await status()).toContain('This link is not complete.')
      expect(await password().isVisible()).toBe(false)
      await page.goto(`${base}/reset-password#token=later`)
      await password().waitFor()
      expect(await page.locator('main .notice').count()).toBe(0)
      expect(page.url()).toBe(`${base}/reset-password`)
    })

    test('the password can be shown, pasted and sent by the keyboard, once for two presses', async () => {
      answer = (response) => setTimeout(() => says({ data: { resetPassword: { __typename: 'ResetPasswordSuccess' } } })(response), 300)
      await page.goto(`${base}/reset-password#token=t`)
      await password().waitFor()
      await page.keyboard.insertText('long enough')
      await page.getByRole('button', { name: 'Show password' }).click()
      expect(await password().getAttribute('type')).toBe('text')
      await page.getByRole('button', { name: 'Hide password' }).click()
      expect(await password().getAttribute('type')).toBe('password')
      await password().focus()
      await page.keyboard.press('Enter')
      await page.keyboard.press('Enter')
      await shows('Your password is changed.')
      expect(calls).toHaveLength(1)
      expect(calls[0]?.body.variables.input.newPassword).toBe('long enough')
    })
  })

  describe('/confirm-email', () => {
    const confirm = () => page.getByRole('button', { name: 'Confirm e-mail address' })

    test('opening it spends nothing; a press confirms', async () => {
      answer = says({ data: { confirmEmail: { __typename: 'ConfirmEmailSuccess' } } })
      await page.goto(`${base}/confirm-email#token=T0k-en_`)
      await confirm().waitFor()
      expect(page.url()).toBe(`${base}/confirm-email`)
      expect(calls).toEqual([])
      await confirm().click()
      await shows('Your e-mail address is confirmed.')
      expect(calls[0]).toMatchObject({ url: '/boards/graphql', body: { variables: { input: { token: 'T0k-en_' } } } })
      expect(await confirm().isVisible()).toBe(false)
      expect(complaints).toEqual([])
    })

    test('a dead link is said at once, with what to do', async () => {
      checked = fails('checkMailToken', { code: 'INVALID_MAIL_TOKEN', message: 'x' })
      await page.goto(`${base}/confirm-email#token=t`)
      await shows('Sign in to ask for a new one.')
      expect(await confirm().isVisible()).toBe(false)
    })

    test('a taken address and a spent link are said in words of ours', async () => {
      answer = fails('confirmEmail', { code: 'EMAIL_TAKEN', message: 'x' })
      await page.goto(`${base}/confirm-email#token=t`)
      await confirm().click()
      await shows('Another account has this e-mail address.')
      answer = fails('confirmEmail', { code: 'INVALID_MAIL_TOKEN', message: 'x' })
      await confirm().click()
      await shows('This link is not valid any more')
    })

    test('/confirm-email without a token it says so', async () => {
      await page.goto(`${base}/confirm-email`)
      expect(await status()).toContain('This link is not complete.')
      expect(await confirm().isVisible()).toBe(false)
    })
  })

  describe('/disown-email', () => {
    const press = () => page.getByRole('button', { name: 'Remove my address from this account' })

    test('opening it spends nothing; a press takes the address off', async () => {
      answer = says({ data: { disownEmail: { __typename: 'DisownEmailSuccess' } } })
      await page.goto(`${base}/disown-email#token=T0k-en_`)
      await press().waitFor()
      expect([page.url(), calls.length]).toEqual([`${base}/disown-email`, 0])
      await press().click()
      await shows('Your e-mail address is not part of that account any more.')
      expect(calls.map(({ body }) => body.variables.input)).toEqual([{ token: 'T0k-en_' }])
      expect(checks.map(({ body }) => body.variables.input)).toEqual([{ token: 'T0k-en_', use: 'DISOWN_EMAIL' }])
      expect(complaints).toEqual([])
    })

    test('/disown-email of a verified address says so', async () => {
      checked = fails('checkMailToken', { code: 'INVALID_MAIL_TOKEN', message: 'x' })
      await page.goto(`${base}/disown-email#token=t`)
      await shows('the address was already confirmed or removed from the account')
      expect(await press().isVisible()).toBe(false)
    })
  })

  describe('/undo-change', () => {
    test('/undo-change asks for a new password, posts it, and then leads on to the front end', async () => {
      answer = says({ data: { undoAccountChange: { __typename: 'UndoAccountChangeSuccess' } } })
      await page.goto(`${base}/undo-change#token=T0k-en_`)
      const onward = page.getByRole('link', { name: 'Continue to sign-in' })
      await page.getByLabel('New password', { exact: true }).fill('long enough')
      expect(await onward.isVisible()).toBe(false)
      await page.getByRole('button', { name: 'Undo the change and set the password' }).click()
      await shows('Your account is as it was before.')
      expect(calls.map(({ body }) => body.variables.input)).toEqual([{ token: 'T0k-en_', newPassword: 'long enough' }])
      expect(await onward.getAttribute('href')).toBe('https://app.example/sign-in?next=%2F&a=%22b')
      expect(complaints).toEqual([])
    })

    test('/undo-change of a dead link offers a reset, and the front end', async () => {
      checked = fails('checkMailToken', { code: 'INVALID_MAIL_TOKEN', message: 'x' })
      await page.goto(`${base}/undo-change?lang=ar#token=t`)
      await shows('لم يعد هذا الرابط صالحًا')
      expect(await page.getByRole('button', { name: 'إرسال رابط جديد' }).isVisible()).toBe(true)
      expect(await page.getByRole('link', { name: 'المتابعة إلى تسجيل الدخول' }).isVisible()).toBe(true)
    })
  })

  describe('in Arabic', () => {
    const password = () => page.getByLabel('كلمة المرور الجديدة', { exact: true })
    const confirm = () => page.getByRole('button', { name: 'تأكيد عنوان البريد الإلكتروني' })
    const set = async (text: string): Promise<void> => {
      await password().fill(text)
      await page.getByRole('button', { name: 'تعيين كلمة المرور الجديدة' }).click()
    }
    const isArabic = async (): Promise<void> => {
      expect(await page.evaluate('[document.documentElement.lang, getComputedStyle(document.querySelector("main")).direction]')).toEqual([
        'ar',
        'rtl',
      ])
      expect((await page.locator('main > *').allTextContents()).join('\n')).toMatch(/^[^A-Za-z]+$/)
    }

    test('the link of a mail opens it in a browser of any language, and the language outlives the token', async () => {
      await page.goto(`${base}/reset-password?lang=ar#token=T0k-en_`)
      await page.getByRole('heading', { name: 'اختيار كلمة مرور جديدة' }).waitFor()
      expect(page.url()).toBe(`${base}/reset-password?lang=ar`)
      await isArabic()
      await page.reload()
      expect(await status()).toContain('هذا الرابط غير مكتمل.')
      await isArabic()
      expect(calls).toEqual([])
      expect(complaints).toEqual([])
    })

    test.each([
      ['ar-EG', 'تأكيد عنوان بريدك الإلكتروني'],
      ['en-GB', 'Confirm your e-mail address'],
      ['fr-FR', 'Confirm your e-mail address'],
    ])('a browser in %s is answered with %s', async (locale, heading) => {
      const other = await browser.newPage({ locale })
      await other.goto(`${base}/confirm-email#token=t`)
      expect(await other.getByRole('heading').textContent()).toBe(heading)
      await other.goto(`${base}/confirm-email?lang=en#token=t`)
      expect(await other.getByRole('heading').textContent()).toBe('Confirm your e-mail address')
      await other.close()
    })

    test('a password is set beside itself, and the page says so', async () => {
      answer = says({ data: { resetPassword: { __typename: 'ResetPasswordSuccess' } } })
      await page.goto(`${base}/reset-password?lang=ar#token=T0k-en_`)
      await page.getByRole('button', { name: 'إظهار كلمة المرور' }).click()
      expect(await page.getByRole('button', { name: 'إخفاء كلمة المرور' }).textContent()).toBe('إخفاء')
      await set('كلمة سر طويلة')
      await shows('تم تغيير كلمة مرورك.')
      expect(calls.map(({ url, body }) => [url, body.variables.input])).toEqual([
        ['/boards/graphql', { token: 'T0k-en_', newPassword: 'كلمة سر طويلة' }],
      ])
      await isArabic()
      expect(complaints).toEqual([])
    })

    test('what is wrong with the password is said at the field, once, in Arabic', async () => {
      const fieldErrors = ['must have at least 8 characters', 'must be another'].map((message) => ({ field: 'newPassword', message }))
      answer = fails('resetPassword', { code: 'INVALID_INPUT', message: 'x', fieldErrors })
      await page.goto(`${base}/reset-password?lang=ar#token=t`)
      await set('')
      await shows('يُرجى كتابة كلمة مرور.')
      await set('short')
      await shows('لم تُقبل كلمة المرور هذه.')
      expect(await page.locator('.objection').textContent()).toMatch(/^لم تُقبل كلمة المرور هذه\.[^A-Za-z]*التخمين\.$/)
      expect(await focused()).toBe('كلمة المرور الجديدة')
    })

    test('an address is confirmed', async () => {
      answer = says({ data: { confirmEmail: { __typename: 'ConfirmEmailSuccess' } } })
      await page.goto(`${base}/confirm-email?lang=ar#token=t`)
      await isArabic()
      await confirm().click()
      await shows('تم تأكيد عنوان بريدك الإلكتروني.')
      expect(complaints).toEqual([])
    })

    test.each<[string, Answer, string]>([
      ['a spent token', fails('confirmEmail', { code: 'INVALID_MAIL_TOKEN', message: 'x' }), 'لم يعد هذا الرابط صالحًا'],
      ['a token that is none', fails('confirmEmail', { code: 'INVALID_INPUT', message: 'x' }), 'لم يعد هذا الرابط صالحًا'],
      ['a taken address', fails('confirmEmail', { code: 'EMAIL_TAKEN', message: 'x' }), 'عنوان البريد الإلكتروني هذا مستخدم في حساب آخر.'],
      ['a verified address', fails('confirmEmail', { code: 'EMAIL_ALREADY_VERIFIED', message: 'x' }), 'مؤكَّد من قبل'],
      ['too many attempts', says({ message: 'x' }, 429), 'عدد المحاولات كبير.'],
      ['an overload', says({ message: 'x' }, 503), 'الخادم مشغول الآن.'],
      [
        'an unforeseen failure',
        fails('confirmEmail', { code: 'NEW_CODE', message: 'Ask <b>us</b> for $& help.' }),
        'Ask <b>us</b> for $& help.',
      ],
      ['a masked fault', says({ errors: [{ message: 'Unexpected error.' }] }), 'حدث خطأ في الخادم.'],
      ['a broken connection', (response) => response.destroy(), 'تعذّر الوصول إلى الخادم.'],
    ])('%s is said in Arabic', async (_name, given, text) => {
      answer = given
      await page.goto(`${base}/confirm-email?lang=ar#token=t`)
      await confirm().click()
      await shows(text)
      expect(await status()).toMatch(/^[\p{Script=Arabic}]/u)
    })
  })

  test('no script but the page’s own runs', async () => {
    await page.goto(`${base}/reset-password#token=t`)
    const ran = await page.evaluate(`new Promise((resolve) => {
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.body.append(script)
      setTimeout(() => resolve(window.injected === true), 50)
    })`)
    expect(ran).toBe(false)
    expect(complaints.join()).toContain('Content Security Policy')
  })
})
