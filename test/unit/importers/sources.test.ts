/** Files as they should not be: cut off, too large, too deep, in another encoding. What is complete is read, and the rest has a reason. */
import { describe, expect, it } from 'vitest'
import { csvOf } from '../../../src/importers/sources/csv.ts'
import type { Document } from '../../../src/importers/sources/document.ts'
import { jsonArrayOf } from '../../../src/importers/sources/jsonArray.ts'
import { jsonLinesOf } from '../../../src/importers/sources/jsonLines.ts'
import { jsonOf, rowsOf } from '../../../src/importers/sources/rows.ts'

async function* chunks(text: string | Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const collect = async (documents: AsyncIterable<Document>): Promise<Document[]> => {
  const all: Document[] = []
  for await (const document of documents) all.push(document)
  return all
}

type Read = (source: AsyncIterable<Uint8Array>) => AsyncIterable<Document>

/** What a source gives; wherever chunks end, it is the same. */
const readAll = async (read: Read, text: string | Uint8Array): Promise<Document[]> => {
  const whole = await collect(read(chunks(text, 2 ** 24)))
  for (const size of [1, 2, 3, 7, 64]) if (text.length < 10_000) expect(await collect(read(chunks(text, size)))).toEqual(whole)
  return whole
}

const found = (document: unknown): Document => ({ document })
const lost = (reason: string, given: unknown = null): Document => ({ reason, given })
const array: Read = (source) => jsonArrayOf(source, null)
const users: Read = (source) => jsonArrayOf(source, 'users')
const MEBIBYTE = 2 ** 20
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

describe('an array of JSON', () => {
  it('gives its elements, of whatever type', async () => {
    const text = ' [ {"a": [1, {"b": "}],\\""}]}, [] ,"x\\\\", -1.5e3,true, null ]\n'
    expect(await readAll(array, text)).toEqual([{ a: [1, { b: '}],"' }] }, [], 'x\\', -1500, true, null].map(found))
    expect(await readAll(array, '[]')).toEqual([])
    expect(await readAll(array, '\uFEFF[1]')).toEqual([found(1)])
  })

  it('can be below a key of the document, or of each document in an array, and nowhere deeper', async () => {
    expect(await readAll(users, '{"other": {"users": [1]}, "x": [[2]], "users": [{"id": "é"}], "y": 3}')).toEqual([found({ id: 'é' })])
    expect(await readAll(users, '[{"realm": "one", "users": [1, 2]}, {"users": [3]}]')).toEqual([1, 2, 3].map(found))
    expect(await readAll(users, '{"note": "users", "users": [4]}')).toEqual([found(4)])
  })

  it('says so if there is none', async () => {
    expect(await readAll(array, '{"users": []}')).toEqual([lost('the file is not a JSON array')])
    expect(await readAll(users, '{"people": [1]}')).toEqual([lost('the file is not a JSON object with the array "users"')])
    expect(await readAll(users, 'id,email\n')).toEqual([lost('the file is not valid JSON')])
    expect(await readAll(array, '')).toEqual([lost('the file is not a JSON array')])
  })

  it('that was cut off gives what is complete', async () => {
    expect(await readAll(array, '[{"a": 1}, {"a": 2')).toEqual([found({ a: 1 }), lost('the file ends within this record; it was cut off')])
    expect(await readAll(array, '[{"a": 1},\n')).toEqual([found({ a: 1 }), lost('the file ends before its last bracket; it was cut off')])
    expect(await readAll(users, '{"users": [1, 2]')).toEqual([
      found(1),
      found(2),
      lost('the file ends before its last bracket; it was cut off'),
    ])
  })

  it('has a reason in place of an element that is wrong, and goes on', async () => {
    expect(await readAll(array, '[{"a": }, {"b": 1}]')).toEqual([lost('the record is not valid JSON', '{"a": }'), found({ b: 1 })])
    const latin = Buffer.concat([Buffer.from('[{"a": "'), Buffer.from([0xe9]), Buffer.from('"}, 2]')])
    expect(await readAll(array, latin)).toEqual([lost('the record is not valid UTF-8'), found(2)])
    expect(await readAll(array, `[${nested(65)}, ${nested(64)}]`)).toEqual([
      lost('the record has more than 64 levels of brackets'),
      found(JSON.parse(nested(64))),
    ])
    expect(await readAll(array, `["${'x'.repeat(MEBIBYTE)}", 2]`)).toEqual([lost('the record has more than 1048576 bytes'), found(2)])
    expect(await readAll(users, '{"users": [1}, 2]')).toEqual([found(1), lost('the file is not valid JSON: its brackets do not match')])
    expect(await readAll(users, `{"x": ${nested(1000)}`)).toEqual([lost('the file has more than 64 levels of brackets')])
  })

  it('needs memory for one element, also if it is larger than the memory', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('[1, "')
      for (let times = 0; times < 200; times += 1) yield Buffer.alloc(MEBIBYTE, 'x')
      yield Buffer.from('", 2]')
    }
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    const documents: Document[] = []
    for await (const document of jsonArrayOf(
      watched(endless(), () => (most = Math.max(most, process.memoryUsage().arrayBuffers))),
      null,
    ))
      documents.push(document)
    expect(documents).toEqual([found(1), lost('the record has more than 1048576 bytes'), found(2)])
    // The garbage of chunks counts as well, until it is collected.
    expect(most - before).toBeLessThan(100 * MEBIBYTE)
  })
})

async function* watched(source: AsyncIterable<Uint8Array>, look: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    yield chunk
    look()
  }
}

describe('lines of JSON', () => {
  it('have a reason in place of each line that is wrong, and go on', async () => {
    const text = `{"a": 1}\r\n\n  \n{"a": \n${nested(65)}\n{"b": "${'x'.repeat(MEBIBYTE)}"}\n{"c": 3}\n{"d":`
    expect(await readAll(jsonLinesOf, text)).toEqual([
      found({ a: 1 }),
      lost('the line is not valid JSON; it may have been cut off', '{"a": '),
      lost('the line has more than 64 levels of brackets'),
      lost('the line has more than 1048576 bytes'),
      found({ c: 3 }),
      lost('the line is not valid JSON; it may have been cut off', '{"d":'),
    ])
    expect(await readAll(jsonLinesOf, Buffer.from([0x22, 0xff, 0x22, 0x0a, 0x31]))).toEqual([lost('the line is not valid UTF-8'), found(1)])
  })
})

describe('CSV', () => {
  it('gives rows by the names of the header, with quotes, line breaks and what RFC 4180 allows', async () => {
    const text = '\uFEFFid, name ,note\r\n1,"Zoë ""Z"" O\'Neil","two\nlines, and\r\n\r\na comma"\r\n\r\n2,,\r\n'
    expect(await readAll(csvOf, text)).toEqual([
      found({ id: '1', name: 'Zoë "Z" O\'Neil', note: 'two\nlines, and\r\n\r\na comma' }),
      found({ id: '2', name: '', note: '' }),
    ])
    expect(await readAll((source) => csvOf(source, ';'), 'a;b\n1;2,3')).toEqual([found({ a: '1', b: '2,3' })])
  })

  it('has a reason in place of a row that is wrong, and goes on', async () => {
    expect(await readAll(csvOf, 'a,b\n1\n1,2,3\n1,x"y"z\n1,2\n1,"2')).toEqual([
      lost('the row has 1 cells, and the header 2; it may have been cut off', '1'),
      lost('the row has 3 cells, and the header 2', '1,2,3'),
      lost('the row is not valid CSV: its quotes are wrong', '1,x"y"z'),
      found({ a: '1', b: '2' }),
      lost('the row ends within quotes; the file may have been cut off'),
    ])
    expect(await readAll(csvOf, `a,b\n1,"${'x'.repeat(MEBIBYTE)}\n"\n3,4\n`)).toEqual([
      lost('the row has more than 1048576 bytes'),
      found({ a: '3', b: '4' }),
    ])
  })

  it('needs a header, whose names differ', async () => {
    expect(await readAll(csvOf, '')).toEqual([lost('the file is empty')])
    expect(await readAll(csvOf, 'a,b,a\n1,2,3\n')).toEqual([lost('the header names the column "a" twice')])
    expect(await readAll(csvOf, Buffer.from([0xff, 0x0a, 0x31]))).toEqual([lost('the header is not valid UTF-8')])
  })

  it('keeps the order, however many rows there are', async () => {
    const rows = Array.from({ length: 1_000 }, (_, index) => (index % 100 === 50 ? `${index}` : `${index},x`))
    const documents = await collect(csvOf(chunks(`a,b\n${rows.join('\n')}\n`, 4096)))
    expect(documents.map((each) => ('document' in each ? (each.document as { a: string }).a : each.given))).toEqual(
      rows.map((row) => row.split(',')[0]),
    )
  })

  it('a column may have the name of what all objects have', async () => {
    const [row] = await readAll(csvOf, '__proto__,constructor\n1,2\n')
    expect(Object.entries((row as { document: object }).document)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ])
  })
})

describe('the form of a file', () => {
  it('is recognised by its first byte', async () => {
    expect(await readAll(rowsOf, '\uFEFF \n[{"a": 1}]')).toEqual([found({ a: 1 })])
    expect(await readAll(rowsOf, '\n{"a": 1}\n{"a": 2}')).toEqual([found({ a: 1 }), found({ a: 2 })])
    expect(await readAll(rowsOf, 'a\n1\n')).toEqual([found({ a: '1' })])
    expect(await readAll(rowsOf, ' \n ')).toEqual([lost('the file is empty')])
    expect(await readAll(jsonOf, '')).toEqual([lost('the file is empty')])
  })
})
