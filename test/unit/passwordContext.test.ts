/**
 * Words of a password's context, by the table of docs/passwords.md and by what a table cannot print.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contextWords, isMadeOf, type PasswordOwner } from '../../src/domain/passwords/contextWords.ts'

const documentation = readFileSync(new URL('../../docs/passwords.md', import.meta.url), 'utf8')
const examples = [...documentation.matchAll(/^\| `(.+?)` \| (refused|taken) \|/gm)].map(([, password = '', verdict = '']) => ({
  password,
  verdict,
}))

const ada: PasswordOwner = {
  name: 'Ada Lovelace',
  firstName: 'Ada',
  lastName: 'Lovelace',
  username: 'countess',
  email: 'ada.l@analytical-engines.example.org',
}
const verdictOf = (password: string, owner: PasswordOwner = ada, publicUrl = 'https://accounts.acme.io') =>
  isMadeOf(contextWords(publicUrl, owner), password, (text) => text.toLowerCase() === 'password1') ? 'refused' : 'taken'

describe('the examples of docs/passwords.md', () => {
  it('the examples of docs/passwords.md are some of each kind', () => {
    expect(examples.filter(({ verdict }) => verdict === 'refused').length).toBeGreaterThan(5)
    expect(examples.filter(({ verdict }) => verdict === 'taken').length).toBeGreaterThan(2)
  })

  it.each(examples)('$password is $verdict', ({ password, verdict }) => {
    expect(verdictOf(password)).toBe(verdict)
  })
})

describe('a password is compared', () => {
  it.each([
    ['in composed and decomposed Unicode alike', { name: 'Zoe\u0301 Dvor\u030ca\u0301k' }, 'ZO\u00c9dvo\u0159\u00e1k99'],
    ['with sharp s and two s alike', { lastName: 'Gro\u00dfmann' }, 'GROSSMANN12'],
    ['with both small sigmas alike', { name: '\u0391\u03bd\u03b1\u03be\u03bf\u03c2' }, '\u0391\u039d\u0391\u039e\u039f\u03a31'],
    [
      'in Arabic',
      { name: '\u0641\u0627\u0637\u0645\u0629 \u0632\u0647\u0631\u0627\u0621' },
      '\u0641\u0627\u0637\u0645\u0629\u0632\u0647\u0631\u0627\u0621',
    ],
    ['with a username as a whole', { username: 'x7Kq9w2mPz' }, 'X7kq9W2mpZ!!'],
    ['with an address that has no @', { email: 'lighthouse' }, 'lighthouse'],
  ])('%s', (_how, owner, password) => {
    expect([verdictOf(password, owner), verdictOf(password, {})]).toEqual(['refused', 'taken'])
  })

  it('a password is compared with words of three characters, and none shorter', () => {
    expect(verdictOf('kim9999999', { name: 'Kim' })).toBe('refused')
    expect(verdictOf('al99999999', { name: 'Al' })).toBe('taken')
  })

  it('a password is compared with a host of one label, and without the last of several', () => {
    expect(verdictOf('localhost1', {}, 'http://localhost:4000')).toBe('refused')
    expect(verdictOf('internal99', {}, 'https://vault.internal')).toBe('taken')
  })

  it('a password is compared with nothing that an account lacks', () => {
    expect(verdictOf('correct horse', { name: null, email: '', username: undefined })).toBe('taken')
  })
})
