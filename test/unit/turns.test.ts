/** Whose turn it is: one piece of work a turn of the event loop, clients in turn, and a bound on all. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurns } from '../../src/http/turns.ts'
import { createPageTurns } from '../../src/rest/pageTurns.ts'

test('what comes alone begins at once', async () => {
  const turns = createTurns(10)
  const begun: string[] = []
  const done = turns.run('a', async () => begun.push('first'))
  await Promise.resolve()
  expect(begun).toEqual(['first'])
  await done
})

test('each turn of the event loop begins eight, and clients take turns', async () => {
  const turns = createTurns(100)
  const begun: string[] = []
  const names = [...Array.from({ length: 20 }, (_, index) => `a${index + 1}`), 'b1', 'c1', 'b2']
  for (const name of names) void turns.run(name.slice(0, 1), async () => void begun.push(name))
  const counts: number[] = []
  for (let round = 0; round < 5; round += 1) {
    await nextTurn()
    counts.push(begun.length)
  }
  const first = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8']
  expect(begun).toEqual([...first, 'a9', 'b1', 'c1', 'a10', 'b2', 'a11', 'a12', 'a13', 'a14', 'a15', 'a16', 'a17', 'a18', 'a19', 'a20'])
  expect(counts.every((count, index) => count <= 8 * (index + 2))).toBe(true)
  expect(counts.at(-1)).toBe(23)
})

test('beyond the bound the next is refused, and one client has half of it', async () => {
  const turns = createTurns(4)
  let end = (): void => undefined
  const open = new Promise<string>((resolve) => {
    end = () => resolve('done')
  })
  const first = [turns.run('a', () => open), turns.run('a', () => open)]
  expect(await turns.run('a', async () => 'never')).toBeUndefined()
  const second = [turns.run('b', () => open), turns.run('c', () => open)]
  expect(await turns.run('d', async () => 'never')).toBeUndefined()
  end()
  expect(await Promise.all([...first, ...second])).toEqual(['done', 'done', 'done', 'done'])
  expect(await turns.run('a', async () => 'again')).toBe('again')
})

test('work that fails gives its place free', async () => {
  const turns = createTurns(1)
  const failing = async () => {
    throw new Error('fault')
  }
  for (let round = 0; round < 3; round += 1) await expect(turns.run('a', failing)).rejects.toThrow('fault')
  expect(await turns.run('a', async () => 'free')).toBe('free')
})

test('two pages of lists are read at once, the next ones in their order, each in another turn of the event loop, also after one that fails', async () => {
  const pageTurns = createPageTurns(async (wait) => await wait())
  const events: string[] = []
  const page = async (name: string) =>
    await pageTurns(async () => {
      events.push(`begin ${name}`)
      await nextTurn()
      events.push(`end ${name}`)
      if (name === 'b') throw new Error('no such page')
    })
  const done = await Promise.allSettled(['a', 'b', 'c', 'd'].map(page))
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  expect(events).toEqual(['begin a', 'begin b', 'end a', 'end b', 'begin c', 'begin d', 'end c', 'end d'])
})
