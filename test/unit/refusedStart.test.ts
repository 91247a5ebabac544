/** Why a start fails, for a person at a terminal: what can be mended is one line, and a bug keeps its stack. */
import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import { describe, expect, test } from 'vitest'
import { bind } from '../../src/server/bind.ts'
import { explain } from '../../src/server/explain.ts'

const failing = (code: string): Server => {
  const server = new EventEmitter() as unknown as Server
  server.listen = (() => server.emit('error', Object.assign(new Error(code), { code, syscall: 'listen' }))) as never
  return server
}
const messageOf = async (code: string, host: string, port: number): Promise<string> =>
  await bind(failing(code), host, port).then(String, explain)

describe('an address that cannot be had', () => {
  test.each([
    ['EACCES', '0.0.0.0', 80, 'ports below 1024 are reserved for root; set PORT to a higher one, and let a proxy listen on the low one'],
    ['EACCES', '0.0.0.0', 8080, 'this user may not listen on that port'],
    ['EADDRINUSE', '127.0.0.1', 4000, 'the port is in use; set PORT to another one, or stop the program that uses it'],
    ['EADDRNOTAVAIL', '192.0.2.1', 4000, 'this machine does not have that address; set HOST to one that it has'],
    ['EAFNOSUPPORT', '::1', 4000, 'this machine does not support that kind of address; set HOST to another one'],
    ['ENOTFOUND', 'nowhere.invalid', 4000, 'the host name does not exist; set HOST to an address'],
    ['EAI_AGAIN', 'nowhere.invalid', 4000, 'the host name cannot be looked up now; set HOST to an address'],
    ['ESTRANGE', '127.0.0.1', 4000, 'ESTRANGE'],
  ])('%s on %s port %i', async (code, host, port, reason) => {
    expect(await messageOf(code, host, port)).toBe(`vestibule: Cannot listen on ${host} port ${port}: ${reason}\n`)
  })
})

describe('what the machine refuses', () => {
  test.each([
    ['ENOSPC', '/data/pglite', 'vestibule: could not start: ENOSPC (the disk is full: /data/pglite)\n'],
    ['EACCES', '/data', 'vestibule: could not start: EACCES (permission denied: /data)\n'],
    ['EROFS', '/data', 'vestibule: could not start: EROFS (it is read-only: /data)\n'],
    ['EMFILE', undefined, 'vestibule: could not start: EMFILE (too many files are open)\n'],
  ])('%s is one line without a stack', (code, path, line) => {
    expect(explain(Object.assign(new Error('write'), { code, syscall: 'write', path }))).toBe(line)
  })
})

test('a bug has its stack', () => {
  expect(explain(new TypeError('x is not a function'))).toMatch(/^vestibule: could not start: TypeError: x is not a function\n {4}at /)
})
