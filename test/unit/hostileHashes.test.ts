/** Hashes and passwords that somebody made so that a check takes long, much memory, or fits what it should not. */
import argon2 from 'argon2'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { familiesWith, findHash } from '../../src/domain/hashing/families/all.ts'
import { readDigest } from '../../src/domain/hashing/families/digest.ts'
import type { HashFamily } from '../../src/domain/hashing/families/family.ts'
import { createHasher } from '../../src/domain/hashing/hasher.ts'

const families = familiesWith(argon2.verify)
const find = (text: string) => findHash(families, text)?.hash
const base64 = (text: string) =>
  Buffer.from(text, 'latin1')
    .toString('base64')
    .replace(/={1,2}$/, '')
/** About the largest that a request can have. */
const LONG = 100_000

describe('a long password', () => {
  // Each is checked while nothing else is done, so a second is a second of silence.
  it.each([
    ['of blanks', `x${' '.repeat(LONG)}x`],
    ['of quotes', "'".repeat(LONG)],
    ['of letters', 'x'.repeat(LONG)],
  ])('%s is checked at once against hashes of WordPress', async (_what, password) => {
    const begun = performance.now()
    expect(await find('$slashed$P$FsaltsaltAAAAAAAAAAAAAAAAAAAAAA')?.fits(password)).toBe(false)
    expect(await find('$slashed$wp$2y$04$RySfB1A20jYf9D0xxQkyXecT6ZzxUr5vjZo4NxWeKAUCWeP7fTjNi')?.fits(password)).toBe(false)
    expect(performance.now() - begun).toBeLessThan(500)
  })

  it('is trimmed as PHP does it', async () => {
    // The hash of `password`, made by passlib 1.7.
    const hash = find('$slashed$P$5B/OmXj3Qm73q68uVgfJEp/Kr8VV7o0')
    for (const typed of ['password', ' \t\n\r\0\u000bpassword', 'password \u000b\0', '  password  '])
      expect(await hash?.fits(typed)).toBe(true)
    for (const typed of ['pass word', '\u00a0password', 'password\f']) expect(await hash?.fits(typed)).toBe(false)
  })
})

describe("Kratos' form of a digest", () => {
  it('takes its salt as it is, also where that has what replacements take for signs', async () => {
    const text = `$md5$pf=${base64('{SALT}{PASSWORD}')}$${base64('$&')}$${base64('x'.repeat(16))}`
    expect(Buffer.from(readDigest(text)?.recipe.before ?? '').toString('latin1')).toBe('$&')
  })

  it('does not become many times as long as it is written', () => {
    const form = base64(`${'{SALT}'.repeat(200)}{PASSWORD}`)
    expect(() => find(`$md5$pf=${form}$${base64('$`'.repeat(600))}$${base64('x'.repeat(16))}`)).toThrow('the form of the hash is too long')
  })
})

describe('a hash', () => {
  it.each([
    ['PBKDF2', `$pbkdf2-sha256$i=1000$${base64('salt')}$${base64('x')}`],
    ["Django's PBKDF2", `pbkdf2_sha256$1000$salt$${base64('x'.repeat(11))}`],
    ['scrypt', `$scrypt$ln=4,r=8,p=1$${base64('salt')}$${base64('x')}`],
    ["Firebase's scrypt", `$firescrypt$ln=4,r=8,p=1$${base64('salt')}$${base64('x')}$${base64('x')}$${base64('x')}`],
  ])('of %s of which little is left is refused: one password in 256 would fit a byte', (_what, text) => {
    expect(() => find(text)).toThrow('fewer than 12 bytes')
  })

  it('of argon2 with thousands of threads is refused', () => {
    const [salt, hash] = ['A'.repeat(22), 'A'.repeat(43)]
    expect(find(`$argon2id$v=19$m=262144,t=1,p=64$${salt}$${hash}`)).toBeDefined()
    expect(find(`$argon2id$v=19$m=262144,t=1,p=65$${salt}$${hash}`)).toBeUndefined()
    expect(find(`$argon2id$v=19$m=262144,t=1,p=32768$${salt}$${hash}`)).toBeUndefined()
  })
})

describe('a family of a module', () => {
  const config = { ...readConfig({}), ARGON2_MEMORY_KIB: 64, ARGON2_PASSES: 1 }
  const share = { client: '203.0.113.1', account: 'somebody' }

  it.each<[string, () => unknown]>([
    ['fails', () => Promise.reject(new Error('no pepper'))],
    [
      'throws',
      () => {
        throw new Error('no pepper')
      },
    ],
    ['gives no promise', () => 1],
    ['gives another value', async () => 'yes'],
  ])('that %s is a wrong password, for its accounts and all others', async (_what, fits) => {
    const family = {
      name: 'odd',
      read: (text: string) => (text.startsWith('$odd$') ? { kind: 'odd', work: 1, unmatched: '$odd$', fits } : null),
    }
    const hasher = await createHasher(config, undefined, [() => family as unknown as HashFamily])
    hasher.expect(['$odd$'])
    for (const hash of ['$odd$x', null]) expect(await hasher.verify(share, 'password', { begin: async () => hash })).toBe(false)
  })
})
