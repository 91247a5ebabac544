/** The log lines: JSON, UTC, and no secret whatever is handed in. */
import { expect, test } from 'vitest'
import { createLogger } from '../../src/server/logger.ts'

const logged = (fields: object): Record<string, unknown> => {
  const lines: string[] = []
  createLogger('debug', { write: (line) => lines.push(line) }).info(fields, 'message')
  expect(lines).toHaveLength(1)
  return JSON.parse(lines[0] ?? '')
}

test('a line has a level by name, a UTC time and the message', () => {
  const line = logged({ requestId: 'r1' })
  expect(line).toMatchObject({ level: 'info', requestId: 'r1', msg: 'message' })
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(line).not.toHaveProperty('hostname')
})

test.each([
  'password',
  'newPassword',
  'passwordHash',
  'token',
  'refreshToken',
  'secret',
  'twoFactorSecret',
  'code',
  'loginCode',
  'recoveryCodes',
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'SECRET_KEY',
  'otpauthUrl',
])('%s is redacted at the top, below, and in lists', (name) => {
  const line = JSON.stringify(logged({ [name]: 'hunter2', below: { [name]: 'hunter2', list: [{ [name]: 'hunter2' }] } }))
  expect(line).not.toContain('hunter2')
  expect(line.match(/\[redacted\]/g)).toHaveLength(3)
})

test('what is too deep to look at is not printed', () => {
  expect(JSON.stringify(logged({ a: { b: { c: { d: { e: { password: 'hunter2' } } } } } }))).not.toContain('hunter2')
})

test('an error keeps its code and cause, and loses what a driver hung on it', () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', config: { auth: 'hunter2' } })
  const line = logged({ err: Object.assign(new Error('no database', { cause }), { query: 'hunter2' }) })
  expect(line.err).toMatchObject({ type: 'Error', message: 'no database', cause: { code: 'ECONNREFUSED' } })
  expect(JSON.stringify(line)).not.toContain('hunter2')
})

test('a field that refers to itself does no harm', () => {
  const fields: Record<string, unknown> = {}
  fields.self = fields
  expect(logged(fields)).toMatchObject({ msg: 'message' })
})
