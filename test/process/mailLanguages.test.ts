/**
 * Mails in both languages as a mail server gets them: the program, asked over HTTP, sends to a real SMTP server, and what
 * arrived is taken apart as a mail program would.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { useProgramDatabase } from '../support/database.ts'
import { readHtml } from '../support/html.ts'
import { killAll, startProgram } from '../support/program.ts'

interface Received {
  readonly raw: string
  readonly mail: ParsedMail
}

const PASSWORD = 'correct horse battery'
const EXPECTED = {
  en: [
    'Reset your password',
    'Confirm your e-mail address',
    'Your e-mail address was changed',
    'Your password was changed',
    'Your password was reset',
    'Two-factor authentication is on',
    'Two-factor authentication is off',
  ],
  ar: [
    'إعادة تعيين كلمة المرور',
    'تأكيد عنوان بريدك الإلكتروني',
    'تم تغيير عنوان بريدك الإلكتروني',
    'تم تغيير كلمة المرور',
    'تمت إعادة تعيين كلمة المرور',
    'تم تفعيل المصادقة الثنائية',
    'تم إيقاف المصادقة الثنائية',
  ],
}
type Language = keyof typeof EXPECTED
const languages = Object.keys(EXPECTED) as Language[]

const received: Received[] = []
const languageOf = ({ mail }: Received): Language => (/\p{Script=Arabic}/u.test(mail.subject ?? '') ? 'ar' : 'en')
const to = (address: string, subject: string) =>
  received.find(({ mail }) => mail.subject === subject && [mail.to].flat()[0]?.text === address)

let directory: string
let base: string
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: async (stream, _session, done) => {
    const raw = await text(stream)
    received.push({ raw, mail: await simpleParser(raw) })
    done()
  },
})

const ask = async (name: string, input: object, token?: string) => {
  const type = name.charAt(0).toUpperCase() + name.slice(1)
  const more = name === 'signUp' ? '... on SignUpSuccess { credentials { accessToken { token } } }' : ''
  const query = `mutation($input: ${type}Input!) { result: ${name}(input: $input) { __typename ${more} } }`
  const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
  const answer = await fetch(`${base}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables: { input } }) })
  const { data } = (await answer.json()) as { data: { result: { __typename: string; credentials?: { accessToken: { token: string } } } } }
  expect(data.result.__typename).toBe(`${type}Success`)
  return data.result
}

/** The token in a mail that is on its way. */
const mailed = async (address: string, subject: string): Promise<string> => {
  const { mail } = await vi.waitUntil(() => to(address, subject), { timeout: 20_000 })
  return /#token=([\w-]+)/.exec(mail.text ?? '')?.[1] ?? ''
}

/** Notices go to verified addresses only. */
const VERIFY: Readonly<Record<Language, string>> = { en: 'Verify your e-mail address', ar: 'التحقق من عنوان بريدك الإلكتروني' }

const live = async (language: Language): Promise<void> => {
  const [reset = '', confirm = '', changed = ''] = EXPECTED[language]
  const [email, other] = [`${language}@example.com`, `${language}-new@example.com`]
  const { credentials } = await ask('signUp', { email, password: PASSWORD, name: 'Layla', locale: language.toUpperCase() })
  const token = credentials?.accessToken.token
  await ask('confirmEmail', { token: await mailed(email, VERIFY[language]) })
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password: PASSWORD }) }
  const v1 = (await (await fetch(`${base}/v1/auth/login`, json)).json()) as { token: string }
  for (const what of ['enable', 'disable']) {
    const init = { method: 'POST', headers: { authorization: `Bearer ${v1.token}` } }
    expect((await fetch(`${base}/v1/security/twofactor-${what}`, init)).status).toBe(200)
  }
  await ask('changePassword', { oldPassword: PASSWORD, newPassword: 'another horse battery' }, token)
  await ask('changeEmail', { email: other }, token)
  await ask('confirmEmail', { token: await mailed(other, confirm) })
  await mailed(email, changed)
  await ask('requestPasswordReset', { email: other })
  await ask('resetPassword', { token: await mailed(other, reset), newPassword: 'a third horse battery' })
}

const storage = useProgramDatabase()
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-languages-'))
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const { port } = smtp.server.address() as AddressInfo
  const settings = { ...storage(), SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'Vestibule <accounts@example.org>' }
  base = await startProgram(directory, settings).ready()
  for (const language of languages) await live(language)
  const hasCome = (subject: string) => received.some(({ mail }) => mail.subject === subject)
  await vi.waitUntil(() => Object.values(EXPECTED).flat().every(hasCome), { timeout: 20_000 })
}, 120_000)
afterAll(async () => {
  await killAll()
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
  rmSync(directory, { recursive: true, force: true })
})

describe('what the SMTP server saw', () => {
  it('the SMTP server saw every mail in both languages', () => {
    const count = (language: Language) => received.filter((one) => languageOf(one) === language).length
    process.stdout.write(`mails seen by the SMTP server: ${languages.map((language) => `${count(language)} ${language}`).join(', ')}\n`)
    for (const language of languages) expect(count(language)).toBeGreaterThanOrEqual(EXPECTED[language].length)
  })

  it.each(languages)('in %s: text and HTML in UTF-8, the subject readable after decoding alone', (language) => {
    const own = received.filter((one) => languageOf(one) === language)
    for (const { raw, mail } of own) {
      const [head = ''] = raw.split('\r\n\r\n', 1)
      expect(head).toMatch(/^[\x20-\x7E\r\n\t]*$/)
      expect(head).toMatch(/^Content-Type: multipart\/alternative;/m)
      const types = [...raw.matchAll(/^Content-Type: (text\/\w+); charset=([\w-]+)/gm)].map(([, type, charset]) => [type, charset])
      expect(types).toEqual([
        ['text/plain', 'utf-8'],
        ['text/html', 'utf-8'],
      ])
      expect(mail.text).toMatch({ en: /^Hello Layla,\n/, ar: /^مرحبًا \u2068Layla\u2069،\n/ }[language])
      const html = readHtml(mail.html || '')
      expect(html[0]?.attributes).toEqual({ lang: language, dir: { en: 'ltr', ar: 'rtl' }[language] })
      expect(html.find(({ tag }) => tag === 'title')?.text).toBe(mail.subject)
    }
  })
})
