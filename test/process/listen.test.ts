/** The HTTP server by itself, spoken to over raw sockets: what it refuses, what it survives, and how it closes. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StartupError } from '../../src/db/startupError.ts'
import { answerOf } from '../../src/http/answers.ts'
import type { Handler } from '../../src/http/message.ts'
import { type Listening, listen } from '../../src/server/listen.ts'
import { fetchHandler } from '../support/fetchHandler.ts'

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
let server: Listening
/** As in production: behind a proxy that speaks TLS. */
const PUBLIC_URL = 'https://vestibule.test'

const echo = fetchHandler(async (request, from) =>
  Response.json({ method: request.method, url: request.url, body: await request.text(), ...from }),
)

const dial = async (): Promise<Socket> => {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}

const say = async (...lines: string[]): Promise<string> => {
  const socket = await dial()
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  return text(socket)
}

async function* failing() {
  yield 'begun'
  await delay(50)
  throw new Error('hunter2')
}

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
const stillAlive = async (): Promise<void> => {
  expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(200)
  expect(log.error).not.toHaveBeenCalled()
}

beforeEach(async () => {
  vi.clearAllMocks()
  server = await listen({ host: '127.0.0.1', port: 0, publicUrl: PUBLIC_URL, log })
})
afterEach(() => server.close())

describe('before there is an app', () => {
  test.each([
    ['GET', '/healthz', 200],
    ['HEAD', '/healthz', 200],
    ['GET', '/readyz', 503],
    ['POST', '/graphql', 503],
    ['POST', '/healthz', 503],
    ['GET', '/', 503],
  ])('%s %s is %i', async (method, path, status) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method })
    expect(response.status).toBe(status)
    expect(response.headers.get('retry-after')).toBe(status === 503 ? '2' : null)
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
    expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('with an app', () => {
  beforeEach(() => server.serve(echo))

  test('hands on the request and the address of the peer', async () => {
    const response = await fetch(`http://127.0.0.1:${server.port}/a?b=c`, { method: 'POST', body: 'text' })
    expect(await response.json()).toEqual({
      method: 'POST',
      url: `http://127.0.0.1:${server.port}/a?b=c`,
      body: 'text',
      remoteAddress: '127.0.0.1',
    })
  })

  test.each<[string, string[], number]>([
    ['TRACE', ['TRACE / HTTP/1.1', 'Host: x', 'Connection: close'], 501],
    ['CONNECT', ['CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443'], 501],
    ['an unknown method', ['BREW / HTTP/1.1', 'Host: x'], 400],
    [
      'Content-Length and Transfer-Encoding',
      ['POST / HTTP/1.1', 'Host: x', 'Content-Length: 3', 'Transfer-Encoding: chunked', '', '0'],
      400,
    ],
    ['two lengths', ['POST / HTTP/1.1', 'Host: x', 'Content-Length: 3', 'Content-Length: 4', '', 'abc'], 400],
    ['a length that is none', ['POST / HTTP/1.1', 'Host: x', 'Content-Length: 3x', '', 'abc'], 400],
    ['a chunk that is none', ['POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked', '', 'zz'], 400],
    ['no Host', ['GET / HTTP/1.1'], 400],
    ['a Host with a space', ['GET / HTTP/1.1', 'Host: a b', 'Connection: close'], 400],
    ['a Host with a path', ['GET / HTTP/1.1', 'Host: a/b', 'Connection: close'], 400],
    ['a Host with a user', ['GET / HTTP/1.1', 'Host: u@a', 'Connection: close'], 400],
    ['a Host with a wrong port', ['GET / HTTP/1.1', 'Host: a:99999', 'Connection: close'], 400],
    ['two Hosts', ['GET / HTTP/1.1', 'Host: a', 'Host: b', 'Connection: close'], 400],
    ['two Hosts beside a target that is a URL', ['GET http://a/ HTTP/1.1', 'Host: a', 'Host: b', 'Connection: close'], 400],
    ['a Host outside ASCII', ['GET / HTTP/1.1', 'Host: \u00e9\u0000', 'Connection: close'], 400],
    ['a target without /', ['GET foo HTTP/1.1', 'Host: x', 'Connection: close'], 400],
    ['a target that is a broken URL', ['GET http://[ HTTP/1.1', 'Host: x', 'Connection: close'], 400],
    ['a target that is a URL with a user', ['GET http://u:p@x/ HTTP/1.1', 'Host: x', 'Connection: close'], 400],
    ['a header name with a space', ['GET / HTTP/1.1', 'Host: x', 'a b: c'], 400],
    ['a header folded over two lines', ['GET / HTTP/1.1', 'Host: x', 'A: b', ' c'], 400],
    ['headers beyond 16 KiB', ['GET / HTTP/1.1', 'Host: x', `A: ${'a'.repeat(20_000)}`], 431],
    ['an unknown expectation', ['POST / HTTP/1.1', 'Host: x', 'Expect: magic', 'Connection: close', 'Content-Length: 0'], 417],
    ['not HTTP at all', ['\u0016\u0003\u0001hello'], 400],
  ])('%s is refused, and the server lives on', async (_name, lines, status) => {
    expect(statusOf(await say(...lines))).toBe(status)
    await stillAlive()
  })

  test.each<[string, string[], number, string]>([
    ['400', ['GET / HTTP/1.1', 'Host: x', 'a b: c'], 400, 'Bad request'],
    ['400 within a body', ['POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked', '', 'zz'], 400, 'Bad request'],
    ['417', ['POST / HTTP/1.1', 'Host: x', 'Expect: magic', 'Connection: close', 'Content-Length: 0'], 417, 'Expectation failed'],
    ['431', ['GET / HTTP/1.1', 'Host: x', `A: ${'a'.repeat(20_000)}`], 431, 'Request header fields too large'],
    ['501', ['CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443'], 501, 'Not implemented'],
    ['400 for a target', ['GET foo HTTP/1.1', 'Host: x', 'Connection: close'], 400, 'Bad request'],
  ])('%s has a type and the body of every other answer', async (_name, lines, status, message) => {
    const answer = await say(...lines)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(statusOf(answer)).toBe(status)
    expect(head).toMatch(/^content-type: application\/json/im)
    expect(head).toMatch(/^connection: close\r?$/im)
    const requestId = /^x-request-id: ([\w-]{36})\r?$/im.exec(head)?.[1]
    expect(JSON.parse(body)).toEqual({ message, request_id: requestId })
    expect(head).toContain(`${Buffer.byteLength(body)}`)
    await stillAlive()
  })

  test('a header in several lines is one list, so that neither the first nor the last can pass for the whole', async () => {
    const names = ['authorization', 'x-forwarded-for']
    server.serve(fetchHandler(({ headers }) => Response.json(names.map((name) => headers.get(name)))))
    const twice = ['Authorization: Bearer a', 'X-Forwarded-For: 203.0.113.5', 'Authorization: Bearer b', 'X-Forwarded-For: 10.1.2.3']
    const answer = await say('GET / HTTP/1.1', 'Host: x', 'Connection: close', ...twice)
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toEqual(['Bearer a, Bearer b', '203.0.113.5, 10.1.2.3'])
  })

  test('a broken request behind a good one is not taken for the answer to it', async () => {
    server.serve(
      fetchHandler(async () => {
        await delay(100)
        return Response.json({ first: true })
      }),
    )
    const socket = await dial()
    socket.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\na b\r\n\r\n')
    expect(await text(socket)).not.toMatch(/^HTTP\/1\.1 400/)
  })

  test('OPTIONS * tells what the server knows (RFC 9110, 9.3.7)', async () => {
    const answer = await say('OPTIONS * HTTP/1.1', 'Host: x', 'Connection: close')
    expect(statusOf(answer)).toBe(204)
    expect(answer).toMatch(/^allow: GET, HEAD, POST, PUT, DELETE, OPTIONS\r$/im)
    expect(statusOf(await say('GET * HTTP/1.1', 'Host: x', 'Connection: close'))).toBe(400)
  })

  test.each(['EXAMPLE.com', 'a_b:4000', '[::1]:4000', '127.0.0.1', '127.1:4000', '2130706433'])('a Host of %s is one', async (host) => {
    expect(statusOf(await say('GET / HTTP/1.1', `Host: ${host}`, 'Connection: close'))).toBe(200)
  })

  test.each(['http', 'HTTP', 'Http', 'https', 'HTTPS'])(
    'a whole URL of %s is a target like any other (RFC 9112, 3.2.2)',
    async (scheme) => {
      const answer = await say(`GET ${scheme}://other.example/a HTTP/1.1`, 'Host: x', 'Connection: close')
      expect(statusOf(answer)).toBe(200)
      expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '').url).toBe(`${scheme.toLowerCase()}://other.example/a`)
    },
  )

  test('of pipelined requests two of a connection are under way, in their order, and the others wait', async () => {
    let open = 0
    let most = 0
    server.serve(
      fetchHandler(async (request) => {
        open += 1
        most = Math.max(most, open)
        await request.text()
        await delay(10)
        open -= 1
        return new Response(`<${new URL(request.url).pathname.slice(1)}>`)
      }),
    )
    const socket = await dial()
    const count = 300
    for (let index = 0; index < count; index += 1) {
      const close = index === count - 1 ? 'Connection: close\r\n' : ''
      socket.write(`POST /${index} HTTP/1.1\r\nHost: x\r\n${close}Content-Length: 2000\r\n\r\n${'x'.repeat(2_000)}`)
    }
    const reported = [...(await text(socket)).matchAll(/<(\d+)>/g)].map(([, index]) => Number(index))
    expect(reported).toEqual(Array.from({ length: count }, (_, index) => index))
    expect(most).toBe(2)
  })

  test('what waits is never begun once the client is gone', async () => {
    let begun = 0
    server.serve(
      fetchHandler(async () => {
        begun += 1
        await delay(50)
        return new Response('x'.repeat(100_000))
      }),
    )
    const socket = await dial()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(200))
    await delay(20)
    socket.resetAndDestroy()
    await delay(500)
    expect(begun).toBeLessThanOrEqual(4)
  })

  test('a stream that fails ends with its connection, and its fault is a line of the log', async () => {
    server.serve(() => answerOf(200, failing()))
    const answer = await say('GET / HTTP/1.1', 'Host: x')
    expect(answer).toContain('begun')
    expect(answer).not.toMatch(/0\r\n\r\n$/)
    await vi.waitFor(() => expect(log.error).toHaveBeenCalledExactlyOnceWith({ err: new Error('hunter2') }, 'an answer broke off'))
  })

  test('an answer that cannot be sent ends with its connection, and its fault is a line of the log', async () => {
    server.serve(() => answerOf(200, 'text', { 'x-odd': 'a\u007fb' }))
    expect(await say('GET / HTTP/1.1', 'Host: x')).toBe('')
    await vi.waitFor(() => expect(log.error).toHaveBeenCalledExactlyOnceWith({ err: expect.any(TypeError) }, 'an answer broke off'))
  })

  test.each<[string, string]>([
    ['it is sent', 'GET /stream HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['it waits for the one before it', 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /stream HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('a stream ends when its client leaves while %s, and that is no fault', async (_name, lines) => {
    let isBegun = false
    let isEnded = false
    async function* endless() {
      try {
        for (isBegun = true; ; await delay(1)) yield 'x'.repeat(100_000)
      } finally {
        isEnded = true
      }
    }
    server.serve(async ({ url }) => {
      if (url.pathname === '/stream') return answerOf(200, endless())
      return await new Promise(() => undefined)
    })
    const socket = await dial()
    socket.write(lines)
    await expect.poll(() => isBegun).toBe(true)
    await delay(50)
    socket.resetAndDestroy()
    await expect.poll(() => isEnded).toBe(true)
    expect(log.error).not.toHaveBeenCalled()
  })

  test.each<[string, string[]]>([
    ['an upgrade that nobody offers', ['GET / HTTP/1.1', 'Host: x', 'Connection: Upgrade, close', 'Upgrade: websocket']],
    ['HTTP/1.0 without Host', ['GET / HTTP/1.0']],
    ['a body sent with GET', ['GET / HTTP/1.1', 'Host: x', 'Content-Length: 3', 'Connection: close', '', 'abc']],
    ['dots and backslashes', ['GET /a/../%2e%2e/b HTTP/1.1', 'Host: x', 'Connection: close']],
  ])('%s does no harm', async (_name, lines) => {
    expect([200, 400, 404]).toContain(statusOf(await say(...lines)))
    await stillAlive()
  })

  test('clients that vanish in the middle do no harm', async () => {
    for (const part of [
      '',
      'GE',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc',
      'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n',
    ]) {
      const socket = await dial()
      socket.write(part)
      await delay(20)
      socket.resetAndDestroy()
    }
    await delay(50)
    expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(200)
  })

  test('a fault that the app let through is a masked 500 and a log line', async () => {
    for (const fault of [
      () => {
        throw new Error('hunter2')
      },
      async () => {
        throw new Error('hunter2')
      },
    ] as Handler[]) {
      server.serve(fault)
      const response = await fetch(`http://127.0.0.1:${server.port}/`)
      expect(response.status).toBe(500)
      expect(await response.json()).toEqual({ message: 'Internal server error', request_id: response.headers.get('x-request-id') })
    }
    expect(log.error).toHaveBeenCalledTimes(2)
  })
})

describe('closing', () => {
  const slow =
    (ms: number): Handler =>
    async () => {
      await delay(ms)
      return answerOf(200, 'done')
    }

  test('closing lets the open request finish, tells the client, and refuses new connections', async () => {
    server.serve(slow(300))
    const open = fetch(`http://127.0.0.1:${server.port}/`)
    await delay(100)
    const closed = server.close()
    // What has arrived by now is still answered.
    await delay(50)
    await expect(fetch(`http://127.0.0.1:${server.port}/`)).rejects.toThrow()
    const response = await open
    expect(response.headers.get('connection')).toBe('close')
    expect(await response.text()).toBe('done')
    await closed
    expect(log.warn).not.toHaveBeenCalled()
  })

  test('closing closes silent connections after a last call of a second: those that answered, and those that never asked', async () => {
    server.serve(slow(0))
    await (await fetch(`http://127.0.0.1:${server.port}/`)).text()
    await Promise.all([dial(), dial()])
    const begun = performance.now()
    await server.close()
    expect(performance.now() - begun).toBeGreaterThan(950)
    expect(performance.now() - begun).toBeLessThan(2_500)
  })

  test('closing answers what comes within the last call, as the last of its connection', async () => {
    server.serve(slow(0))
    const socket = await dial()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise((resolve) => socket.once('data', resolve))
    const closed = server.close()
    await delay(100)
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    const answer = await text(socket)
    expect(statusOf(answer)).toBe(200)
    expect(answer).toMatch(/^connection: close\r$/im)
    await closed
  })

  test('closing answers what arrived within the last call, though the process was too busy to read it', async () => {
    server.serve(slow(0))
    // On a thread of its own, so that it goes on while this one stands still.
    const client = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads')
      const request = 'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'
      let heard = ''
      const socket = require('node:net').connect(workerData, '127.0.0.1', () => socket.write(request))
      socket.on('error', () => undefined).once('data', () => parentPort.postMessage('answered')).on('data', (bytes) => { heard += bytes })
      socket.once('close', () => parentPort.postMessage(heard))
      parentPort.once('message', () => setTimeout(() => socket.write(request), 500))`,
      { eval: true, workerData: server.port },
    )
    expect((await once(client, 'message'))[0]).toBe('answered')
    const heard = once(client, 'message')
    client.postMessage('again')
    const closed = server.close()
    await delay(100)
    // Just before the timers of the next turn of the event loop, which come before its reading.
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500))
    const answers = ((await heard)[0] as string).match(/HTTP\/1\.1 200 |^connection: \S+/gim)
    expect(answers).toEqual(['HTTP/1.1 200 ', 'Connection: keep-alive', 'HTTP/1.1 200 ', 'Connection: close'])
    await closed
    await client.terminate()
  })

  test('an answer that was already begun is sent to its end, and its kept connection is closed then', async () => {
    server.serve(
      fetchHandler(
        () =>
          new Response(
            new ReadableStream({
              async start(controller) {
                controller.enqueue(Buffer.from('a'.repeat(100_000)))
                await delay(300)
                controller.enqueue(Buffer.from('end'))
                controller.close()
              },
            }),
          ),
      ),
    )
    const response = await fetch(`http://127.0.0.1:${server.port}/`)
    const begun = performance.now()
    const closed = server.close()
    expect((await response.text()).slice(-4)).toBe('aend')
    await closed
    expect(performance.now() - begun).toBeLessThan(2_000)
  })

  test('a connection that such an answer promised to keep has its last call after it', async () => {
    let end = (): void => undefined
    const isLong = new Promise<void>((resolve) => {
      end = resolve
    })
    server.serve(
      fetchHandler(
        () =>
          new Response(
            new ReadableStream({
              async start(controller) {
                controller.enqueue(Buffer.from('begun'))
                await isLong
                controller.enqueue(Buffer.from('ended'))
                controller.close()
              },
            }),
          ),
      ),
    )
    const socket = await dial()
    const gone = once(socket, 'close')
    let heard = ''
    socket.on('data', (bytes) => {
      heard += bytes.toString()
    })
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await expect.poll(() => heard).toContain('begun')
    const closed = server.close()
    // Longer than the last call of the silent connections.
    await delay(1_500)
    end()
    await expect.poll(() => heard).toContain('ended')
    await delay(100)
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await gone
    expect(heard.match(/^connection: \S+|begun|ended/gim)).toEqual([
      'Connection: keep-alive',
      'begun',
      'ended',
      'Connection: close',
      'begun',
      'ended',
    ])
    await closed
  })

  test('closing cuts what hangs after ten seconds', async () => {
    server.serve(() => new Promise(() => undefined))
    const open = fetch(`http://127.0.0.1:${server.port}/`)
    const failed = expect(open).rejects.toThrow()
    await delay(50)
    const begun = performance.now()
    await server.close()
    await failed
    expect(performance.now() - begun).toBeGreaterThan(9_900)
    expect(performance.now() - begun).toBeLessThan(12_000)
    expect(log.warn).toHaveBeenCalledExactlyOnceWith({ connections: 1 }, expect.any(String))
  }, 15_000)
})

describe('what keeps it from listening is one clear line', () => {
  test('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    await expect(listen({ host: '127.0.0.1', port, publicUrl: PUBLIC_URL, log })).rejects.toThrow(
      new StartupError(
        `Cannot listen on 127.0.0.1 port ${port}: the port is in use; set PORT to another one, or stop the program that uses it`,
      ),
    )
    other.close()
  })

  test.each([
    ['192.0.2.1', 'this machine does not have that address'],
    ['no-such-host.invalid', 'host name does not exist|host name cannot be looked up'],
  ])('host %s', async (host, reason) => {
    await expect(listen({ host, port: 0, publicUrl: PUBLIC_URL, log })).rejects.toThrow(new RegExp(reason))
  })
})
