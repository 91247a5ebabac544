/** What others wrote, on the terminal of the person who runs a command. */
import { expect, it } from 'vitest'
import { visible } from '../../src/cli/local/visible.ts'

it.each([
  ['the title of a terminal', 'a\u001b]0;owned\u0007b', 'a\\u001b]0;owned\\u0007b'],
  ['one byte that begins a sequence', '\u009b2J', '\\u009b2J'],
  ['a line that writes over itself', 'root\rmallory', 'root\\u000dmallory'],
  ['writing that turns around', 'user\u202egnp.exe', 'user\\u202egnp.exe'],
  ['tables, lines and letters', 'id\tname\nعلي 😀\n', 'id\tname\nعلي 😀\n'],
])('%s', (_what, text, shown) => {
  expect(visible(text)).toBe(shown)
})

it('JSON is the same for programs', () => {
  const value = { name: '\u001b[2J\u009b\u007f\u2028' }
  expect(JSON.parse(visible(JSON.stringify(value)))).toEqual(value)
})
