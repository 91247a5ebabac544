/**
 * A place in the blocks of a document: takes the next block if it is of a kind, or fails with the line of what stands there
 * instead.
 */
import { type Block, type Code, fail, type Heading, type Table } from './blocks.ts'

type OfKind<K extends Block['kind']> = Extract<Block, { readonly kind: K }>

export class Cursor {
  readonly #blocks: readonly Block[]
  #at = 0

  constructor(blocks: readonly Block[]) {
    this.#blocks = blocks
  }

  get ended(): boolean {
    return this.#at >= this.#blocks.length
  }

  get next(): Block | undefined {
    return this.#blocks[this.#at]
  }

  /** The next block, if it is of this kind and fits. */
  take<K extends Block['kind']>(kind: K, fits: (block: OfKind<K>) => boolean = () => true): OfKind<K> | undefined {
    const { next } = this
    if (next?.kind !== kind || !fits(next as OfKind<K>)) return undefined
    this.#at++
    return next as OfKind<K>
  }

  /** All that follow of this kind and fit. */
  takeAll<K extends Block['kind']>(kind: K, fits?: (block: OfKind<K>) => boolean): OfKind<K>[] {
    const taken: OfKind<K>[] = []
    for (let block = this.take(kind, fits); block !== undefined; block = this.take(kind, fits)) taken.push(block)
    return taken
  }

  must<K extends Block['kind']>(kind: K, what: string, fits?: (block: OfKind<K>) => boolean): OfKind<K> {
    return this.take(kind, fits) ?? this.fail(`${what} is missing`)
  }

  heading(level: number, text: string): Heading | undefined {
    return this.take('heading', (heading) => heading.level === level && heading.text === text)
  }

  quote(text: string): boolean {
    return this.take('quote', (quote) => quote.text === text) !== undefined
  }

  /** A table with these heads; any other head is an error. */
  table(...head: readonly string[]): Table {
    return this.must('table', `a table |${head.join('|')}|`, (table) => table.head.join('|') === head.join('|'))
  }

  json(): unknown {
    const code: Code = this.must('code', 'JSON', ({ language }) => language === 'json')
    return JSON.parse(code.text)
  }

  fail(why: string): never {
    const { next } = this
    return fail(next?.line ?? 0, `${why} before ${next === undefined ? 'the end' : JSON.stringify(next)}`)
  }
}
