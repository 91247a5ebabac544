/**
 * The two libraries of argon2 are one: what either writes the other reads, of every variant and version; both say no to a wrong
 * password; and no text passes our own check of its form that one would read and the other refuse.
 */
import { argon2d, argon2i, argon2id, hash as hashWith } from 'argon2'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Argon2, loadArgon2 } from '../../src/domain/hashing/argon2.ts'
import { costOf } from '../../src/domain/hashing/phc.ts'
import { libraries } from '../support/hashing.ts'

const COST = { memoryCost: 64, timeCost: 2, parallelism: 1 }
const SALT = 'AQEBAQEBAQE'
const HASH = '0bUXDpGIH1OiWdY6qKAKgseD8O1G2tEmkGCwyA5ACV0'
const TEXTS = ['correct horse battery', 'caf\u00e9 \u0645\u0631\u062d\u0628\u0627 \u{1F511}', ' ', 'x'.repeat(128)]

it('the faster library is taken where it can be loaded', async () => {
  expect((await loadArgon2()).name).toBe('@node-rs/argon2')
  expect(libraries.map(({ name }) => name)).toEqual(['argon2', '@node-rs/argon2'])
})

const pairs = libraries.flatMap((writer) => libraries.map((reader) => ({ writer, reader, of: writer.name, by: reader.name })))

describe.each(pairs)('a hash of $of, checked by $by', ({ writer, reader }) => {
  it.each(TEXTS)('is argon2id in the usual form and fits its own text alone: %s', async (text) => {
    const phc = await writer.hash(text, COST)
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=64,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(costOf(phc)).toEqual({ algorithm: 'argon2id', ...COST })
    expect(await reader.verify(phc, text)).toBe(true)
    expect(await reader.verify(phc, `${text}.`)).toBe(false)
  })
})

describe.each(libraries)('an imported hash, checked by $name', ({ verify }: Argon2) => {
  it.each([
    ['argon2d', argon2d],
    ['argon2i', argon2i],
    ['argon2id', argon2id],
  ] as const)('of %s fits its own text alone, in both versions, with lanes', async (variant, type) => {
    for (const version of [0x10, 0x13]) {
      const phc = await hashWith('password', { ...COST, parallelism: 3, type, version })
      expect(costOf(phc)).toEqual({ algorithm: variant, ...COST, parallelism: 3 })
      expect(await verify(phc, 'password')).toBe(true)
      expect(await verify(phc, 'Password')).toBe(false)
    }
  })

  it.each([
    [8, 12],
    [16, 16],
    [32, 64],
    [48, 65],
    [64, 129],
  ])('fits with a salt of %i bytes and a hash of %i', async (salt, hashLength) => {
    const phc = await hashWith('password', { ...COST, salt: Buffer.alloc(salt, 7), hashLength })
    expect(costOf(phc)).toEqual({ algorithm: 'argon2id', ...COST })
    expect(await verify(phc, 'password')).toBe(true)
  })

  it('fits with its parameters in the order of their names', async () => {
    const phc = (await hashWith('password', COST)).replace('t=2,p=1', 'p=1,t=2')
    expect(costOf(phc)).toEqual({ algorithm: 'argon2id', ...COST })
    expect(await verify(phc, 'password')).toBe(true)
  })
})

describe('a text that one library reads and the other refuses', () => {
  const malformed = [
    `$argon2id$v=19$m=32,t=1,p=1$AQEBAQEBAQF$${HASH}`,
    `$argon2id$v=19$m=32,t=1,p=1$${SALT}$${HASH.slice(0, -1)}1`,
    `$argon2id$v=19$m=32,t=1,p=1$${SALT}AA$${HASH}`,
    `$argon2id$v=19$m=032,t=1,p=1$${SALT}$${HASH}`,
    `$argon2id$v=19$m=32,t=01,p=1$${SALT}$${HASH}`,
    `$argon2id$v=19$t=1,m=32,p=1$${SALT}$${HASH}`,
    `$argon2id$v=19$m=32,t=1,p=1,data=AAAA$${SALT}$${HASH}`,
    `$argon2id$m=32,t=1,p=1$${SALT}$${HASH}`,
    `$argon2id$v=19$m=32,t=1,p=1$${SALT}$${HASH}=`,
  ]
  const fits = new Map<string, readonly boolean[]>()
  beforeAll(async () => {
    for (const phc of malformed)
      fits.set(phc, await Promise.all(libraries.map(async ({ verify }) => await verify(phc, 'password').catch(() => false))))
  })

  it.each(malformed)('is never given to either, and fits in neither: %s', (phc) => {
    expect(costOf(phc)).toBeNull()
    expect(fits.get(phc)).toEqual([false, false])
  })
})
