/** Counters in memory: no more than so many keys, and the one that was counted least recently goes first. */
import { describe, expect, it } from 'vitest'
import { BoundedMemory } from '../../src/domain/limits/boundedMemory.ts'

const counters = () => new BoundedMemory({ keyPrefix: 'x', points: 2, duration: 60 }, 3)
const kept = async (limiter: BoundedMemory, keys: readonly string[]) => {
  const found: string[] = []
  for (const key of keys) if ((await limiter.get(key)) !== null) found.push(key)
  return found.join('')
}

describe('counters in memory', () => {
  it('counters in memory are as many as they may, however many keys are counted', async () => {
    const limiter = counters()
    for (let key = 0; key < 1_000; key += 1) await limiter.consume(`key${key}`)
    expect(limiter.size).toBe(3)
    expect(limiter.dump().storage).toHaveLength(3)
    expect(await kept(limiter, ['key996', 'key997', 'key998', 'key999'])).toBe('key997key998key999')
  })

  it.each<[string, (limiter: BoundedMemory) => Promise<unknown>]>([
    ['consume', (limiter) => limiter.consume('a')],
    ['penalty', (limiter) => limiter.penalty('a')],
    ['set', (limiter) => limiter.set('a', 1, 60)],
  ])('a key that is counted again by %s stays', async (_how, count) => {
    const limiter = counters()
    for (const key of ['a', 'b', 'c']) await limiter.consume(key)
    await count(limiter)
    await limiter.penalty('d')
    expect(await kept(limiter, ['a', 'b', 'c', 'd'])).toBe('acd')
    await limiter.set('e', 1, 60)
    expect(await kept(limiter, ['a', 'b', 'c', 'd', 'e'])).toBe('ade')
  })

  it('one that was deleted leaves room', async () => {
    const limiter = counters()
    for (const key of ['a', 'b', 'c']) await limiter.consume(key)
    await limiter.delete('b')
    await limiter.consume('d')
    expect(await kept(limiter, ['a', 'b', 'c', 'd'])).toBe('acd')
  })

  it('counters in memory count each use, and refuse beyond the limit', async () => {
    const limiter = counters()
    await limiter.consume('a')
    expect((await limiter.consume('a')).remainingPoints).toBe(0)
    await expect(limiter.consume('a')).rejects.toMatchObject({ consumedPoints: 3 })
  })
})
