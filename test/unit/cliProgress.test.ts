/** How far a command is: a bar that is drawn anew on a terminal, and a line every few seconds elsewhere. */
import { expect, it } from 'vitest'
import { createProgressBar } from '../../src/cli/local/progressBar.ts'

const stream = (isTTY: boolean, columns = 80) => {
  const written: string[] = []
  const write = (text: string) => written.push(text) > 0
  return { isTTY, columns, write: write as NodeJS.WriteStream['write'], written }
}

it('a terminal has one line, which is removed at the end and never wraps', () => {
  const terminal = stream(true)
  const bar = createProgressBar(terminal as never)
  bar.show({ what: 'accounts', done: 500, of: 2_000 })
  bar.show({ what: 'accounts', done: 1_234, of: undefined })
  bar.clear()
  bar.clear()
  expect(terminal.written).toEqual([
    '\r\u001b[K[########......................] 500 of 2,000 accounts (25 %)',
    '\r\u001b[K1,234 accounts',
    '\r\u001b[K',
  ])
  const narrow = stream(true, 20)
  createProgressBar(narrow as never).show({ what: 'accounts', done: 1_000, of: 1_000 })
  expect(narrow.written).toEqual(['\r\u001b[K[##################'])
})

it('elsewhere there is a line at most every five seconds, and at the end; none for what is done before the first', () => {
  const file = stream(false)
  let now = 0
  const bar = createProgressBar(file as never, () => now)
  for (let done = 0; done < 100; done += 1) {
    bar.show({ what: 'accounts', done, of: 100 })
    now += 100
  }
  bar.show({ what: 'accounts', done: 100, of: 100 })
  bar.clear()
  expect(file.written).toEqual(['50 of 100 accounts (50 %)\n', '100 of 100 accounts (100 %)\n'])
  const short = stream(false)
  const soon = createProgressBar(short as never, () => now)
  soon.show({ what: 'accounts', done: 1, of: 8 })
  soon.show({ what: 'accounts', done: 8, of: 8 })
  expect(short.written).toEqual([])
})
