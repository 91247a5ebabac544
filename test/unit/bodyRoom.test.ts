import { describe, expect, it } from 'vitest'
import { createBodyRoom } from '../../src/http/bodyRoom.ts'

/** A room of 100 bytes, 40 of one client, and what was given up in it. */
const open = () => {
  const room = createBodyRoom(100, 40)
  const lost: string[] = []
  const begin = (client: string, body: string) => room.begin(client, () => void lost.push(body))
  return { begin, lost }
}

describe('the room for bodies', () => {
  it('the room for bodies has so many bytes for one client, over all of its bodies', () => {
    const { begin, lost } = open()
    const [one, other] = [begin('a', 'one'), begin('a', 'other')]
    expect([one.take(20), other.take(20), one.take(1), begin('a', 'next').take(1), begin('b', 'next').take(40)]).toEqual([
      true,
      true,
      false,
      false,
      true,
    ])
    one.end()
    expect([begin('a', 'next').take(20), begin('a', 'next').take(1)]).toEqual([true, false])
    expect(lost).toEqual([])
  })

  it('the room for bodies is all given back, once', () => {
    const { begin } = open()
    for (let round = 0; round < 10; round += 1) {
      const holds = ['a', 'b', 'c'].map((client) => begin(client, client))
      expect(holds.map((hold) => hold.take(33))).toEqual([true, true, true])
      for (const hold of [...holds, ...holds]) hold.end()
    }
  })

  it('the room for bodies takes the oldest bodies of who holds most for who holds less', () => {
    const { begin, lost } = open()
    const oldest = begin('a', 'a1')
    expect([oldest, begin('a', 'a2'), begin('a', 'a3')].map((hold) => hold.take(13))).toEqual([true, true, true])
    expect([begin('b', 'b1').take(38), begin('c', 'c1').take(23)]).toEqual([true, true])
    expect(begin('d', 'd1').take(5)).toBe(true)
    expect(lost).toEqual(['a1'])
    expect(oldest.take(1)).toBe(false)
    oldest.end()
    expect(begin('d', 'd2').take(8)).toBe(true)
    expect(begin('d', 'd3').take(8)).toBe(true)
    expect(lost).toEqual(['a1', 'b1'])
  })

  it('the room for bodies takes nothing from who holds as much or less', () => {
    const { begin, lost } = open()
    for (const client of ['a', 'b', 'c', 'd']) expect(begin(client, client).take(25)).toBe(true)
    for (const client of ['a', 'e']) expect(begin(client, 'next').take(25)).toBe(false)
    expect(lost).toEqual([])
    expect(begin('e', 'small').take(24)).toBe(true)
    expect(lost).toEqual(['a'])
  })

  it('the room for bodies takes no more from one than makes it as small as who asks', () => {
    const { begin, lost } = open()
    const parts = ['a', 'b', 'c'].flatMap((client) => Array.from({ length: 11 }, (_, at) => begin(client, `${client}${at}`)))
    expect(parts.every((hold) => hold.take(3))).toBe(true)
    expect(begin('d', 'd').take(24)).toBe(true)
    expect(lost).toHaveLength(8)
    expect(new Set(lost.map(([client]) => client)).size).toBe(3)
  })
})
