/** Every mail in every language, as text and as HTML, with what others wrote at its most hostile. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { type Locale, locales } from '../../src/domain/base/locales.ts'
import type { Mail } from '../../src/domain/base/ports.ts'
import type { MailFacts, MailName, NoticeName } from '../../src/domain/mails/mailFacts.ts'
import { serviceName } from '../../src/domain/mails/service.ts'
import * as templates from '../../src/domain/mails/templates.ts'
import { runs } from '../support/fullSize.ts'
import { readHtml } from '../support/html.ts'

const direction: Readonly<Record<Locale, string>> = { en: 'ltr', ar: 'rtl' }

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const link = 'https://id.example/reset-password#token=AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE'
const disownLink = 'https://id.example/disown-email#token=zYxWvUtSrQpOnMlKjIhGfEdCbA9876543210_-zYxWv'
const undo = { link: 'https://id.example/undo-change#token=0123456789-_AbCdEAbCdEfGhIjKlMnOpQrStUvWxYz', life: 7 * DAY }
/** A link as a mail has it: it opens the page in the mail's language. */
const inLanguage = (url: string, locale: Locale): string => (locale === 'en' ? url : url.replace('#', `?lang=${locale}#`))
const at = new Date(Date.UTC(2026, 10, 22, 11, 20))
const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'

const facts: { readonly [Name in MailName]: MailFacts[Name] } = {
  resetPassword: { link, life: HOUR },
  invitation: { link, life: 7 * DAY },
  confirmEmail: { link, life: DAY },
  verifyEmail: { link, life: DAY, code: '048213', codeLife: 10 * MINUTE, disownLink },
  emailChanged: { newAddress: 'someone@example.org', hold: 3 * DAY, undo },
  accountDeleted: {},
  changeUndone: {},
  passwordChanged: {},
  passwordReset: { cleaned: true },
  twoFactorEnabled: { undo },
  twoFactorDisabled: {},
  recoveryCodesRegenerated: {},
  recoveryCodeUsed: { left: 9 },
  newDevice: { at, clientAddress: '203.0.113.7', userAgent, surface: 'wekan' },
  personalAccessTokenCreated: { tokenName: 'nightly build', expiresAt: at },
  digest: {
    happenings: [
      { name: 'newDevice', times: 23, firstAt: at, lastAt: new Date(at.getTime() + 34 * MINUTE) },
      { name: 'passwordChanged', times: 1, firstAt: at, lastAt: at },
    ],
  },
}
const names = Object.keys(facts) as MailName[]
const asked: readonly string[] = ['resetPassword', 'invitation', 'confirmEmail', 'verifyEmail', 'digest']
const noticeNames = names.filter((name) => !asked.includes(name)) as NoticeName[]
/** The links that a mail has, in their order. */
const linksOf: Partial<Record<MailName, readonly string[]>> = {
  resetPassword: [link],
  invitation: [link],
  confirmEmail: [link],
  verifyEmail: [link, disownLink],
  emailChanged: [undo.link],
  twoFactorEnabled: [undo.link],
}
const linksIn = (name: MailName, locale: Locale): string[] => (linksOf[name] ?? []).map((url) => inLanguage(url, locale))

const byName = { ...templates } as unknown as Readonly<Record<MailName, (mail: templates.Addressee) => Mail>>
const make = (name: MailName, locale: string, over: object = {}): Mail & { html: string } => {
  const mail = byName[name]({ to: 'layla@example.com', name: 'Layla', locale, service: 'Acme', ...facts[name], ...over })
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

  test('each mail goes to its addressee, under a subject of our own in one line', () => {
    expect(mail.to).toBe('layla@example.com')
    expect(mail.subject).toMatch(locale === 'ar' ? /^[\p{Script=Arabic}\p{M} ]+$/u : /^[A-Za-z -]+$/)
    expect(mail.subject).not.toContain('Layla')
  })

  test('each mail says the same as text and as HTML; only the buttons say what they do', () => {
    const paragraphs = mail.text.replace(MARKS, '').trim().split('\n\n')
    const read = readMail(mail.html)
    expect(read.paragraphs).toEqual(paragraphs)
    expect(read.buttons).toEqual(
      (linksOf[name] ?? []).map(() => expect.stringMatching(/^(Choose|Confirm|Undo|It|اختيار|تأكيد|التراجع|لم) /)),
    )
  })

  test('each mail has nothing unresolved in it, and says what to do if it was not you', () => {
    for (const text of [mail.text, mail.html]) expect(text).not.toMatch(/\$\{|undefined|null|NaN|\[object|Invalid/)
    expect(mail.text).toMatch(
      {
        en: /If this was not you|If you do not have an account|If you do not expect this/,
        ar: /إذا كانت هذه الدعوة غير متوقعة|إذا لم يكن ذلك بعلمك|إذا لم يكن هذا الطلب منك|إذا لم يكن لديك حساب/,
      }[locale],
    )
  })

  test('each mail is in its language alone', () => {
    const bare = linksIn(name, locale).reduce((text, url) => text.replace(url, ''), mail.text)
    const own = bare.replace(ISOLATED, '').replace(/UTC/g, '')
    const other = { en: /\p{Script=Arabic}/u, ar: /[A-Za-z]/ }
    expect(own).not.toMatch(other[locale])
    expect(own).toMatch(other[locale === 'en' ? 'ar' : 'en'])
  })

  test('each mail names its language and direction, for programs that show the whole and for those that show the body', () => {
    const tagged = readHtml(mail.html).filter(({ attributes }) => 'lang' in attributes)
    expect(tagged.map(({ tag, attributes }) => [tag, attributes.lang, attributes.dir])).toEqual([
      ['html', locale, direction[locale]],
      ['div', locale, direction[locale]],
    ])
  })

  test('isolates what others wrote, and its link, from the direction of its words', () => {
    const isolated = readHtml(mail.html).filter(({ tag }) => tag === 'bdi')
    const links = linksIn(name, locale)
    expect(isolated.map(({ text }) => text)).toContain('Layla')
    for (const { text, attributes } of isolated)
      expect(attributes.dir).toBe(links.includes(text) || /^\d{6}$/.test(text) ? 'ltr' : undefined)
    if (locale === 'en') return expect(mail.text).not.toMatch(MARKS)
    expect(mail.text).toMatch(/^مرحبًا \u2068Layla\u2069،\n/)
    const bare = links.reduce((text, url) => text.replaceAll(`\u2066${url}\n`, ''), mail.text.replace(ISOLATED, ''))
    expect(bare).not.toMatch(MARKS)
    const values = isolated.map(({ text }) => text).filter((text) => !links.includes(text) && !/^\d{6}$/.test(text))
    expect(mail.text.match(ISOLATED)).toEqual(values.map((text) => `\u2068${text}\u2069`))
  })

  test('leads nowhere but to its own links, and loads nothing', () => {
    const elements = readHtml(mail.html)
    const hrefs = elements.flatMap(({ attributes }) => attributes.href ?? [])
    const links = linksIn(name, locale)
    expect(hrefs).toEqual(links.flatMap((url) => [url, url]))
    expect([...new Set(elements.map(({ tag }) => tag))].sort().join(' ')).toMatch(/^(a )?(b )?bdi body (br )?div head html meta p title$/)
    expect(mail.html).not.toMatch(/url\(|@import|src=|\son\w+=/i)
    expect(mail.text.match(/https?:/g) ?? []).toHaveLength(links.length)
  })

  test('each mail stays whole, whatever others wrote', () => {
    const hostile = `"'><script>alert(1)</script>&amp;<img src=x onerror=alert(1)>\r\nBcc: eve\u202E\u2069\u2068 </bdi></div>`
    const ours = ['link', 'disownLink', 'code', 'surface']
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
    'Call +20 100 123 4567 now',
    'Call 010 0123 456',
    'اتصل ٠١٠ ٠١٢ ٣٤٥',
    'Call ０１０ ０１２ ３４５',
    'Call 𝟎𝟏𝟎 𝟎𝟏𝟐',
    'Call ①②③ ④⑤⑥',
    'Your account is locked now Ada',
    'your-account-is-locked-now-ada',
    'Your_account_is_locked_now_Ada',
    'Your\u3164account\u3164is\u3164locked\u3164now\u3164Ada',
    'evil\u3002example',
    'evil\uFF0Eexample',
    'evil\uFF61example',
    'evil\u2024example',
    'ｗｗｗ evil',
    'me＠evil',
    'http：／／evil',
    'evil⁄path',
    'Win ￥ today',
    '您的账户已被锁定请立即致电',
    `a${'\u0301'.repeat(20)}`,
    'Ada\u200BKing',
    'Ada 🎁 King',
  ])('one that is more than a name is left out: %j', (name) => {
    expect(make('passwordChanged', 'en', { name }).text).toMatch(/^Hello,\n/)
    expect(make('passwordChanged', 'ar', { name }).text).toMatch(/^مرحبًا،\n/)
  })

  test.each([
    'ليلى حسن',
    "Anne-Marie O'Neill",
    'J. R. Smith',
    '李小龍',
    'Maria del Carmen García-López',
    'Ada L. King III',
    'Person 12345',
    'アントニオ・猪木',
    'Nguyễn Văn Anh',
    'Renée O’Connor, MD',
  ])('a name is a name: %s', (name) => {
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
    [0, 'You have no recovery codes left:', 'لم يبقَ لديك أي رمز استرداد:'],
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

  test('a device is known by what it says of itself, in one line, with an end and without links', () => {
    const device = (agent: string | null) => /Program: (.*)/.exec(make('newDevice', 'en', { userAgent: agent }).text)?.[1]
    expect(device(userAgent)).toBe(userAgent)
    expect(device(null)).toBe('unknown')
    expect(device('Bot/1 (+http://evil.example/x) see www.evil.example or evil.example, ask me@evil.example\nnow')).toBe(
      'Bot/1 … see … or … ask … now',
    )
    expect(device('é'.repeat(5_000))).toBe(`${'é'.repeat(200)}…`)
    expect(make('newDevice', 'ar', { userAgent: null }).text).toContain('البرنامج: غير معروف')
  })

  test.each([
    ['click evil.example', '…'],
    ['call 0100 1234567', '…'],
    ['Your account is locked, call us', '…'],
    ['evil\u3002example', '…'],
    ['nightly_build (ci) #3', 'nightly_build (ci) #3'],
  ])('the name of a token carries no message either: %s', (tokenName, said) => {
    expect(make('personalAccessTokenCreated', 'en', { tokenName }).text).toContain(`Name: ${said}\n`)
  })

  test.each(['evil\u3002example/x', 'evil\uFF0Eexample', 'me＠evil', 'ｗｗｗ.evil'])(
    'nor does a program, in any form of the signs: %s',
    (word) => {
      expect(make('newDevice', 'en', { userAgent: `Bot ${word}` }).text).toContain('Program: Bot …\n')
    },
  )

  test('nor an address of a network, whose zone a client may choose', () => {
    expect(make('newDevice', 'en', { clientAddress: 'fe80::1%call evil.example' }).text).toContain('Address: fe80::1\n')
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
    ['eve@call-0100-1234567.example', 'e***@***'],
    [`eve@${'your-account-is-locked.'.repeat(3)}example`, 'e***@***'],
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

describe('the name of the service', () => {
  const config = (env: Record<string, string>) => serviceName(readConfig({ PUBLIC_URL: 'https://id.example.com:8443/accounts', ...env }))

  test.each([
    [{}, 'Vestibule'],
    [{ MAIL_FROM: 'Acme <no-reply@acme.example>' }, 'Acme'],
    [{ MAIL_FROM: '"Acme, Inc." <no-reply@acme.example>' }, 'Acme, Inc.'],
    [{ MAIL_FROM: 'شركة <no-reply@acme.example>' }, 'شركة'],
    [{ MAIL_FROM: 'no-reply@acme.example' }, 'id.example.com:8443'],
    [{ MAIL_FROM: '<no-reply@acme.example>' }, 'id.example.com:8443'],
  ])('the name of the service with %j is %s', (env, name) => {
    expect(config(env)).toBe(name)
  })

  test.each(cases)('stands in %s in %s', (name, locale) => {
    const closing = { en: 'This mail was sent by Acme.', ar: 'أُرسلت هذه الرسالة من \u2068Acme\u2069.' }[locale]
    expect(make(name, locale).text).toMatch(new RegExp(`\n\n${closing.replace('.', '\\.')}\n$`))
    expect(make(name, locale).html).toContain('<bdi>Acme</bdi>')
  })

  test('stands where a mail says whose account it is', () => {
    expect(make('confirmEmail', 'en').text).toContain('If you do not have an account at Acme, you need not do anything.')
    expect(make('confirmEmail', 'ar').text).toContain('إذا لم يكن لديك حساب لدى \u2068Acme\u2069، فلا حاجة إلى فعل أي شيء.')
    expect(make('verifyEmail', 'en').text).toContain('If you do not have an account at Acme, somebody else made one with your address.')
    expect(make('verifyEmail', 'ar').text).toContain('إذا لم يكن لديك حساب لدى \u2068Acme\u2069، فقد أنشأ شخص آخر حسابًا بعنوانك.')
    expect(make('resetPassword', 'en').text).toContain('to reset the password of your account at Acme.')
    expect(make('resetPassword', 'ar').text).toContain('كلمة مرور حسابك لدى \u2068Acme\u2069.')
    for (const name of names) expect(make(name, 'en').text).not.toMatch(/\bwith us\b/)
  })

  test('the name of the service cannot break out of its place', () => {
    const { text, html } = make('verifyEmail', 'ar', { service: '<script>\r\nBcc: eve\u202E</script>' })
    expect(html).not.toMatch(/<script|\u202E/)
    expect(text).not.toMatch(/^Bcc|\u202E/m)
  })
})

describe('the mail that gathers notices', () => {
  test('the mail that gathers notices says of each kind how often, and from when to when', () => {
    const lines = (locale: Locale) => make('digest', locale).text.replace(MARKS, '').split('\n\n')[2]?.split('\n')
    expect(lines('en')).toEqual([
      'Sign-in from a new device or network: 23 times, from 22 November 2026, 11:20 UTC to 22 November 2026, 11:54 UTC',
      'Password changed: once, 22 November 2026, 11:20 UTC',
    ])
    expect(lines('ar')).toEqual([
      'تسجيل دخول من جهاز أو شبكة جديدة: 23 مرة، من 22 نوفمبر 2026، الساعة 11:20 بالتوقيت العالمي المنسق (UTC) إلى 22 نوفمبر 2026، الساعة 11:54 بالتوقيت العالمي المنسق (UTC)',
      'تغيير كلمة المرور: مرة واحدة، 22 نوفمبر 2026، الساعة 11:20 بالتوقيت العالمي المنسق (UTC)',
    ])
  })

  test('the mail that gathers notices has words for every notice, and stays below 16 KiB with all of them', () => {
    const happenings = noticeNames.map((name) => ({ name, times: 1_000_000, firstAt: at, lastAt: at }))
    for (const locale of locales) {
      const mail = make('digest', locale, { happenings })
      const lines =
        mail.text
          .split('\n\n')[2]
          ?.split('\n')
          .map((line) => line.split(':')[0]) ?? []
      expect(lines).toHaveLength(11)
      expect(new Set(lines).size).toBe(11)
      expect(Buffer.byteLength(JSON.stringify(mail))).toBeLessThan(16_384)
    }
  })
})

/** Pieces of which people make messages, and of which names are. */
const piece = fc.oneof(
  fc.constantFrom('Ada', 'King', 'call', 'evil', 'example', 'www', 'http', 'com', 'ليلى', '李', "O'Neill", '1', '23', '٤٥', '６', '𝟟', '①'),
  fc.constantFrom(
    '.',
    '\u3002',
    '\uFF0E',
    '\uFF61',
    '\u2024',
    ' ',
    ' ',
    ' ',
    '-',
    '@',
    '＠',
    '://',
    ':',
    '/',
    '+',
    '_',
    '\u200B',
    '\u3164',
    '\u202E',
    '\n',
  ),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
)
const anyName = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))

test('whatever somebody is called, no mail carries more than a name, and each mail stays one', () => {
  fc.assert(
    fc.property(anyName, fc.constantFrom(...locales), (name, locale) => {
      const { subject, text, html } = make('passwordChanged', locale, { name })
      const plain = make('passwordChanged', locale)
      expect(subject).toBe(plain.subject)
      expect(text.split('\n').slice(1)).toEqual(plain.text.split('\n').slice(1))
      expect(
        readHtml(html)
          .map(({ tag }) => tag)
          .filter((tag) => tag !== 'bdi'),
      ).toEqual(
        readHtml(plain.html)
          .map(({ tag }) => tag)
          .filter((tag) => tag !== 'bdi'),
      )
      const greeting = text.split('\n')[0] ?? ''
      const said = /^(?:Hello|مرحبًا) ?(.*?)[,،]$/u.exec(greeting)?.[1]?.replace(MARKS, '') ?? 'no greeting'
      const folded = said.normalize('NFKC')
      expect(said === '' || said === name.trim()).toBe(true)
      expect([...said].length).toBeLessThanOrEqual(60)
      expect([...folded].filter((character) => /\p{N}/u.test(character)).length).toBeLessThan(6)
      expect(said.split(/[\s_-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length).toBeLessThanOrEqual(5)
      expect(folded).not.toMatch(/[@:/\\<>\p{Cc}\p{Cf}]|[.\u3002]\S|www/iu)
    }),
    { numRuns: runs(1_000, 3_000) },
  )
})

test('the largest mail that strangers can cause stays below 16 KiB, so that waiting ones are bounded in bytes', () => {
  const long = 'é'.repeat(100_000)
  for (const name of names)
    for (const locale of locales) {
      const own = ['link', 'disownLink', 'code', 'surface', 'service']
      const over = Object.fromEntries(
        Object.entries(facts[name]).map(([key, value]) => [key, typeof value === 'string' && !own.includes(key) ? long : value]),
      )
      const clientAddress = 'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255'
      const mail = make(name, locale, { ...over, ...('clientAddress' in over ? { clientAddress } : {}), name: long })
      expect(Buffer.byteLength(JSON.stringify({ ...mail, to: '' })), `${name} in ${locale}`).toBeLessThan(16_384)
    }
})
