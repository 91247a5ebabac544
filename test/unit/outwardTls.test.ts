/**
 * A server that has a certificate which nobody vouches for, in the place of each that Vestibule calls: none is sent a byte of what was meant
 * for the right one (ASVS 12.3.2). How it is with PostgreSQL: db/session.test.ts.
 */
import type { Socket } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { afterEach, expect, test, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createPwnedPasswords } from '../../src/http/pwnedPasswords.ts'
import { checkSmtp } from '../../src/mail/checkSmtp.ts'
import { createMailer } from '../../src/mail/mailer.ts'
import { createWebhookSender } from '../../src/webhooks/sender.ts'
import { CERTIFICATE, KEY } from '../support/certificate.ts'
import { startMailServer } from '../support/smtpServer.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A server that keeps what it is sent inside TLS. */
const startImpostor = async (): Promise<{ readonly port: number; readonly got: () => string }> => {
  let got = ''
  const server: Server = createServer({ key: KEY, cert: CERTIFICATE }, (socket: Socket) => {
    socket
      .on('error', () => undefined)
      .on('data', (part) => {
        got += part.toString()
        socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n')
      })
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, 'localhost', () => resolve()))
  closing.push(() => server.close())
  return { port: (server.address() as { port: number }).port, got: () => got }
}

test('a webhook is not sent', async () => {
  const { port, got } = await startImpostor()
  const sender = createWebhookSender({ WEBHOOK_ALLOWED_NETWORKS: ['loopback'], WEBHOOK_TIMEOUT: 2_000 })
  const answer = await sender.send({ url: `https://localhost:${port}/`, headers: { 'webhook-id': 'msg_1' }, body: '{"secret":1}' })
  expect([answer, got()]).toEqual([{ status: null, reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, ''])
})

test('nothing of a password is sent to a service of breached ones', async () => {
  const { port, got } = await startImpostor()
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  expect(await createPwnedPasswords({ url: `https://localhost:${port}`, log })('password')).toBe(false)
  expect([log.warn.mock.calls, got()]).toEqual([[[{ reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, expect.any(String)]], ''])
})

test.each([
  ['smtps', { secure: true }],
  ['smtp', { disabledCommands: [] }],
])('a mail and the password of its server are not sent by %s, and doctor says so', async (scheme, options) => {
  const server = await startMailServer({ ...options, key: KEY, cert: CERTIFICATE, authOptional: false })
  closing.push(server.close)
  const url = `${scheme}://ann:a-password@localhost:${server.port}`
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const { deliver, close } = createMailer({ config: readConfig({ SMTP_URL: url }), dataDir: '/nowhere', log })
  closing.push(close)
  const mail = { to: 'ada@example.com', subject: 'A link', text: 'https://example.com/#token=x' }
  const delivery = await deliver(mail, { id: '0b7c3f6e-1f1b-4c53-9a55-3a1f2a9d8c11', queuedAt: new Date('2026-11-22T10:17:22.123Z') })
  expect([delivery, server.received]).toEqual([{ outcome: 'unavailable', reason: 'ESOCKET' }, []])
  await expect(checkSmtp(url)).rejects.toThrow(/self.signed certificate/)
})
