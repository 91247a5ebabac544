/**
 * The elements of an array in a JSON document, in constant memory. A scanner finds where each element begins and ends, and JSON.parse
 * reads it; so an element that is too long, too deep, not UTF-8 or not valid is reported in its place, and those after it are read.
 * (Streaming parsers end at the first error, replace what is not UTF-8, and hold texts of any length.)
 */
import { DEEPEST, type Document, decoder, LONGEST, NO_UTF8, TOO_DEEP, TOO_LONG } from './document.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const MARK = [0xef, 0xbb, 0xbf]

const isOpen = (byte: number): boolean => byte === OPEN_ARRAY || byte === OPEN_OBJECT
const isClose = (byte: number): boolean => byte === CLOSE_ARRAY || byte === CLOSE_OBJECT
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/** The longest key that is looked at. */
const LONGEST_KEY = 64

/** One element, as far as it was read. */
interface Element {
  parts: Uint8Array[]
  length: number
  depth: number
  deepest: number
}

const documentOf = ({ parts, length, deepest }: Element): Document => {
  if (length > LONGEST) return { reason: `the record ${TOO_LONG}`, given: null }
  if (deepest > DEEPEST) return { reason: `the record ${TOO_DEEP}`, given: null }
  let text: string
  try {
    text = decoder.decode(Buffer.concat(parts))
  } catch {
    return { reason: `the record ${NO_UTF8}`, given: null }
  }
  try {
    return { document: JSON.parse(text) }
  } catch {
    return { reason: 'the record is not valid JSON', given: text }
  }
}

class Scanner {
  readonly #key: string | null
  /** The brackets that are open around the present byte, but for those of an element. */
  readonly #open: number[] = []
  #isInText = false
  #isEscaped = false
  #text: number[] = []
  #lastKey = ''
  /** How many brackets are open in the array; 0 outside of it. */
  #arrayDepth = 0
  #wasFound = false
  #element: Element | null = null
  #broken: string | null = null

  constructor(key: string | null) {
    this.#key = key
  }

  get isBroken(): boolean {
    return this.#broken !== null
  }

  *scan(chunk: Uint8Array): Generator<Document> {
    let start = 0
    for (let at = 0; at < chunk.length && this.#broken === null; at += 1) {
      const byte = chunk[at] ?? 0
      if (this.#element === null) {
        if (!this.#isStart(byte)) {
          this.#pass(byte)
          continue
        }
        this.#element = { parts: [], length: 0, depth: 0, deepest: 0 }
        start = at
      }
      const end = this.#endOf(this.#element, byte, at)
      if (end === null) continue
      this.#keep(this.#element, chunk.subarray(start, end))
      yield documentOf(this.#element)
      this.#element = null
      if (end === at) this.#pass(byte)
    }
    if (this.#element !== null) this.#keep(this.#element, chunk.subarray(start))
  }

  *end(): Generator<Document> {
    const what = this.#key === null ? 'a JSON array' : `a JSON object with the array "${this.#key}"`
    const reason =
      this.#broken ??
      (this.#element !== null ? 'the file ends within this record; it was cut off' : null) ??
      (this.#open.length > 0 ? 'the file ends before its last bracket; it was cut off' : null) ??
      (this.#wasFound ? null : `the file is not ${what}`)
    if (reason !== null) yield { reason, given: null }
  }

  /** Of an element that is too long, nothing more is kept. */
  #keep(element: Element, part: Uint8Array): void {
    element.length += part.length
    if (element.length <= LONGEST) element.parts.push(part)
    else element.parts = []
  }

  #isStart(byte: number): boolean {
    const isDirectlyIn = this.#arrayDepth > 0 && this.#open.length === this.#arrayDepth
    return isDirectlyIn && !isSpace(byte) && byte !== COMMA && !isClose(byte)
  }

  /** Where the element ends, given the next byte of it; null if it goes on. */
  #endOf(element: Element, byte: number, at: number): number | null {
    if (this.#isInText) {
      this.#passText(byte)
      return null
    }
    if (byte === QUOTE) this.#isInText = true
    else if (isOpen(byte)) {
      element.depth += 1
      element.deepest = Math.max(element.deepest, element.depth)
    } else if (isClose(byte)) {
      if (element.depth === 0) return at
      element.depth -= 1
      if (element.depth === 0) return at + 1
    } else if (byte === COMMA && element.depth === 0) return at
    return null
  }

  /** Whether the text goes on after a byte of it. */
  #passText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === BACKSLASH) this.#isEscaped = true
    else if (byte === QUOTE) this.#isInText = false
  }

  /** A byte that belongs to no element. */
  #pass(byte: number): void {
    if (this.#isInText) {
      if (this.#text.length < LONGEST_KEY) this.#text.push(byte)
      this.#passText(byte)
    } else if (byte === QUOTE) {
      this.#isInText = true
      this.#text = []
    } else if (byte === COLON) this.#lastKey = Buffer.from(this.#text.slice(0, -1)).toString()
    else if (isOpen(byte)) this.#enter(byte)
    else if (isClose(byte)) this.#leave(byte)
    else if (this.#open.length === 0 && !isSpace(byte) && !MARK.includes(byte)) this.#broken = 'the file is not valid JSON'
  }

  #enter(byte: number): void {
    if (byte === OPEN_ARRAY && this.#arrayDepth === 0 && this.#isWanted()) {
      this.#arrayDepth = this.#open.length + 1
      this.#wasFound = true
    }
    this.#open.push(byte)
    if (this.#open.length > DEEPEST) this.#broken = `the file ${TOO_DEEP}`
  }

  /** The document itself, or what its key, or that of each document in it, names. */
  #isWanted(): boolean {
    const [first, second] = this.#open
    const depth = this.#open.length
    if (this.#key === null) return depth === 0
    const isKeyOfDocument = (depth === 1 && first === OPEN_OBJECT) || (depth === 2 && first === OPEN_ARRAY && second === OPEN_OBJECT)
    return isKeyOfDocument && this.#lastKey === this.#key
  }

  #leave(byte: number): void {
    if (this.#open.length === this.#arrayDepth) this.#arrayDepth = 0
    // The closing brackets are two more than the opening ones.
    if (this.#open.pop() !== byte - 2) this.#broken = 'the file is not valid JSON: its brackets do not match'
  }
}

/**
 * The elements of the array that is the whole document, if `key` is null; else of the array that `key` names in the document, or in
 * each object of a document that is an array.
 */
export async function* jsonArrayOf(source: AsyncIterable<Uint8Array>, key: string | null): AsyncGenerator<Document> {
  const scanner = new Scanner(key)
  for await (const chunk of source) {
    yield* scanner.scan(chunk)
    if (scanner.isBroken) break
  }
  yield* scanner.end()
}
