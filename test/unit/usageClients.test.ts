/** Names of clients: whatever a User-Agent is, its name is short, on one line, and shows all that it is. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { clientOf } from '../../src/domain/usage/clients.ts'

const NAME_LENGTH = 200

it.each([
  [null, ''],
  ['', ''],
  ['okhttp/4.9.0', 'okhttp/4.9.0'],
  ['two  spaces ', 'two spaces'],
  ['two  spaces', 'two spaces'],
  ['a\tb\u0000c\u0085d', 'a b c d'],
  ['right\u202eleft', 'right left'],
  ['half \ud83d of a pair', 'half of a pair'],
  ['ÄÖÜ تطبيق', 'ÄÖÜ تطبيق'],
  ['x'.repeat(NAME_LENGTH + 1), 'x'.repeat(NAME_LENGTH)],
  ['😀'.repeat(NAME_LENGTH + 1), '😀'.repeat(NAME_LENGTH)],
])('%j is %j', (userAgent, name) => expect(clientOf(userAgent)).toBe(name))

it('the name of a client is of a bounded length, well-formed, without anything invisible, and its own name', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 250 }), fc.string({ maxLength: 250 })), (userAgent) => {
      const name = clientOf(userAgent)
      expect([...name].length).toBeLessThanOrEqual(NAME_LENGTH)
      expect(name.isWellFormed()).toBe(true)
      expect(name).not.toMatch(/\p{C}/u)
      expect(clientOf(name)).toBe(name)
    }),
  )
})
