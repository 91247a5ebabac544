/**
 * What a check of a password costs, counted at the port to argon2: the same whether it was checked against today's hash, a weaker
 * one, nothing or nonsense; and what is never handed to argon2 at all.
 */
import { availableParallelism } from 'node:os'
import * as standard from 'argon2'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createHasher, type Hasher } from '../../src/domain/hashing/hasher.ts'
import { costOf } from '../../src/domain/hashing/phc.ts'
import { libraries } from '../support/hashing.ts'

const TODAY = { memoryCost: 64, timeCost: 3, parallelism: 1 }
const SHARE = { client: '203.0.113.1', account: 'somebody' }

/** Memory times passes; making room for it is half a pass. */
const workOf = ({ memoryCost, timeCost }: { memoryCost: number; timeCost: number }) => memoryCost * (timeCost + 0.5)

describe.each(libraries)('with $name', ({ name, hash, verify }) => {
  let hasher: Hasher
  let work = 0
  let asked: string[] = []
  beforeAll(async () => {
    const config = { ...readConfig({}), ARGON2_MEMORY_KIB: TODAY.memoryCost, ARGON2_PASSES: TODAY.timeCost }
    hasher = await createHasher(config, {
      name,
      hash: async (text, cost) => {
        work += workOf(cost)
        return await hash(text, cost)
      },
      verify: async (phc, text) => {
        asked.push(phc)
        const fits = await verify(phc, text)
        work += workOf(costOf(phc) ?? TODAY)
        return fits
      },
    })
  })

  it('the hasher tells which library it has', () => {
    expect(hasher.library).toBe(name)
  })

  const failedCheck = async (phc: string | null): Promise<number> => {
    work = 0
    asked = []
    let failures = 0
    const begin = async () => phc
    const failed = async () => {
      failures += 1
    }
    expect(await hasher.verify(SHARE, 'not the password', { begin, failed })).toBe(false)
    expect(failures).toBe(1)
    return work
  }

  const SALT = 'AQEBAQEBAQE'
  const HASH = '0bUXDpGIH1OiWdY6qKAKgseD8O1G2tEmkGCwyA5ACV0'

  describe('a check that fails is the work of one of today', () => {
    const whole = workOf(TODAY)

    it('a check that fails against a hash of today is the work of one of today', async () => {
      expect(whole).toBe(224)
      expect(await failedCheck(await hash('password', TODAY))).toBe(224)
    })

    it.each([
      ['fewer passes', { timeCost: 1 }],
      ['one pass fewer', { timeCost: 2 }],
      ['less memory', { memoryCost: 32 }],
      ['less of both', { memoryCost: 16, timeCost: 1 }],
    ])('a check that fails against a hash of %s is the work of one of today, within a twentieth', async (_what, weaker) => {
      const spent = await failedCheck(await hash('password', { ...TODAY, ...weaker }))
      expect(Math.abs(spent - whole) / whole).toBeLessThan(0.05)
    })

    it.each([
      ['nothing', null],
      ['the empty text', ''],
      ['the hash of another kind', '$2a$10$CRZrpT4x.VpG2FdJxR3rN.9m0NbQb0OPsSPBDAZukggxrskMtWA8.'],
      ['a salt and a hash that are too short', '$argon2id$v=19$m=19456,t=2,p=1$xx$yy'],
      ['base64 that ends wrongly', `$argon2id$v=19$m=32,t=1,p=1$AQEBAQEBAQF$${HASH}`],
      ['another version', `$argon2id$v=20$m=32,t=1,p=1$${SALT}$${HASH}`],
      ['no version', `$argon2id$m=32,t=1,p=1$${SALT}$${HASH}`],
      ['a variant that is none', `$argon2x$v=19$m=32,t=1,p=1$${SALT}$${HASH}`],
      ['no pass', `$argon2id$v=19$m=32,t=0,p=1$${SALT}$${HASH}`],
      ['no lane', `$argon2id$v=19$m=32,t=1,p=0$${SALT}$${HASH}`],
      ['less memory than its lanes need', `$argon2id$v=19$m=32,t=1,p=8$${SALT}$${HASH}`],
      ['10^9 KiB of memory', `$argon2id$v=19$m=999999999,t=1,p=1$${SALT}$${HASH}`],
      ['one KiB more than is taken', `$argon2id$v=19$m=262145,t=1,p=1$${SALT}$${HASH}`],
      ['10^9 passes', `$argon2id$v=19$m=32,t=999999999,p=1$${SALT}$${HASH}`],
      ['a number that is none', `$argon2id$v=19$m=1e3,t=1,p=1$${SALT}$${HASH}`],
      ['text after it', `$argon2id$v=19$m=32,t=1,p=1$${SALT}$${HASH}\n`],
    ])('a check that fails against %s is the work of one of today', async (_what, phc) => {
      expect(await failedCheck(phc)).toBe(224)
      expect(asked.filter((one) => one !== phc)).toHaveLength(1)
    })

    it.each(['$argon2id$v=19$m=999999999,t=1,p=1', '$argon2id$v=19$m=262144,t=5,p=1'])(
      'argon2 is never asked for what would be too much: %s',
      async (start) => {
        await failedCheck(`${start}$${SALT}$${HASH}`)
        expect(asked.some((phc) => phc.startsWith(start))).toBe(false)
      },
    )

    it('a check that fails costs once for each of two forms of a text', async () => {
      work = 0
      await hasher.verify(SHARE, 'cafe\u0301', { begin: async () => null })
      expect(work).toBe(448)
    })
  })

  describe('a check that fails while accounts have hashes of other programs', () => {
    const CHEAP = '$2b$04$RySfB1A20jYf9D0xxQkyXecT6ZzxUr5vjZo4NxWeKAUCWeP7fTjNi'
    const DEAR = `$meteor$2b$06$${'.'.repeat(53)}`
    afterAll(() => hasher.expect([]))

    it('takes the work of one of today, whatever else it takes', async () => {
      hasher.expect([CHEAP, DEAR, 'nonsense', '$2b$31$RySfB1A20jYf9D0xxQkyXecT6ZzxUr5vjZo4NxWeKAUCWeP7fTjNi'])
      expect(await failedCheck(null)).toBe(224)
      expect(await failedCheck(await hash('password', TODAY))).toBe(224)
      expect(await failedCheck(DEAR)).toBe(224)
    })

    it('against a cheaper hash of the same kind, it takes the work that is missing as well', async () => {
      hasher.expect([DEAR])
      // 2^6 - 2^4 rounds of bcrypt are 2.72 ms, which argon2 takes for 6,612 KiB and one pass.
      const spent = await failedCheck(CHEAP)
      expect(Math.abs(spent - (224 + 6_612)) / spent).toBeLessThan(0.05)
    })

    it('the right password takes no work but its own, and its hash is weak', async () => {
      hasher.expect([CHEAP])
      work = 0
      expect(await hasher.verify(SHARE, 'password', { begin: async () => CHEAP })).toBe(true)
      expect(work).toBe(0)
      expect(hasher.isWeak(CHEAP)).toBe(true)
      expect(hasher.isWeak(DEAR)).toBe(true)
      expect(hasher.isWeak('nonsense')).toBe(false)
    })
  })

  describe('a hash is weak', () => {
    it.each([
      [{ ...TODAY, timeCost: 2 }, true],
      [{ ...TODAY, memoryCost: 63 }, true],
      [{ ...TODAY, type: standard.argon2i }, true],
      [TODAY, false],
      [{ ...TODAY, timeCost: 4 }, false],
    ])('of %j: %s', async (cost, isWeak) => {
      expect(hasher.isWeak(await standard.hash('password', cost))).toBe(isWeak)
    })
  })
})

describe('whose work it is', () => {
  it('the work of a hash belongs to the client address, of IPv6 the /48, and to the account', async () => {
    const steps: (() => void)[] = []
    const config = { ...readConfig({ LIMIT_HASH_QUEUE: '10' }), ARGON2_MEMORY_KIB: 32, ARGON2_PASSES: 1 }
    let isMade = false
    const slow = await createHasher(config, {
      name: 'slow',
      hash: async () => {
        if (isMade) await new Promise<void>((resolve) => steps.push(resolve))
        isMade = true
        return 'a hash'
      },
      verify: async () => false,
    })
    const hashFor = async (client: string, account: string) =>
      await slow.hash({ client, account }, 'x').catch((failure: { code: string }) => failure.code)
    const busy = Array.from({ length: availableParallelism() }, (_, at) => hashFor(`198.51.100.${at}`, ''))
    const waiting = [
      hashFor('2001:db8:7:1::1', 'a'),
      hashFor('2001:db8:7:1::2', 'a'),
      hashFor('2001:db8:7:1::3', 'a'),
      hashFor('2001:db8:7:2::1', 'a'),
      hashFor('2001:db8:7:3::1', 'b'),
      hashFor('2001:db8:7:4::1', 'c'),
      hashFor('2001:db8:8:1::1', 'a'),
      hashFor('::ffff:192.0.2.1', 'a'),
      hashFor('192.0.2.1', 'a'),
      hashFor('192.0.2.1', 'a'),
    ]
    const all = Promise.all([...busy, ...waiting])
    while (await Promise.race([all.then(() => false), new Promise<boolean>((resolve) => setImmediate(() => resolve(true)))]))
      steps.shift()?.()
    const done = 'a hash'
    const no = 'TOO_MANY_REQUESTS'
    expect((await all).slice(availableParallelism())).toEqual([done, done, no, done, done, no, done, done, done, no])
  })
})

test('several workers divide the cores and the queue, and each has one at least', async () => {
  let [underWay, most] = [0, 0]
  const ends: (() => void)[] = []
  const hash = async (): Promise<string> => {
    underWay += 1
    most = Math.max(most, underWay)
    await new Promise<void>((resolve) => ends.push(resolve))
    underWay -= 1
    return 'a hash'
  }
  const config = readConfig({ DATABASE_URL: 'postgresql://db/x', WORKERS: '64' })
  const hasher = await createHasher(config, { name: 'a library that waits', hash, verify: async () => false })
  const begun = [1, 2, 3, 4].map((client) => hasher.hash({ client: `203.0.${client}.1`, account: 'somebody' }, 'a password'))
  // Of a queue of 128, two are for each.
  await expect(begun[3]).rejects.toMatchObject({ code: 'OVERLOADED' })
  for (let turn = 0; turn < 3; turn += 1) {
    await expect.poll(() => ends.length).toBe(1)
    ends.pop()?.()
  }
  expect(await Promise.all(begun.slice(0, 3))).toEqual(['a hash', 'a hash', 'a hash'])
  expect(most).toBe(1)
})
