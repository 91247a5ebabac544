/**
 * Clients that take their time: a connection that says nothing, a head or a body that never ends, an answer that nobody reads. Each is ended
 * after its time, and meanwhile holds a bounded part of memory. Over raw sockets, with times of the server made short.
 */
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { answerOf } from '../../src/http/answers.ts'
import { createBodyRoom } from '../../src/http/bodyRoom.ts'
import type { Handler } from '../../src/http/message.ts'
import { readBody } from '../../src/http/readBody.ts'
import { type Listening, listen, TIMEOUTS } from '../../src/server/listen.ts'

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
const SHORT = { headersTimeout: 300, requestTimeout: 600, keepAliveTimeout: 300, timeout: 1_000 }

let server: Listening | undefined
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await server?.close()
  server = undefined
})

const open = async (handler: Handler, timeouts = SHORT, more: { sendBacklog?: number; host?: string } = {}): Promise<void> => {
  const opened = await listen({ host: '127.0.0.1', port: 0, log, publicUrl: 'http://vestibule.test', lastCall: 0, timeouts, ...more })
  opened.serve(handler)
  server = opened
}
const ready: Handler = async (request) => {
  await readBody(request, createBodyRoom(1e6, 1e6), 'client')
  return answerOf(200, 'done')
}

interface Client {
  readonly socket: Socket
  /** What came until the server closed the connection, and after how many ms that was. */
  readonly end: Promise<{ readonly heard: string; readonly after: number }>
}
const dial = (localAddress = '127.0.0.1'): Client => {
  const socket = connect({ port: server?.port ?? 0, host: '127.0.0.1', localAddress, allowHalfOpen: true })
  socket.on('error', () => undefined)
  sockets.push(socket)
  const begun = performance.now()
  let heard = ''
  socket.on('data', (bytes) => {
    heard += bytes
  })
  const end = new Promise<{ heard: string; after: number }>((resolve) => {
    const done = () => resolve({ heard, after: performance.now() - begun })
    socket.once('end', done)
    socket.once('close', done)
  })
  return { socket, end }
}

/** Sends `text` a byte each 20 ms, until the connection is closed. */
const drip = async (socket: Socket, text: string): Promise<void> => {
  for (const byte of text) {
    if (socket.destroyed || socket.readableEnded) return
    socket.write(byte)
    await delay(20)
  }
}

test('the times of the server are 15 s for a head, 30 s for a request, 65 s between requests, and 60 s without a byte', () => {
  expect(TIMEOUTS).toEqual({ headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 65_000, timeout: 60_000 })
})

describe('ended with 408', () => {
  test.each<[string, string, string]>([
    ['a connection that says nothing', '', ''],
    ['a head that comes byte by byte', 'GET / HTTP/1.1\r\n', `Host: x\r\nA: ${'a'.repeat(500)}`],
    ['a head without an end', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n', ''],
  ])('%s', async (_who, first, slowly) => {
    await open(ready)
    const { socket, end } = dial()
    socket.write(first)
    void drip(socket, slowly)
    const { heard, after } = await end
    expect(heard).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    expect(heard).toMatch(/\r\nconnection: close\r\n/i)
    expect(after).toBeGreaterThan(250)
    expect(after).toBeLessThan(3_000)
  })

  test('a body that comes byte by byte, however steadily', async () => {
    await open(ready)
    const { socket, end } = dial()
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n')
    void drip(socket, 'x'.repeat(1_000))
    const { heard, after } = await end
    expect(heard).toMatch(/^(HTTP\/1\.1 408 Request Timeout\r\n|$)/)
    expect(after).toBeGreaterThan(550)
    expect(after).toBeLessThan(4_000)
  })
})

describe('closed', () => {
  test('a connection on which nothing comes after an answer', async () => {
    await open(ready)
    const { socket, end } = dial()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    const { heard, after } = await end
    expect(heard).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(after).toBeLessThan(4_000)
  })

  test('a connection whose other half is closed, once its request is answered', async () => {
    await open(ready)
    const { socket, end } = dial()
    socket.end('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    const { heard, after } = await end
    expect(heard).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(after).toBeLessThan(4_000)
  })

  test('an answer that nobody takes, after the time without a byte; its stream ends', async () => {
    let isEnded = false
    async function* endless() {
      try {
        for (;;) yield 'x'.repeat(65_536)
      } finally {
        isEnded = true
      }
    }
    await open(() => answerOf(200, endless()))
    const { socket } = dial()
    socket.pause()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await expect.poll(() => isEnded, { timeout: 8_000 }).toBe(true)
  })
})

test('100 connections that pipeline 200 requests each and read nothing hold the answers to two each', async () => {
  let begun = 0
  const BYTES = 500_000
  const large = Buffer.alloc(BYTES, 'x')
  await open(
    () => {
      begun += 1
      return answerOf(200, Buffer.from(large))
    },
    { ...SHORT, timeout: 60_000, requestTimeout: 60_000, headersTimeout: 60_000 },
  )
  const before = process.memoryUsage().arrayBuffers
  for (let connection = 0; connection < 100; connection += 1) {
    const { socket } = dial()
    socket.pause()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(200))
  }
  await expect.poll(() => begun, { timeout: 8_000 }).toBeGreaterThanOrEqual(100)
  await delay(500)
  // Some of what was written is in the buffers of the two sockets (several MB each way on Linux).
  expect(begun).toBeLessThan(100 * 20)
  expect((process.memoryUsage().arrayBuffers - before) / 1024 / 1024).toBeLessThan(600)
})

test('answers that nobody takes hold so much memory in all: of the address that holds the most, the oldest connections are closed', async () => {
  const MEBIBYTE = 1024 * 1024
  const large = 'x'.repeat(4 * MEBIBYTE)
  const patient = { ...SHORT, timeout: 60_000, requestTimeout: 60_000, headersTimeout: 60_000 }
  let answered = 0
  const answer: Handler = () => {
    answered += 1
    return answerOf(200, large)
  }
  await open(answer, patient, { sendBacklog: 16 * MEBIBYTE })
  const ask = async ({ socket }: Client): Promise<void> => {
    const before = answered
    socket.pause()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await expect.poll(() => answered, { interval: 5 }).toBe(before + 1)
    await delay(50)
  }
  const other = dial('127.0.0.2')
  await ask(other)
  const many = Array.from({ length: 12 }, () => dial())
  for (const client of many) await ask(client)
  // What is closed says so once the rest is read.
  for (const { socket } of [...many, other]) socket.resume()
  const heard = await Promise.all(
    [other, ...many].map(async ({ socket, end }) => {
      const whole = (async () => {
        while (socket.bytesRead < large.length) await delay(20)
      })()
      await Promise.race([end, whole])
      return socket.bytesRead >= large.length
    }),
  )
  expect(heard).toEqual([true, ...Array(9).fill(false), ...Array(3).fill(true)])
}, 30_000)

const SMALLEST = 'GET / HTTP/1.1\r\nHost:\r\n\r\n'

/** Bytes that are in use, without garbage. */
const heapInUse = (): number => {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

test('20 connections on each of which 2,500 requests come at once are closed, and hold nothing', async () => {
  await open(async () => await new Promise(() => undefined), { ...SHORT, timeout: 60_000, requestTimeout: 60_000, headersTimeout: 60_000 })
  const before = heapInUse()
  const clients = Array.from({ length: 20 }, () => dial())
  for (const { socket } of clients) socket.write(SMALLEST.repeat(2_500))
  for (const { after } of await Promise.all(clients.map(({ end }) => end))) expect(after).toBeLessThan(20_000)
  // Parsed, they take 5 MB for each connection.
  expect((heapInUse() - before) / 1024 / 1024).toBeLessThan(20)
})

test('each of 400 requests that come at once is answered, in their order', async () => {
  await open(({ url }) => answerOf(200, `<${url.pathname.slice(1)}>`), TIMEOUTS)
  const { socket, end } = dial()
  const numbers = Array.from({ length: 400 }, (_, index) => String(index))
  socket.write(
    numbers.map((number) => `GET /${number} HTTP/1.1\r\nHost: x\r\n${number === '399' ? 'Connection: close\r\n' : ''}\r\n`).join(''),
  )
  const { heard } = await end
  expect([...heard.matchAll(/<(\d+)>/g)].map(([, number]) => number)).toEqual(numbers)
})

test.each([
  ['a broken request', 'GET / HTTP/9.9\r\n\r\n', 400],
  ['a tunnel', 'CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n', 501],
])('%s is refused once, whatever comes after it', async (_what, refused, status) => {
  await open(ready)
  const { socket, end } = dial()
  socket.write(`${refused}${SMALLEST.repeat(2_000)}`)
  socket.write(SMALLEST)
  const { heard } = await end
  expect(heard.match(/^HTTP\/1\.1 \d+/gm)).toEqual([`HTTP/1.1 ${status}`])
})
