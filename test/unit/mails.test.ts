/** Every mail in every language, as text and as HTML, with what others wrote at its most hostile. */
import { describe, expect, test } from 'vitest'
import { direction, type Locale, locales } from '../../src/domain/locales.ts'
import type { MailFacts, MailName } from '../../src/domain/mails/facts.ts'
import * as templates from '../../src/domain/mails/templates.ts'
import type { Mail } from '../../src/domain/ports.ts'
import { readHtml } from '../support/html.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const link = 'https://id.example/reset-password#token=AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE'
/** The link as a mail has it: it opens the page in the mail's language. */
const linkIn = (locale: Locale): string => (locale === 'en' ? link : link.replace('#', `?lang=${locale}#`))
const at = new Date(Date.UTC(2026, 10, 22, 11, 20))
const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'

const facts: { readonly [Name in MailName]: MailFacts[Name] } = {
  resetPassword: { link, life: HOUR },
  confirmEmail: { link, life: DAY },
  verifyEmail: { link, life: DAY, code: '048213', codeLife: 10 * MINUTE },
  emailChanged: { newAddress: 'someone@example.org' },
  passwordChanged: {},
  passwordReset: {},
  twoFactorEnabled: {},
  twoFactorDisabled: {},
  recoveryCodesRegenerated: {},
  recoveryCodeUsed: { left: 9 },
  newDevice: { at, clientAddress: '203.0.113.7', userAgent, surface: 'wekan' },
  personalAccessTokenCreated: { tokenName: 'nightly build', expiresAt: at },
}
const names = Object.keys(facts) as MailName[]

const byName = { ...templates } as unknown as Readonly<Record<MailName, (mail: templates.Addressee) => Mail>>
const make = (name: MailName, locale: string, over: object = {}): Mail & { html: string } => {
  const mail = byName[name]({ to: 'layla@example.com', name: 'Layla', locale, ...facts[name], ...over })
  return { ...mail, html: mail.html ?? '' }
}
const cases = names.flatMap((name) => locales.map((locale) => [name, locale] as const))

const ISOLATED = /\u2068[^\u2068\u2069]*\u2069/g
const MARKS = /[\u2066-\u2069]/g
/** The paragraphs of a mail, and the words on its buttons. */
const readMail = (html: string): { paragraphs: string[]; buttons: string[] } => {
  const elements = readHtml(html)
  const buttons = elements.filter(({ tag, attributes }) => tag === 'a' && 'style' in attributes).map(({ text }) => text)
  const paragraphs = elements.filter(({ tag }) => tag === 'p').map(({ text }) => text)
  return { paragraphs: paragraphs.filter((text) => !buttons.includes(text)), buttons }
}

test('there is a function for every mail, and no other', () => {
  expect(Object.keys(templates).sort()).toEqual([...names].sort())
})

describe.each(cases)('%s in %s', (name, locale) => {
  const mail = make(name, locale)

  test('goes to its addressee, under a subject of our own in one line', () => {
    expect(mail.to).toBe('layla@example.com')
    expect(mail.subject).toMatch(locale === 'ar' ? /^[\p{Script=Arabic}\p{M} ]+$/u : /^[A-Za-z -]+$/)
    expect(mail.subject).not.toContain('Layla')
  })

  test('says the same as text and as HTML; only the buttons say what they do', () => {
    const paragraphs = mail.text.replace(MARKS, '').trim().split('\n\n')
    const read = readMail(mail.html)
    expect(read.paragraphs).toEqual(paragraphs)
    expect(read.buttons).toEqual('link' in facts[name] ? [expect.stringMatching(/^(Choose|Confirm|اختيار|تأكيد) /)] : [])
  })

  test('has nothing unresolved in it, and says what to do if it was not you', () => {
    for (const text of [mail.text, mail.html]) expect(text).not.toMatch(/\$\{|undefined|null|NaN|\[object|Invalid/)
    expect(mail.text).toMatch(
      { en: /If this was not you|If you do not have an account/, ar: /إذا لم يكن ذلك بعلمك|إذا لم يكن هذا الطلب منك|إذا لم يكن لديك حساب/ }[
        locale
      ],
    )
  })

  test('is in its language alone', () => {
    const own = mail.text.replace(ISOLATED, '').replace(linkIn(locale), '').replace(/UTC/g, '')
    const other = { en: /\p{Script=Arabic}/u, ar: /[A-Za-z]/ }
    expect(own).not.toMatch(other[locale])
    expect(own).toMatch(other[locale === 'en' ? 'ar' : 'en'])
  })

  test('names its language and direction, for programs that show the whole and for those that show the body', () => {
    const tagged = readHtml(mail.html).filter(({ attributes }) => 'lang' in attributes)
    expect(tagged.map(({ tag, attributes }) => [tag, attributes.lang, attributes.dir])).toEqual([
      ['html', locale, direction[locale]],
      ['div', locale, direction[locale]],
    ])
  })

  test('isolates what others wrote, and its link, from the direction of its words', () => {
    const isolated = readHtml(mail.html).filter(({ tag }) => tag === 'bdi')
    expect(isolated.map(({ text }) => text)).toContain('Layla')
    for (const { text, attributes } of isolated)
      expect(attributes.dir).toBe(text === linkIn(locale) || /^\d{6}$/.test(text) ? 'ltr' : undefined)
    if (locale === 'en') return expect(mail.text).not.toMatch(MARKS)
    expect(mail.text).toMatch(/^مرحبًا \u2068Layla\u2069،\n/)
    expect(mail.text.replace(ISOLATED, '').replaceAll(`\u2066${linkIn(locale)}\n`, '')).not.toMatch(MARKS)
    const values = isolated.map(({ text }) => text).filter((text) => text !== linkIn(locale) && !/^\d{6}$/.test(text))
    expect(mail.text.match(ISOLATED)).toEqual(values.map((text) => `\u2068${text}\u2069`))
  })

  test('leads nowhere but to its own link, and loads nothing', () => {
    const elements = readHtml(mail.html)
    const hrefs = elements.flatMap(({ attributes }) => attributes.href ?? [])
    expect(hrefs).toEqual('link' in facts[name] ? [linkIn(locale), linkIn(locale)] : [])
    expect([...new Set(elements.map(({ tag }) => tag))].sort().join(' ')).toMatch(/^(a )?(b )?bdi body (br )?div head html meta p title$/)
    expect(mail.html).not.toMatch(/url\(|@import|src=|\son\w+=/i)
    expect(mail.text.match(/https?:/g) ?? []).toHaveLength('link' in facts[name] ? 1 : 0)
  })

  test('stays whole, whatever others wrote', () => {
    const hostile = `"'><script>alert(1)</script>&amp;<img src=x onerror=alert(1)>\r\nBcc: eve\u202E\u2069\u2068 </bdi></div>`
    const ours = ['link', 'code', 'surface']
    const over = Object.fromEntries(
      Object.entries(facts[name]).map(([key, value]) => [key, typeof value === 'string' && !ours.includes(key) ? hostile : value]),
    )
    const { subject, text, html } = make(name, locale, { ...over, name: hostile })
    expect(html).not.toMatch(/<script|<img|\u202E/i)
    expect(readHtml(html).map(({ tag }) => tag)).not.toContain('script')
    expect(text).not.toMatch(/^Bcc|\u202E/m)
    expect(subject).toBe(mail.subject)
    expect(text).toMatch(locale === 'ar' ? /^مرحبًا،\n/ : /^Hello,\n/)
  })
})

describe('names', () => {
  test.each([
    'http://evil.example',
    'evil.example',
    'Call +201012345678',
    'You won! Go to\nevil',
    'a@b.example',
    '<b>Ann</b>',
    'x'.repeat(61),
    ' ',
    '\u202Elave',
  ])('one that is more than a name is left out: %j', (name) => {
    expect(make('passwordChanged', 'en', { name }).text).toMatch(/^Hello,\n/)
    expect(make('passwordChanged', 'ar', { name }).text).toMatch(/^مرحبًا،\n/)
  })

  test.each(['ليلى حسن', "Anne-Marie O'Neill", 'J. R. Smith', '李小龍'])('a name is a name: %s', (name) => {
    expect(make('passwordChanged', 'en', { name }).text).toContain(`Hello ${name},\n`)
    expect(make('passwordChanged', 'ar', { name }).text).toContain(`مرحبًا \u2068${name}\u2069،\n`)
  })
})

describe('facts', () => {
  test.each<[number, string, string]>([
    [1, '1 second', 'ثانية واحدة'],
    [2_000, '2 seconds', 'ثانيتين'],
    [45_000, '45 seconds', '45 ثانية'],
    [MINUTE, '1 minute', 'دقيقة واحدة'],
    [5 * MINUTE, '5 minutes', '5 دقائق'],
    [10 * MINUTE, '10 minutes', '10 دقائق'],
    [15 * MINUTE, '15 minutes', '15 دقيقة'],
    [90 * MINUTE, '90 minutes', '90 دقيقة'],
    [HOUR, '1 hour', 'ساعة واحدة'],
    [2 * HOUR, '2 hours', 'ساعتين'],
    [DAY, '24 hours', '24 ساعة'],
    [2 * DAY, '2 days', 'يومين'],
    [3 * DAY, '3 days', '3 أيام'],
    [30 * DAY, '30 days', '30 يومًا'],
    [100 * DAY, '100 days', '100 يوم'],
    [103 * DAY, '103 days', '103 أيام'],
  ])('a life of %d ms is %s, %s', (life, english, arabic) => {
    expect(make('resetPassword', 'en', { life }).text).toContain(`for ${english}.`)
    expect(make('resetPassword', 'ar', { life }).text).toContain(`ولمدة ${arabic}.`)
  })

  test.each<[number, string, string]>([
    [0, 'You have no recovery code left:', 'لم يبقَ لديك أي رمز استرداد:'],
    [1, 'You have 1 recovery code left.', 'بقي لديك رمز استرداد واحد،'],
    [2, 'You have 2 recovery codes left.', 'بقي لديك رمزا استرداد،'],
    [3, 'You have 3 recovery codes left.', 'بقي لديك 3 رموز استرداد،'],
    [9, 'You have 9 recovery codes left.', 'بقي لديك 9 رموز استرداد،'],
    [11, 'You have 11 recovery codes left.', 'بقي لديك 11 رمز استرداد،'],
  ])('%d recovery codes left', (left, english, arabic) => {
    expect(make('recoveryCodeUsed', 'en', { left }).text).toContain(english)
    expect(make('recoveryCodeUsed', 'ar', { left }).text).toContain(arabic)
  })

  test('times are UTC, in the words of the language and in Latin digits', () => {
    expect(make('newDevice', 'en').text).toContain('Time: 22 November 2026, 11:20 UTC\n')
    expect(make('newDevice', 'ar').text).toContain('الوقت: 22 نوفمبر 2026، الساعة 11:20 بالتوقيت العالمي المنسق (UTC)\n')
  })

  test('a device is told by what it says of itself, in one line, with an end and without links', () => {
    const device = (agent: string | null) => /Program: (.*)/.exec(make('newDevice', 'en', { userAgent: agent }).text)?.[1]
    expect(device(userAgent)).toBe(userAgent)
    expect(device(null)).toBe('unknown')
    expect(device('Bot/1 (+http://evil.example/x) see www.evil.example or evil.example, ask me@evil.example\nnow')).toBe(
      'Bot/1 … see … or … ask … now',
    )
    expect(device('é'.repeat(5_000))).toBe(`${'é'.repeat(200)}…`)
    expect(make('newDevice', 'ar', { userAgent: null }).text).toContain('البرنامج: غير معروف')
  })

  test('the name of a token carries no link either', () => {
    expect(make('personalAccessTokenCreated', 'en', { tokenName: 'click evil.example' }).text).toContain('Name: …\n')
  })

  test.each(['graphql', 'idiot', 'wekan', 'xiot', 'authentication'])('the surface %s has a name', (surface) => {
    const lines = locales.map((locale) => make('newDevice', locale, { surface }).text.replace(MARKS, '').split('\n'))
    for (const line of lines) expect(line.join('\n')).toMatch(/(Through|عن طريق): \S+/)
  })

  test.each([
    ['someone@example.org', 's***@example.org'],
    ['ليلى@مثال.example', 'ل***@مثال.example'],
    ['@example.org', '***'],
    ['nobody', '***'],
  ])('the new address %s is masked', (newAddress, shown) => {
    const english = make('emailChanged', 'en', { newAddress })
    expect(english.text).toContain(`is now ${shown}.`)
    expect(english.text).not.toContain(newAddress)
    expect(make('emailChanged', 'ar', { newAddress }).text).toContain(`الآن \u2068${shown}\u2069،`)
  })

  test('the confirmation of a change may carry a code as well', () => {
    for (const locale of locales) {
      const mail = make('confirmEmail', locale, { code: '048213', codeLife: 10 * MINUTE })
      expect(mail.text).toMatch(/^048213$/m)
      expect(readHtml(mail.html).find(({ text, tag }) => tag === 'bdi' && text === '048213')?.attributes).toMatchObject({
        dir: 'ltr',
        style: expect.stringContaining('font-size:32px'),
      })
    }
  })
})

test('an account with a language that we do not have gets English', () => {
  expect(make('passwordChanged', 'tlh')).toEqual(make('passwordChanged', 'en' satisfies Locale))
})
