/** Envelopes: what opens, what does not, and which key they name. */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSecretBox, SecretBoxError } from '../../src/domain/keys/secretBox.ts'

const [OLD, NEW] = ['the old secret key, which is long enough', 'the new secret key, which is long enough']
const old = createSecretBox([OLD], randomBytes)
const both = createSecretBox([NEW, OLD], randomBytes)

describe('an envelope', () => {
  it('an envelope opens under the key that sealed it, wherever that stands among several', () => {
    expect(both.open(old.seal('a secret', 'a place'), 'a place')).toBe('a secret')
    expect(both.open(both.seal('a secret', 'a place'), 'a place')).toBe('a secret')
  })

  it('an envelope begins with the prefix of the first key', () => {
    expect(both.seal('a secret', 'a place').startsWith(both.prefix)).toBe(true)
    expect(old.seal('a secret', 'a place').startsWith(both.prefix)).toBe(false)
    expect(both.prefix).toMatch(/^v1\.[\w-]{8}\.$/)
  })

  it('two envelopes of one text have nothing in common: each has a nonce of its own', () => {
    const sealed = Array.from({ length: 500 }, () => both.seal('a secret', 'a place').split('.'))
    expect(new Set(sealed.map(([, , nonce = '']) => nonce)).size).toBe(500)
    expect(new Set(sealed.map(([, , , body = '']) => body.slice(0, 8))).size).toBeGreaterThan(495)
    expect(Buffer.from(sealed[0]?.[2] ?? '', 'base64url')).toHaveLength(12)
  })

  const sealed = both.seal('a secret', 'a place')
  const [version, id, iv, body = ''] = sealed.split('.')
  it.each([
    ['of an unknown key', createSecretBox(['x'.repeat(32)], randomBytes).seal('a secret', 'a place')],
    ['that is empty', ''],
    ['of another version', sealed.replace('v1.', 'v2.')],
    ['without an end', `${version}.${id}.${iv}.`],
    ['that was cut', sealed.slice(0, -10)],
    ['with a short nonce', `${version}.${id}.AAAA.${body}`],
    ['without a nonce', `${version}.${id}..${body}`],
    ['that was changed', `${version}.${id}.${iv}.${body.startsWith('A') ? 'B' : 'A'}${body.slice(1)}`],
  ])('%s does not open, with one kind of error', (_what, envelope) => {
    expect(() => both.open(envelope, 'a place')).toThrow(SecretBoxError)
  })

  it('an envelope does not open in another place', () => {
    expect(() => both.open(sealed, 'another place')).toThrow(SecretBoxError)
  })
})

it('older keys are those that are not the first', () => {
  expect(old.hasOlderKeys).toBe(false)
  expect(both.hasOlderKeys).toBe(true)
  expect(createSecretBox([OLD, OLD], randomBytes).hasOlderKeys).toBe(false)
})
