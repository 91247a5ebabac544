/** What the load of the benchmark sends, and how it reads answers; and the options of the benchmark. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { closedLoop } from '../../bench/load/closedLoop.ts'
import { readAnswer } from '../../bench/load/connection.ts'
import { pacedLoop } from '../../bench/load/pacedLoop.ts'
import { bytesOf, chains, checkAnswer, cycle } from '../../bench/load/traffic.ts'
import { optionsOf } from '../../bench/throughput/options.ts'

const answer = (text: string) => readAnswer(Buffer.from(text, 'latin1'))
const answered = (status: number, body: string) => ({ status, body: Buffer.from(body) })

describe('an answer', () => {
  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}', '{}'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n3\r\na"}\r\n0\r\n\r\n', '{"a"}'],
  ])('is complete: %j', (text, wanted) => {
    expect(answer(text)?.status).toBe(200)
    expect(answer(text)?.body.toString()).toBe(wanted)
  })

  it.each([
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n',
  ])('is not complete: %j', (text) => {
    expect(answer(text)).toBeUndefined()
  })

  it('without a length is refused', () => {
    expect(() => answer('HTTP/1.1 200 OK\r\n\r\n')).toThrow('an answer without a length')
  })

  it.each([
    [answered(200, '{"id":1}'), true],
    [answered(401, '{"id":1}'), false],
    [answered(200, '{"name":1}'), false],
    [answered(200, '{"errors":[],"id":1}'), false],
  ])('%j is wanted: %s', (given, isWanted) => {
    const check = () => checkAnswer(given, '"id"')
    if (isWanted) expect(check).not.toThrow()
    else expect(check).toThrow(`an answer with ${given.status}`)
  })
})

describe('requests', () => {
  it('have a length of bytes', () => {
    expect(bytesOf({ method: 'POST', path: '/a', token: 't', from: '10.0.0.1', body: 'ü' }).toString()).toBe(
      'POST /a HTTP/1.1\r\nhost: localhost\r\nuser-agent: bench\r\naccept: application/json\r\nauthorization: Bearer t\r\nx-forwarded-for: 10.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\r\n"ü"',
    )
  })

  it('of a chain use each token once, on the connection of their chain', () => {
    const traffic = chains({
      tokens: ['a', 'b', 'c'],
      connections: 2,
      ask: (token) => ({ method: 'GET', path: `/${token}` }),
      tokenOf: (body) => JSON.parse(body.toString()).token,
    })
    const pathOf = (connection: number) => traffic.next(connection).toString().split(' ')[1]
    expect([pathOf(0), pathOf(1), pathOf(0)]).toEqual(['/a', '/b', '/c'])
    traffic.take(0, answered(200, '{"token":"a2"}'))
    expect(pathOf(0)).toBe('/a2')
  })
})

describe('a load', () => {
  it('counts every answer, and fails at a wrong one', async () => {
    let asked = 0
    const server = createServer((request, response) => {
      asked += 1
      response.end(JSON.stringify({ path: request.url }))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const traffic = cycle([{ method: 'GET', path: '/a' }], '"/a"')
    const { requests, times } = await closedLoop(url, traffic, 2, 0.05)
    expect([requests, times.length]).toEqual([asked, asked])
    expect((await pacedLoop(url, traffic, 100, 0.1)).length).toBe(10)
    await expect(closedLoop(url, cycle([{ method: 'GET', path: '/b' }], '"/a"'), 1, 0.05)).rejects.toThrow('an answer with 200, not')
    server.close()
  })
})

describe('the options', () => {
  it('are a full run with peers, which is kept', () => {
    expect(optionsOf([])).toMatchObject({ peers: true, isComplete: true, plan: { rounds: 3, duration: 10, warmUp: 3 } })
  })

  it.each([['--quick'], ['--no-peers'], ['--only', 'GraphQL'], ['--rounds', '2'], ['--duration', '5']])(
    'results of %s are not kept',
    (...args) => {
      expect(optionsOf(args).isComplete).toBe(false)
    },
  )

  it('have sizes of growth', () => {
    expect(optionsOf(['--growth']).growth).toEqual([1000, 10_000, 100_000, 1_000_000])
    expect(optionsOf(['--growth', '1000,5000', '--plans'])).toMatchObject({ growth: [1000, 5000], plans: true })
  })

  it.each([[['--rounds', '0']], [['--duration', 'x']], [['--growth', '5000,1000']], [['--growth', '10']], [['--unknown']]])(
    'refuse %j',
    (args) => {
      expect(() => optionsOf(args)).toThrow()
    },
  )
})
