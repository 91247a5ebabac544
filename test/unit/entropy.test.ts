/**
 * How much chance is in each secret that the server makes: every random byte that it asks for changes what is made, and there are enough of them
 * (ASVS 6.5.3, 6.5.4, 7.2.2, 7.2.3, 11.5.1). Where chance comes from: cryptography.test.ts.
 */
import { describe, expect, test } from 'vitest'
import type { RandomBytes } from '../../src/domain/base/ports.ts'
import { newLoginCode } from '../../src/domain/secrets/loginCode.ts'
import { newMailDigits, newMailToken } from '../../src/domain/secrets/mailToken.ts'
import { newPersonalToken } from '../../src/domain/secrets/personalToken.ts'
import { newRecoveryCodeParts, printRecoveryCode } from '../../src/domain/secrets/recoveryCode.ts'
import { newSessionToken } from '../../src/domain/secrets/sessionToken.ts'
import { newTotpSecret } from '../../src/domain/twoFactor/totp.ts'
import { newSecret as newWebhookSecret } from '../../src/domain/webhooks/signature.ts'

type Make = (randomBytes: RandomBytes) => string

/** Chance that is none: byte after byte of what is given, then of a counter. */
const given = (bytes: Uint8Array): { readonly randomBytes: RandomBytes; readonly taken: () => number } => {
  let taken = 0
  const next = (): number => bytes[taken++] ?? taken % 251
  return { randomBytes: (length) => Buffer.from(Array.from({ length }, next)), taken: () => taken }
}

/** The random bytes that something is made of, and how many of them change what is made. */
const chanceIn = (make: Make): { readonly bytes: number; readonly effective: number } => {
  const base = Uint8Array.from({ length: 64 }, (_none, index) => index)
  const { randomBytes, taken } = given(base)
  const made = make(randomBytes)
  const bytes = taken()
  const changed = Array.from({ length: bytes }, (_none, at) =>
    make(given(base.map((byte, index) => (index === at ? byte + 1 : byte))).randomBytes),
  )
  return { bytes, effective: changed.filter((other) => other !== made).length }
}

const BITS_OF_ALL = 128

describe.each<readonly [string, Make, number]>([
  ['an opaque token of /v1', (random) => newSessionToken(random, 'sess'), BITS_OF_ALL],
  ['a token of wekan', (random) => newSessionToken(random, 'resume'), BITS_OF_ALL],
  ['a cookie', (random) => newSessionToken(random, 'cookie'), BITS_OF_ALL],
  ['a personal access token', newPersonalToken, BITS_OF_ALL],
  ['a login code', newLoginCode, BITS_OF_ALL],
  ['a link in a mail', newMailToken, BITS_OF_ALL],
  ['the secret of a webhook', newWebhookSecret, BITS_OF_ALL],
  ['the secret of an authenticator app', newTotpSecret, BITS_OF_ALL],
])('%s', (_name, make, bits) => {
  test(`has at least ${bits} bits of chance`, () => {
    const { bytes, effective } = chanceIn(make)
    expect(effective).toBe(bytes)
    expect(effective * 8).toBeGreaterThanOrEqual(bits)
  })
})

describe('codes that people type', () => {
  test('a recovery code has at least 50 bits, of 32 characters that look different', () => {
    const [code] = newRecoveryCodeParts(given(new Uint8Array()).randomBytes, 1)
    if (code === undefined) throw new Error('there is no code')
    expect(printRecoveryCode(code)).toMatch(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{5}-[A-HJ-NP-Z2-9]{5}$/)
    expect(Math.log2(32 ** code.secret.length)).toBeGreaterThanOrEqual(50)
  })

  test('a code in a mail has at least six digits, each as likely as any other', () => {
    const random = given(Uint8Array.from({ length: 6_000 }, (_none, index) => index % 250)).randomBytes
    const codes = Array.from({ length: 1_000 }, () => newMailDigits(random))
    expect(codes.filter((code) => !/^\d{6}$/.test(code))).toEqual([])
    const counts = Array.from({ length: 10 }, (_none, digit) => [...codes.join('')].filter((each) => each === String(digit)).length)
    expect(new Set(counts)).toEqual(new Set([600]))
  })
})
