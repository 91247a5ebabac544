/** Sending a webhook, to receivers and names that mean harm: where it connects to, and what it takes in. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLookUp, type LookUp } from '../../../src/webhooks/lookUp.ts'
import { createWebhookSender } from '../../../src/webhooks/sender.ts'
import { type DnsServer, startDns } from '../../support/dnsServer.ts'
import { type RawReceiver, startRawReceiver } from '../../support/rawReceiver.ts'

const nobody: LookUp = async () => {
  throw new Error('no name was to be looked up')
}
const settings = { WEBHOOK_ALLOWED_NETWORKS: [] as string[], WEBHOOK_TIMEOUT: 1_000 }
const strict = createWebhookSender(settings, nobody)
const local = { ...settings, WEBHOOK_ALLOWED_NETWORKS: ['loopback'] }
const request = (url: string) => ({ url, headers: { 'content-type': 'application/json', 'webhook-id': 'msg_1' }, body: '{"ünï":1}' })

const receivers: { close(): Promise<void> }[] = []
const receiver = async (answer: (socket: Socket) => void): Promise<RawReceiver> => {
  const made = await startRawReceiver(answer)
  receivers.push(made)
  return made
}
const says = (text: string) => async () => await receiver((socket) => void socket.end(text))
afterAll(async () => {
  await Promise.all(receivers.map(async (each) => await each.close()))
})

const OK = 'HTTP/1.1 204 No Content\r\n\r\n'
const send = async ({ port }: RawReceiver, more = {}) =>
  await createWebhookSender({ ...local, ...more }, nobody).send(request(`http://127.0.0.1:${port}/in?a=b`))

describe('a URL', () => {
  it.each<readonly [string, string]>([
    ['ftp://example.com/', 'must be an https URL'],
    ['https:example.com', 'must be an https URL'],
    ['file:///etc/passwd', 'must be an https URL'],
    ['gopher://8.8.8.8:25/_x', 'must be an https URL'],
    ['http://8.8.8.8/', 'must be an https URL'],
    ['https://user:secret@8.8.8.8/', 'must have no user: the signature shows who sends'],
    ['https://@8.8.8.8@127.0.0.1/', 'must have no user: the signature shows who sends'],
    ['https://8.8.8.8/#x', 'must have no fragment'],
    ['https://8.8.8.8/#', 'must have no fragment'],
    ['https://8.8.8.8:25/', 'must have the port 80 or 443, or one from 1024 on'],
    ['https://8.8.8.8:22/', 'must have the port 80 or 443, or one from 1024 on'],
    ...[
      ...['https://127.0.0.1/', 'https://localhost/', 'https://a.localhost/', 'https://LOCALHOST./', 'https://[::1]/', 'https://127.1/'],
      ...['https://2130706433/', 'https://0x7f000001/', 'https://0177.0.0.1/', 'https://0/', 'https://169.254.169.254/latest/meta-data/'],
      ...[
        'https://[::ffff:169.254.169.254]/',
        'https://[64:ff9b::a9fe:a9fe]/',
        'https://①②⑦.0.0.1/',
        'https://127。0。0。1/',
        'https://10.0.0.1:8443/',
      ],
    ].map(
      (url) => [url, 'must have a host that the DNS knows, with addresses that are all public or in WEBHOOK_ALLOWED_NETWORKS'] as const,
    ),
  ])('%s is refused when it is given, and nothing is sent to it', async (url, problem) => {
    const sender = createWebhookSender(settings, async (name) => await createLookUp(['127.0.0.1:1'])(name))
    expect(await sender.problem(url)).toBe(problem)
    expect(await sender.send(request(url))).toEqual({ status: null, reason: `the URL ${problem}` })
  })

  it('of more than 2,000 characters is refused', async () => {
    expect(await strict.problem(`https://8.8.8.8/${'a'.repeat(2_000)}`)).toBe('must have at most 2000 characters')
  })

  it('of the Internet is taken with https, and one of an allowed network without', async () => {
    expect(await strict.problem('https://8.8.8.8:8443/hooks?x=1')).toBeNull()
    const own = createWebhookSender({ ...settings, WEBHOOK_ALLOWED_NETWORKS: ['10.0.0.0/8'] }, nobody)
    expect(await own.problem('http://10.1.2.3/hooks')).toBeNull()
    expect(await own.problem('http://8.8.8.8/hooks')).toBe('must be an https URL')
  })
})

describe('a name', () => {
  let dns: DnsServer
  let answers: readonly string[][]
  let asked = 0
  let inside: RawReceiver
  beforeAll(async () => {
    inside = await receiver((socket) => void socket.end(OK))
    dns = await startDns((name) => {
      if (name === 'silent.example') return undefined
      if (name === 'both.example') return ['8.8.8.8', '10.0.0.1']
      if (name === 'six.example') return ['::1']
      if (name === 'public.example') return ['203.0.114.7', '2606:4700::7']
      if (name === 'local.example') return ['127.0.0.1']
      if (name !== 'rebind.example') return []
      // Both types of one look-up get the same answer.
      const answer = answers[Math.min(Math.floor(asked / 2), answers.length - 1)] ?? []
      asked += 1
      return answer
    })
    receivers.push(dns)
  })
  const lookUp: LookUp = async (name) => await createLookUp([dns.address])(name)

  it.each([
    ['both.example', 'must have a host that the DNS knows, with addresses that are all public or in WEBHOOK_ALLOWED_NETWORKS'],
    ['six.example', 'must have a host that the DNS knows, with addresses that are all public or in WEBHOOK_ALLOWED_NETWORKS'],
    ['local.example', 'must have a host that the DNS knows, with addresses that are all public or in WEBHOOK_ALLOWED_NETWORKS'],
    ['nowhere.example', 'must have a host that the DNS knows, with addresses that are all public or in WEBHOOK_ALLOWED_NETWORKS'],
    ['silent.example', 'must have a host that can be looked up'],
    ['public.example', null],
  ])('%s: %s', async (name, problem) => {
    expect(await createWebhookSender(settings, lookUp).problem(`https://${name}/`)).toBe(problem)
  })

  it('that becomes one of this machine after it was given is judged anew at each request, and not connected to', async () => {
    const sender = createWebhookSender(settings, lookUp)
    answers = [['203.0.114.7'], ['127.0.0.1']]
    asked = 0
    expect(await sender.problem(`https://rebind.example:${inside.port}/`)).toBeNull()
    expect(await sender.send(request(`https://rebind.example:${inside.port}/`))).toEqual({
      status: null,
      reason: 'the URL must have a host that the DNS knows, with addresses that are all public or in WEBHOOK_ALLOWED_NETWORKS',
    })
    expect(inside.received).toEqual([])
  })

  it('is looked up once for a request: the address that is connected to is the one that was judged', async () => {
    const sender = createWebhookSender(local, lookUp)
    answers = [['127.0.0.1'], ['127.0.0.2']]
    asked = 0
    expect(await sender.send(request(`http://rebind.example:${inside.port}/`))).toEqual({ status: 204 })
    expect(asked).toBe(2)
    expect(inside.received.at(-1)).toContain(`\r\nHost: rebind.example:${inside.port}\r\n`)
  })

  it('without a DNS that answers ends in time', async () => {
    const begun = performance.now()
    expect(await createWebhookSender(settings, lookUp).send(request('https://silent.example/'))).toEqual({
      status: null,
      reason: 'no answer in time',
    })
    expect(performance.now() - begun).toBeLessThan(2_000)
  })
})

describe('a receiver', () => {
  it('gets one POST with the headers and the bytes of the body, on a connection that is closed', async () => {
    const good = await says(OK)()
    expect(await send(good)).toEqual({ status: 204 })
    expect(good.received).toHaveLength(1)
    expect(good.received[0]?.split('\r\n').sort()).toEqual(
      [
        'POST /in?a=b HTTP/1.1',
        'content-type: application/json',
        'webhook-id: msg_1',
        'content-length: 11',
        `Host: 127.0.0.1:${good.port}`,
        'Connection: close',
        '',
        Buffer.from('{"ünï":1}').toString('latin1'),
      ].sort(),
    )
    await expect.poll(good.open).toBe(0)
  })

  it.each([301, 302, 303, 307, 308])('that redirects with %i is not followed', async (status) => {
    const inside = await says(OK)()
    const bad = await says(`HTTP/1.1 ${status} Elsewhere\r\nlocation: http://127.0.0.1:${inside.port}/\r\ncontent-length: 0\r\n\r\n`)()
    expect(await send(bad)).toEqual({ status })
    expect(inside.received).toEqual([])
  })

  it.each<readonly [string, (socket: Socket) => void, object]>([
    ['says nothing', () => undefined, { status: null, reason: 'no answer in time' }],
    ['hangs up', (socket) => void socket.destroy(), { status: null, reason: 'ECONNRESET' }],
    ['speaks no HTTP', (socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'), { status: null, reason: 'HPE_INVALID_CONSTANT' }],
    [
      'sends a huge header',
      (socket) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`),
      { status: null, reason: 'HPE_HEADER_OVERFLOW' },
    ],
    [
      'sends headers without end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        const more = setInterval(() => socket.write(`x${Math.random()}: y\r\n`), 5)
        socket.once('close', () => clearInterval(more))
      },
      { status: null, reason: 'no answer in time' },
    ],
    [
      'announces without end',
      (socket) => void socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(50)),
      { status: null, reason: 'TOO_MANY_INFORMATIONAL_ANSWERS' },
    ],
    [
      'changes the protocol',
      (socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
      { status: null, reason: 'NO_ANSWER' },
    ],
    [
      'sends a body without end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
        const more = setInterval(() => socket.write(`4000\r\n${'a'.repeat(16_384)}\r\n`), 1)
        socket.once('close', () => clearInterval(more))
      },
      { status: 200 },
    ],
    [
      'sends a body that is far longer than it says',
      (socket) => void socket.end(`HTTP/1.1 500 No\r\ncontent-length: 3\r\n\r\n${'a'.repeat(500_000)}`),
      { status: 500 },
    ],
  ])('that %s is let go in time', async (_what, answer, outcome) => {
    const bad = await receiver(answer)
    const begun = performance.now()
    expect(await send(bad)).toEqual(outcome)
    expect(performance.now() - begun).toBeLessThan(2_000)
    await expect.poll(bad.open).toBe(0)
  })

  it('whose body is slow has accepted what its status accepts, and is waited for two seconds at most', async () => {
    const slow = await receiver((socket) => void socket.write('HTTP/1.1 202 Accepted\r\ncontent-length: 10\r\n\r\nabc'))
    const begun = performance.now()
    expect(await send(slow, { WEBHOOK_TIMEOUT: 10_000 })).toEqual({ status: 202 })
    expect(performance.now() - begun).toBeLessThan(3_500)
    await expect.poll(slow.open).toBe(0)
  })
})

const OPENSSL = '/usr/bin/openssl'

describe.runIf(existsSync(OPENSSL))('a receiver with TLS', () => {
  it('that no authority vouches for gets nothing', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'vestibule-tls-'))
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
    const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost']
    execFileSync(OPENSSL, [...words, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' })
    let got = ''
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
      socket
        .on('error', () => undefined)
        .on('data', (part) => {
          got += part.toString()
        })
    })
    server.on('tlsClientError', () => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    rmSync(directory, { recursive: true })
    const { port } = server.address() as { port: number }
    const answer = await createWebhookSender(local, nobody).send(request(`https://127.0.0.1:${port}/`))
    await new Promise<void>((resolve) => server.close(() => resolve()))
    expect({ answer, got }).toEqual({ answer: { status: null, reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, got: '' })
  })
})
