/** Mail as it arrives: through a real SMTP server, and as files. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import * as templates from '../../src/domain/mails/templates.ts'
import type { Mail } from '../../src/domain/ports.ts'
import { createMailer } from '../../src/mail/transport.ts'

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
const link = 'http://localhost:4000/reset-password#token=AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE'
const reset = templates.resetPassword({ to: 'layla@example.com', name: 'ليلى', locale: 'en', link, life: 3_600_000 })
const plain = (over: Partial<Mail> = {}): Mail => ({ to: 'ann@example.com', subject: 'Hello', text: 'Hello.\n', ...over })

interface Received {
  mail: ParsedMail
  raw: string
  from: string | false
  to: string[]
}

const smtpServer = async (received: Received[], options: SMTPServerOptions = {}) => {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks)
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          mail: await simpleParser(raw),
          raw: raw.toString(),
          from: mailFrom ? mailFrom.address : false,
          to: rcptTo.map(({ address }) => address),
        })
        done()
      })
    },
    ...options,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, port, close: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

let dataDir: string
const outbox = (): string => join(dataDir, 'outbox')
const mailer = (env: Record<string, string> = {}, retryDelays: readonly number[] = [20, 50]) =>
  createMailer({ config: readConfig(env), dataDir, log, retryDelays })
const sendAll = async (mails: readonly Mail[], env: Record<string, string> = {}): Promise<void> => {
  const { send, close } = mailer(env)
  for (const mail of mails) send(mail)
  await close()
}

beforeEach(() => {
  vi.clearAllMocks()
  dataDir = mkdtempSync(join(tmpdir(), 'vestibule-mail-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

describe('through SMTP_URL', () => {
  test('arrives with sender, addressee, subject and UTF-8 text, and the log says nothing of them', async () => {
    const received: Received[] = []
    const server = await smtpServer(received)
    await sendAll([reset], { SMTP_URL: server.url, MAIL_FROM: 'Vestibule <accounts@example.org>' })
    await server.close()
    expect(received).toHaveLength(1)
    expect(received[0]).toMatchObject({ from: 'accounts@example.org', to: ['layla@example.com'] })
    expect(received[0]?.mail).toMatchObject({ subject: 'Reset your password', from: { text: '"Vestibule" <accounts@example.org>' } })
    expect(received[0]?.mail.text).toBe(reset.text)
    expect(received[0]?.mail.text).toContain('Hello ليلى,')
    expect(received[0]?.mail.headers.get('auto-submitted')).toBe('auto-generated')
    expect(log.error).not.toHaveBeenCalled()
    expect(JSON.stringify(log.info.mock.calls)).not.toMatch(/token|layla/)
  })

  test('signs in with the user and password of the URL', async () => {
    const received: Received[] = []
    const seen: unknown[] = []
    const server = await smtpServer(received, {
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        seen.push([username, password])
        done(null, { user: username })
      },
    })
    await sendAll([plain()], { SMTP_URL: server.url.replace('//', '//us%40er:pa%3Ass@') })
    await server.close()
    expect(seen).toEqual([['us@er', 'pa:ss']])
    expect(received).toHaveLength(1)
  })

  test('a server that is away at first gets it once it is back, once', async () => {
    const first = await smtpServer([])
    await first.close()
    const { send, close } = mailer({ SMTP_URL: first.url }, [300, 300])
    send(plain())
    const received: Received[] = []
    const again = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) =>
        stream.resume().on('end', () => {
          received.push({} as Received)
          done()
        }),
    })
    await new Promise<void>((resolve) => again.listen(first.port, '127.0.0.1', resolve))
    await close()
    await new Promise<void>((resolve) => again.close(() => resolve()))
    expect(received).toHaveLength(1)
    expect(log.error).not.toHaveBeenCalled()
  })

  test.each([
    ['a passing refusal is tried three times in all', 451, 3],
    ['a lasting refusal once', 550, 1],
  ])('%s, and logged without the address', async (_name, responseCode, tries) => {
    let count = 0
    const server = await smtpServer([], {
      onRcptTo: (_address, _session, done) => {
        count += 1
        done(Object.assign(new Error('no, ann@example.com'), { responseCode }))
      },
    })
    await sendAll([plain()], { SMTP_URL: server.url })
    await server.close()
    expect(count).toBe(tries)
    expect(log.error).toHaveBeenCalledExactlyOnceWith(
      { subject: 'Hello', reason: 'EENVELOPE', reply: responseCode },
      'mail could not be delivered',
    )
  })

  test('closing does not wait for ever for a server that says nothing', async () => {
    const server = await smtpServer([], { onConnect: () => undefined })
    const { send, close } = mailer({ SMTP_URL: server.url })
    send(plain())
    const begun = performance.now()
    await close()
    expect(performance.now() - begun).toBeLessThan(6_000)
    expect(log.error).toHaveBeenCalledWith({ mails: 1 }, expect.any(String))
    void server.close()
  }, 10_000)
})

describe('without SMTP_URL', () => {
  const files = (): string[] => readdirSync(outbox()).sort()
  const read = (file = ''): string => readFileSync(join(outbox(), file), 'utf8')

  test('is one file for the owner alone, whole, with a line in the log that names it and no more', async () => {
    await sendAll([reset])
    const [file] = files()
    expect(files()).toHaveLength(1)
    expect(file).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-\d{4}-[0-9a-f]{12}\.eml$/)
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
    await sendAll([reset])
    expect(read(files()[0])).toContain(`\r\n${link}\r\n`)
  })

  test('names sort in the order of sending', async () => {
    await sendAll(Array.from({ length: 30 }, (_, n) => plain({ subject: `mail ${n}` })))
    expect(files().map((file) => /mail (\d+)/.exec(read(file))?.[1])).toEqual(Array.from({ length: 30 }, (_, n) => String(n)))
  })

  test('an outbox that can not be written is logged, and nothing is thrown', async () => {
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(outbox(), '')
    await sendAll([plain()])
    expect(log.error).toHaveBeenCalledExactlyOnceWith({ subject: 'Hello', reason: 'ENOTDIR' }, 'mail could not be delivered')
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
    const received: Received[] = []
    const server = await smtpServer(received)
    await sendAll([plain({ to })], { SMTP_URL: server.url })
    await sendAll([plain({ to })])
    await server.close()
    expect(received).toEqual([])
    expect(() => readdirSync(outbox())).toThrow('ENOENT')
    expect(log.error).toHaveBeenCalledTimes(2)
  })

  test.each(['\r\n', '\n', '\r', '\u0085', '\u2028', '\0'])('a subject and a name with %j make no header', async (end) => {
    const received: Received[] = []
    const server = await smtpServer(received)
    const mails = [
      plain({ subject: `Hello${evil.replaceAll('\r\n', end)}` }),
      templates.passwordChanged({ to: 'ann@example.com', name: `Ann${evil.replaceAll('\r\n', end)}`, locale: 'en' }),
    ]
    await sendAll(mails, { SMTP_URL: server.url })
    await sendAll(mails)
    await server.close()
    const texts = [...received.map(({ raw }) => raw), ...readdirSync(outbox()).map((file) => readFileSync(join(outbox(), file), 'utf8'))]
    expect(texts).toHaveLength(4)
    for (const text of texts) expect(text.split('\r\n\r\n', 1)[0]).not.toMatch(/^(bcc|x-evil):/im)
    for (const { to } of received) expect(to).toEqual(['ann@example.com'])
  })

  test('an address outside ASCII is one address', async () => {
    await sendAll([plain({ to: 'ليلى@مثال.example' })])
    expect(readdirSync(outbox())).toHaveLength(1)
  })
})
