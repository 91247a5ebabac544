/** Mail as it arrives: through a real SMTP server, and as files; and what is reported of a try that fails. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { Delivery, Mail, MailStamp } from '../../src/domain/base/ports.ts'
import * as templates from '../../src/domain/mails/templates.ts'
import { compose } from '../../src/mail/compose.ts'
import { createMailer } from '../../src/mail/mailer.ts'
import { type Behaviour, deadPort, startMailServer, type TestMailServer } from '../support/smtpServer.ts'

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
const link = 'http://localhost:4000/reset-password#token=AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE'
const reset = templates.resetPassword({ to: 'layla@example.com', name: 'ليلى', locale: 'en', service: 'Acme', link, life: 3_600_000 })
const plain = (over: Partial<Mail> = {}): Mail => ({ to: 'ann@example.com', subject: 'Hello', text: 'Hello.\n', ...over })
const stamp: MailStamp = { id: '0b7c3f6e-1f1b-4c53-9a55-3a1f2a9d8c11', queuedAt: new Date('2026-11-22T10:17:22.123Z') }
const DELIVERED: Delivery = { outcome: 'delivered' }

let dataDir: string
let server: TestMailServer | undefined
const outbox = (): string => join(dataDir, 'outbox')
const deliverAll = async (mails: readonly Mail[], env: Record<string, string> = {}): Promise<Delivery[]> => {
  const { deliver, close } = createMailer({ config: readConfig(env), dataDir, log })
  const deliveries: Delivery[] = []
  for (const mail of mails) deliveries.push(await deliver(mail, stamp))
  close()
  return deliveries
}
/** Through a server that behaves so. */
const through = async (behaviour: Behaviour, mails: readonly Mail[], env: Record<string, string> = {}) => {
  server = await startMailServer(behaviour)
  const deliveries = await deliverAll(mails, { SMTP_URL: server.url, ...env })
  return { deliveries, received: server.received, url: server.url }
}

beforeEach(() => {
  vi.clearAllMocks()
  dataDir = mkdtempSync(join(tmpdir(), 'vestibule-mail-'))
})
afterEach(async () => {
  await server?.close()
  server = undefined
  rmSync(dataDir, { recursive: true, force: true })
})

const refusing = (responseCode: number) => Object.assign(new Error('no, ann@example.com'), { responseCode })

describe('through SMTP_URL', () => {
  test('arrives with sender, addressee, subject and UTF-8 text, and the log says nothing of them', async () => {
    const { received, deliveries } = await through({}, [reset], { MAIL_FROM: 'Vestibule <accounts@example.org>' })
    expect(deliveries).toEqual([DELIVERED])
    expect(received).toHaveLength(1)
    expect(received[0]).toMatchObject({ from: 'accounts@example.org', to: ['layla@example.com'] })
    expect(received[0]?.mail).toMatchObject({ subject: 'Reset your password', from: { text: '"Vestibule" <accounts@example.org>' } })
    expect(received[0]?.mail.text).toBe(reset.text)
    expect(received[0]?.mail.text).toContain('Hello ليلى,')
    expect(received[0]?.mail.headers.get('auto-submitted')).toBe('auto-generated')
    expect(log.error).not.toHaveBeenCalled()
    expect(JSON.stringify(log.info.mock.calls)).not.toMatch(/token|layla/)
  })

  test('a mail through SMTP_URL says by Message-ID and date which mail it is, the same at each try', async () => {
    const { received } = await through({}, [reset, reset], { MAIL_FROM: 'Vestibule <accounts@example.org>' })
    const reported = received.map(({ mail }) => [mail.messageId, mail.date?.getTime()])
    const seconds = Math.floor(stamp.queuedAt.getTime() / 1000) * 1000
    expect(reported).toEqual(Array(2).fill([`<${stamp.id}@example.org>`, seconds]))
  })

  test.each([
    ['Acme <no-reply@bücher.example>', 'Acme <no-reply@xn--bcher-kva.example>', 'xn--bcher-kva.example'],
    ['"Acme, Inc." <no-reply@mail.example.org>', '"Acme, Inc." <no-reply@mail.example.org>', 'mail.example.org'],
    ['no-reply@example.org', 'no-reply@example.org', 'example.org'],
  ])('a mail through SMTP_URL of %s comes from one author, and its Message-ID is of the same domain', async (MAIL_FROM, author, domain) => {
    const { received } = await through({}, [plain()], { MAIL_FROM })
    expect(/^From: (.*)\r$/m.exec(received[0]?.raw ?? '')?.[1]).toBe(author)
    expect(received[0]?.mail.messageId).toBe(`<${stamp.id}@${domain}>`)
    expect(received[0]?.raw.match(/^(?:From|Sender):/gim)).toHaveLength(1)
  })

  test('the client of SMTP_URL signs in with the user and password of the URL', async () => {
    const seen: unknown[] = []
    server = await startMailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        seen.push([username, password])
        done(null, { user: username })
      },
    })
    expect(await deliverAll([plain()], { SMTP_URL: server.url.replace('//', '//us%40er:pa%3Ass@') })).toEqual([DELIVERED])
    expect(seen).toEqual([['us@er', 'pa:ss']])
  })

  test.each<[string, Behaviour, Delivery]>([
    [
      'an addressee that is refused for now',
      { onRcptTo: (_to, _session, done) => done(refusing(450)) },
      { outcome: 'deferred', reason: 'EENVELOPE 450' },
    ],
    [
      'an addressee that is refused for good',
      { onRcptTo: (_to, _session, done) => done(refusing(550)) },
      { outcome: 'refused', reason: 'EENVELOPE 550' },
    ],
    [
      'a text that is refused for now',
      { onData: (stream, _session, done) => stream.resume().on('end', () => done(refusing(451))) },
      { outcome: 'deferred', reason: 'EMESSAGE 451' },
    ],
    [
      'a text that is refused for good',
      { onData: (stream, _session, done) => stream.resume().on('end', () => done(refusing(554))) },
      { outcome: 'refused', reason: 'EMESSAGE 554' },
    ],
    [
      'a server that closes down',
      { onRcptTo: (_to, _session, done) => done(refusing(421)) },
      { outcome: 'unavailable', reason: 'ECONNECTION 421' },
    ],
    [
      'a sender that is refused',
      { onMailFrom: (_from, _session, done) => done(refusing(550)) },
      { outcome: 'unavailable', reason: 'EENVELOPE 550' },
    ],
    [
      'a greeting that is none',
      { onConnect: (_session, done) => done(refusing(554)) },
      { outcome: 'unavailable', reason: 'EPROTOCOL 554' },
    ],
    ['a connection that breaks off in the text', { breaksOff: () => 'in DATA' }, { outcome: 'unavailable', reason: 'ECONNECTION' }],
    [
      'a connection that breaks off before the answer',
      { breaksOff: () => 'after DATA' },
      { outcome: 'unavailable', reason: 'ECONNECTION' },
    ],
  ])('%s: what is reported holds codes only', async (_name, behaviour, delivery) => {
    expect((await through(behaviour, [plain()])).deliveries).toEqual([delivery])
  })

  test('a password that is refused is about the server', async () => {
    server = await startMailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(null, {}),
    })
    const [delivery] = await deliverAll([plain()], { SMTP_URL: server.url.replace('//', '//user:wrong@') })
    expect(delivery).toEqual({ outcome: 'unavailable', reason: 'EAUTH 535' })
  })

  test('a server that is away', async () => {
    const [delivery] = await deliverAll([plain()], { SMTP_URL: `smtp://127.0.0.1:${await deadPort()}` })
    expect(delivery).toEqual({ outcome: 'unavailable', reason: 'ESOCKET' })
  })

  test('a mail after one that was refused goes out', async () => {
    const { deliveries } = await through(
      { onRcptTo: ({ address }, _session, done) => done(address.startsWith('no') ? refusing(550) : null) },
      [plain({ to: 'no@example.com' }), plain()],
    )
    expect(deliveries.map(({ outcome }) => outcome)).toEqual(['refused', 'delivered'])
  })
})

describe('without SMTP_URL', () => {
  const files = (): string[] => readdirSync(outbox()).sort()
  const read = (file = ''): string => readFileSync(join(outbox(), file), 'utf8')

  test('a mail without SMTP_URL is one file for the owner alone, whole, with a line in the log that names it and no more', async () => {
    await deliverAll([reset])
    const [file] = files()
    expect(files()).toHaveLength(1)
    expect(file).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-\d{4}-3a1f2a9d8c11\.eml$/)
    expect(statSync(join(outbox(), file ?? '')).mode & 0o777).toBe(0o600)
    expect(statSync(outbox()).mode & 0o777).toBe(0o700)
    expect(log.info).toHaveBeenCalledExactlyOnceWith({ file: join(outbox(), file ?? '') }, expect.any(String))
    const mail = await simpleParser(read(file))
    expect(mail).toMatchObject({
      subject: 'Reset your password',
      to: { text: 'layla@example.com' },
      from: { text: '"Vestibule" <no-reply@localhost>' },
    })
    expect(mail.text).toBe(reset.text)
  })

  test('the link stands in one piece in the file, for people who copy it', async () => {
    await deliverAll([reset])
    expect(read(files()[0])).toContain(`\r\n${link}\r\n`)
  })

  test('the names of mail files sort in the order of sending', async () => {
    await deliverAll(Array.from({ length: 30 }, (_, n) => plain({ subject: `mail ${n}` })))
    expect(files().map((file) => /mail (\d+)/.exec(read(file))?.[1])).toEqual(Array.from({ length: 30 }, (_, n) => String(n)))
  })

  test('the newest are kept, and a tenth more for a while', async () => {
    await deliverAll(
      Array.from({ length: 45 }, (_, n) => plain({ subject: `mail ${n}` })),
      { MAIL_FILES: '20' },
    )
    expect(files()).toHaveLength(21)
    const numbers = files().map((file) => Number(/mail (\d+)/.exec(read(file))?.[1]))
    expect(numbers).toEqual(Array.from({ length: 21 }, (_, n) => n + 24))
  })

  test('a file of somebody else is left alone', async () => {
    await deliverAll([plain()])
    writeFileSync(join(outbox(), '0000 notes.txt'), 'mine')
    await deliverAll([plain(), plain(), plain()], { MAIL_FILES: '1' })
    expect(files()).toContain('0000 notes.txt')
    expect(files().length).toBeLessThanOrEqual(3)
  })

  test('a directory that cannot be written is reported, and nothing is thrown', async () => {
    writeFileSync(outbox(), '')
    expect(await deliverAll([plain()])).toEqual([{ outcome: 'unavailable', reason: 'ENOTDIR' }])
  })
})

test('a server that says 421 is about to close: that is about every mail, not this one', async () => {
  const { deliveries, received } = await through({ onRcptTo: (_address, _session, done) => done(refusing(421)) }, [plain()])
  expect(deliveries).toEqual([{ outcome: 'unavailable', reason: 'ECONNECTION 421' }])
  expect(received).toEqual([])
})

test('what nodemailer is handed has one line of subject, the date of the stamp, and may open no file and no address', () => {
  const mail = plain({ subject: 'Hello\r\nBcc: eve@example.com\u2028now\0' })
  expect(compose(mail, readConfig({}).MAIL_FROM, stamp)).toMatchObject({
    subject: 'Hello Bcc: eve@example.com now ',
    date: new Date('2026-11-22T10:17:22.123Z'),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
})

describe('header injection', () => {
  const evil = '\r\nBcc: eve@example.com\r\nX-Evil: yes\r\n\r\nevil body'

  test.each([
    `ann@example.com${evil}`,
    'ann@example.com, eve@example.com',
    'ann@example.com\neve@example.com',
    '<ann@example.com>,<eve@example.com>',
    'Ann <ann@example.com>',
    'group: ann@example.com;',
    'ann@example.com\u2028',
    'ann',
    '',
  ])('an address that is not plainly one address is refused: %j', async (to) => {
    const refused = { outcome: 'refused', reason: 'the address cannot be written to' }
    const { received, deliveries } = await through({}, [plain({ to })])
    expect([...deliveries, ...(await deliverAll([plain({ to })]))]).toEqual([refused, refused])
    expect(received).toEqual([])
    expect(() => readdirSync(outbox())).toThrow('ENOENT')
  })

  test.each(['\r\n', '\n', '\r', '\u0085', '\u2028', '\0'])('a subject and a name with %j make no header', async (end) => {
    const mails = [
      plain({ subject: `Hello${evil.replaceAll('\r\n', end)}` }),
      templates.passwordChanged({ to: 'ann@example.com', name: `Ann${evil.replaceAll('\r\n', end)}`, locale: 'en', service: 'Acme' }),
    ]
    const { received } = await through({}, mails)
    await deliverAll(mails)
    const texts = [...received.map(({ raw }) => raw), ...readdirSync(outbox()).map((file) => readFileSync(join(outbox(), file), 'utf8'))]
    expect(texts).toHaveLength(4)
    for (const text of texts) expect(text.split('\r\n\r\n', 1)[0]).not.toMatch(/^(bcc|x-evil):/im)
    for (const { to } of received) expect(to).toEqual(['ann@example.com'])
  })

  test('an address outside ASCII is one address', async () => {
    await deliverAll([plain({ to: 'ليلى@مثال.example' })])
    expect(readdirSync(outbox())).toHaveLength(1)
  })
})
