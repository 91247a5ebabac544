/**
 * What clients send, in the lines of a real log: whatever they put into texts that are logged, each event is one line of JSON, which has their text as
 * a value and nowhere else (ASVS 16.4.1).
 */
import { expect, it } from 'vitest'
import { createLogger } from '../../src/server/logger.ts'
import { mutate } from '../graphql/ask.ts'
import { PASSWORD, person } from '../support/accounts.ts'
import { type LogLine, openWorld } from '../support/world.ts'

const FORGED = '{"level":"error","time":"2026-01-01T00:00:00.000Z","msg":"forged"}'
/** Ends of lines of every kind, a terminal's commands, and what turns text around. */
const HOSTILE = [
  `\n${FORGED}\n`,
  `\r\n${FORGED}`,
  `\u2028${FORGED}`,
  `\u0085${FORGED}`,
  '\u001b[2J\u001b]0;owned\u0007',
  '","level":"fatal","x":"',
  '\u202egnp.exe',
  '\u0000',
]

/** What the server's logger writes for the lines. */
const written = (lines: readonly LogLine[]): string => {
  let text = ''
  const log = createLogger('debug', {
    write: (part: string) => {
      text += part
    },
  })
  for (const { level, fields, message } of lines) log[level as 'info'](fields, message)
  return text
}

it('each event is one line, whatever clients put into what is logged', async () => {
  const world = await openWorld({ ACCESS_LOG: 'true', TRUSTED_PROXIES: '' })
  const { email } = await person(world)
  for (const hostile of HOSTILE) {
    for (const identifier of [hostile, `${email}${hostile}`]) await mutate(world, 'signIn', { identifier, password: PASSWORD })
    await world.post('/users/login', { username: hostile, password: hostile })
    await world.post('/auth/refresh-tokens', { refreshToken: hostile })
    await world.graphql(`query ${JSON.stringify(hostile)} { me { id } }`)
    await world.graphql('query($a: String!) { user(id: $a) { id } }', { a: hostile })
    await world.get(`/v1/users/${encodeURIComponent(hostile)}?x=${encodeURIComponent(hostile)}`)
    // A header cannot have an end of line, but everything else.
    const header = hostile.replace(/[\p{Cc}\p{Zl}\u202e]/gu, ' ')
    const headers = { 'user-agent': header, origin: `https://${header}`, 'x-request-id': header, 'x-forwarded-for': header }
    await world.request('GET', '/api/user', { headers })
  }
  const lines = world.logs.splice(0)
  await world.close()
  expect(lines.length).toBeGreaterThan(HOSTILE.length * 6)
  const text = written(lines)
  const parsed = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(parsed).toHaveLength(lines.length)
  expect(parsed.map(({ level, msg }) => [level, msg])).toEqual(lines.map(({ level, message }) => [level, message]))
  expect(parsed.filter(({ msg }) => msg === 'forged')).toEqual([])
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})

it('a text that is logged is a value of its one line: as a field, below one, in an error and as the message', () => {
  const lines = HOSTILE.flatMap((hostile): LogLine[] => [
    { level: 'warn', fields: { origin: hostile, about: { name: [hostile] } }, message: hostile },
    { level: 'error', fields: { err: new Error(hostile) }, message: 'failed' },
  ])
  const parsed = written(lines)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(parsed.map(({ level, msg, origin, about, err }) => [level, msg, origin, about, err?.message])).toEqual(
    HOSTILE.flatMap((hostile) => [
      ['warn', hostile, hostile, { name: [hostile] }, undefined],
      ['error', 'failed', undefined, undefined, hostile],
    ]),
  )
})
