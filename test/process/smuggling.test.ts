/**
 * Request smuggling (RFC 9112, 11.2; ASVS 4.2.1): a request whose end a proxy in front could see elsewhere is refused with 400, its connection
 * is closed, and what may be a second request in its body reaches nobody. What has one reading only is taken, and its next request too.
 */
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Listening, listen } from '../../src/server/listen.ts'
import { fetchHandler } from '../support/fetchHandler.ts'

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
let server: Listening
/** Method and path of each request that reached the app, with the body that it got. */
let reached: string[]

beforeEach(async () => {
  vi.clearAllMocks()
  reached = []
  server = await listen({ host: '127.0.0.1', port: 0, publicUrl: 'https://vestibule.test', log })
  server.serve(
    fetchHandler(async (request) => {
      const body = await request.text()
      reached.push(`${request.method} ${new URL(request.url).pathname} ${body}`.trim())
      return Response.json({})
    }),
  )
})
afterEach(async () => await server.close())

/** Sends the bytes at once, and reads until the server closes; it does so by itself only if it refuses. */
const send = async (bytes: string): Promise<string> => {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(Buffer.from(bytes, 'latin1'))
  const cut = setTimeout(() => socket.destroy(), 2_000)
  return await text(socket)
    .catch(() => 'not closed')
    .finally(() => clearTimeout(cut))
}

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'
const front = (...headers: readonly string[]): string => ['POST /front HTTP/1.1', 'Host: x', ...headers, '', ''].join('\r\n')
const chunked = `0\r\n\r\n${SMUGGLED}`
const inLength = (bytes: string): string => `Content-Length: ${bytes.length}`
const whole = `5\r\nhello\r\n0\r\n\r\n`

const REFUSED: Readonly<Record<string, string>> = {
  'Content-Length before Transfer-Encoding (CL.TE)': front(inLength(chunked), 'Transfer-Encoding: chunked') + chunked,
  'Transfer-Encoding before Content-Length (TE.CL)': front('Transfer-Encoding: chunked', 'Content-Length: 4') + chunked,
  'Content-Length of 0 beside Transfer-Encoding': front('Content-Length: 0', 'Transfer-Encoding: chunked') + chunked,
  'two different lengths': front('Content-Length: 0', inLength(SMUGGLED)) + SMUGGLED,
  'two equal lengths': front(inLength(SMUGGLED), inLength(SMUGGLED)) + SMUGGLED,
  'a list of lengths': front('Content-Length: 0, 0') + SMUGGLED,
  'a length with a sign': front('Content-Length: +0') + SMUGGLED,
  'a negative length': front('Content-Length: -1') + SMUGGLED,
  'a hexadecimal length': front('Content-Length: 0x0') + SMUGGLED,
  'a length that overflows 64 bits': front('Content-Length: 18446744073709551616') + SMUGGLED,
  'an empty length': front('Content-Length:') + SMUGGLED,
  'a space before the colon of a length': front(`Content-Length : ${SMUGGLED.length}`) + SMUGGLED,
  'a space before the colon of an encoding': front('Transfer-Encoding : chunked', inLength(chunked)) + chunked,
  'a space before the name of an encoding': front(' Transfer-Encoding: chunked', inLength(chunked)) + chunked,
  'an encoding that is not chunked': front('Transfer-Encoding: xchunked') + chunked,
  'an encoding after chunked': front('Transfer-Encoding: chunked, identity') + chunked,
  'chunked twice': front('Transfer-Encoding: chunked', 'Transfer-Encoding: identity') + chunked,
  'an encoding between tabs': front('Transfer-Encoding:\tchunked\t') + chunked,
  'an encoding in quotes': front('Transfer-Encoding: "chunked"') + chunked,
  'an encoding folded over two lines': front('Transfer-Encoding:', ' chunked', inLength(chunked)) + chunked,
  'a length folded over two lines': front('Content-Length:', ' 0') + SMUGGLED,
  'a header folded over two lines': front('A: b', '\tContent-Length: 5', 'Content-Length: 0') + SMUGGLED,
  'an encoding with a vertical tab': front('Transfer-Encoding: \x0bchunked', inLength(chunked)) + chunked,
  'a NUL in a header': front('A: b\0c', 'Content-Length: 0') + SMUGGLED,
  'a bare carriage return in a header': front('A: b\rContent-Length: 5', 'Content-Length: 0') + SMUGGLED,
  'a bare line feed at the end of a header': `POST /front HTTP/1.1\r\nHost: x\nContent-Length: 0\r\n\r\n${SMUGGLED}`,
  'bare line feeds everywhere': `POST /front HTTP/1.1\nHost: x\nContent-Length: 0\n\n${SMUGGLED}`,
  'a chunk whose size ends with a bare line feed': `${front('Transfer-Encoding: chunked')}5\nhello\r\n${chunked}`,
  'a chunk that ends with a bare line feed': `${front('Transfer-Encoding: chunked')}5\r\nhello\n${chunked}`,
  'a chunk that is longer than its size': `${front('Transfer-Encoding: chunked')}3\r\nhello\r\n${chunked}`,
  'a size with 0x': `${front('Transfer-Encoding: chunked')}0x5\r\nhello\r\n${chunked}`,
  'a negative size': `${front('Transfer-Encoding: chunked')}-1\r\nhello\r\n${chunked}`,
  'a size that overflows 64 bits': `${front('Transfer-Encoding: chunked')}10000000000000005\r\nhello\r\n${chunked}`,
  'an extension with a bare line feed': `${front('Transfer-Encoding: chunked')}5;a\nb\r\nhello\r\n${chunked}`,
  'an extension of 20 KiB': `${front('Transfer-Encoding: chunked')}5;${'a'.repeat(20_480)}\r\nhello\r\n${chunked}`,
  'HTTP/1.0 with an encoding and a length': `POST /front HTTP/1.0\r\nContent-Length: ${chunked.length}\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`,
}

describe('refused', () => {
  test.each(Object.entries(REFUSED))('%s is refused, and what follows reaches nobody', async (_what, bytes) => {
    const answer = await send(bytes)
    expect(answer).toMatch(/^HTTP\/1\.1 4(?:00|13) [\s\S]*\r\nconnection: close\r\n/i)
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(reached.filter((each) => each.includes('/smuggled'))).toEqual([])
    expect(log.error).not.toHaveBeenCalled()
  })
})

const NEXT = 'GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'

describe('taken', () => {
  test.each<[string, string, string]>([
    ['chunked, in capitals', `${front('TRANSFER-ENCODING: CHUNKED')}${whole}`, 'POST /front hello'],
    ['a short extension', `${front('Transfer-Encoding: chunked')}5;a=b\r\nhello\r\n0\r\n\r\n`, 'POST /front hello'],
    ['a trailer', `${front('Transfer-Encoding: chunked')}5\r\nhello\r\n0\r\nA: b\r\n\r\n`, 'POST /front hello'],
    ['a name with an underscore', `${front('Content_Length: 99', 'Content-Length: 5')}hello`, 'POST /front hello'],
    ['a body of what looks like a request', `${front(inLength(SMUGGLED))}${SMUGGLED}`, `POST /front ${SMUGGLED.trim()}`],
    ['a length with zeros in front', `${front('Content-Length: 005')}hello`, 'POST /front hello'],
  ])('%s has one reading, and the next request is the next', async (_what, bytes, expected) => {
    const answer = await send(bytes + NEXT)
    // Two of a connection run at once.
    expect(reached.sort()).toEqual(['GET /next', expected])
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
  })
})
