/** What a mail says of a User-Agent: known words, and never a word of the stranger who sent it. */
import { expect, test } from 'vitest'
import { programOf } from '../../src/domain/mails/program.ts'

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)'

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Windows'],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Chrome/138.0.0.0 Safari/537.36`, 'Chrome, macOS'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0`, 'Edge, Windows'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} Chrome/137.0.0.0 Safari/537.36 OPR/122.0.0.0`, 'Opera, Linux'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    'Safari, iOS',
  ],
  [`Mozilla/5.0 (Linux; Android 15) ${WEBKIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`, 'Samsung Internet, Android'],
  ['curl/8.14.1', 'curl'],
  ['node', null],
  ['', null],
  [null, null],
  ['Your account is locked: call +201012345678 or open http://evil.example', null],
  ['Firefox/1 open http://evil.example now, Windows', 'Firefox, Windows'],
])('%j is %j', (userAgent, program) => {
  expect(programOf(userAgent)).toBe(program)
})
