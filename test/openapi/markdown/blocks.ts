/**
 * The lines of a document that Widdershins wrote, as blocks: code, headings, tables, quotes, notes, anchors and lines of text.
 * A table whose rows do not fit its head, or a block that does not end, is an error with its line: nothing is skipped.
 */

interface Placed {
  /** Counted from 1. */
  readonly line: number
}
export interface Code extends Placed {
  readonly kind: 'code'
  readonly language: string
  readonly text: string
}
export interface Heading extends Placed {
  readonly kind: 'heading'
  readonly level: number
  readonly text: string
}
export interface Table extends Placed {
  readonly kind: 'table'
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}
interface Plain<Kind extends string> extends Placed {
  readonly kind: Kind
  readonly text: string
}
export type Line = Plain<'text'>
export type Block = Code | Heading | Table | Line | Plain<'quote'> | Plain<'anchor'> | Plain<'note'>

export const fail = (line: number, why: string): never => {
  throw new Error(`line ${line}: ${why}`)
}

const HTML_HEADING = /^<h([1-6]) id="[^"]*">(.*)<\/h\1>$/
const HEADING = /^(#{1,6}) (.+)$/
const ANCHOR = /^<a id="([^"]*)"><\/a>$/
const SEPARATOR = /^(\|---)+\|$/

const cellsOf = (text: string, line: number): string[] => {
  if (!text.startsWith('|') || !text.endsWith('|') || text.length < 2) return fail(line, `no row of a table: ${text}`)
  return text.slice(1, -1).split('|')
}

/** From `start` to the first line that is `end`, which is left out. */
const until = (lines: readonly string[], start: number, end: string): number => {
  const at = lines.indexOf(end, start)
  return at === -1 ? fail(start, `${end} is missing`) : at
}

const tableAt = (lines: readonly string[], at: number): [Table, number] => {
  const head = cellsOf(lines[at] ?? '', at + 1)
  if (!SEPARATOR.test(lines[at + 1] ?? '')) fail(at + 2, 'a table without a line below its head')
  let next = at + 2
  const rows: string[][] = []
  while (lines[next]?.startsWith('|') && !SEPARATOR.test(lines[next + 1] ?? '')) {
    const cells = cellsOf(lines[next] ?? '', next + 1)
    if (cells.length !== head.length) fail(next + 1, `${cells.length} cells below ${head.length} heads: ${lines[next]}`)
    rows.push(cells)
    next++
  }
  return [{ kind: 'table', line: at + 1, head, rows }, next]
}

const lineAt = (text: string, line: number): Block => {
  const [, htmlLevel, htmlText] = HTML_HEADING.exec(text) ?? []
  if (htmlText !== undefined) return { kind: 'heading', line, level: Number(htmlLevel), text: htmlText }
  const [, marks, headingText] = HEADING.exec(text) ?? []
  if (headingText !== undefined) return { kind: 'heading', line, level: marks?.length ?? 0, text: headingText }
  const [, id] = ANCHOR.exec(text) ?? []
  if (id !== undefined) return { kind: 'anchor', line, text: id }
  if (text.startsWith('> ')) return { kind: 'quote', line, text: text.slice(2) }
  return { kind: 'text', line, text: text.trim() }
}

const blockAt = (lines: readonly string[], at: number): [Block | undefined, number] => {
  const text = lines[at] ?? ''
  if (text.trim() === '' || /^<!--.*-->$/.test(text)) return [undefined, at + 1]
  if (text.startsWith('```')) {
    const end = until(lines, at + 1, '```')
    return [{ kind: 'code', line: at + 1, language: text.slice(3), text: lines.slice(at + 1, end).join('\n') }, end + 1]
  }
  if (text.startsWith('<aside')) {
    const end = until(lines, at + 1, '</aside>')
    return [{ kind: 'note', line: at + 1, text: lines.slice(at + 1, end).join('\n') }, end + 1]
  }
  if (text.startsWith('|')) return tableAt(lines, at)
  return [lineAt(text, at + 1), at + 1]
}

/** The head between two lines `---`, and the blocks below it. */
export const blocksOf = (markdown: string): { readonly frontMatter: readonly string[]; readonly blocks: readonly Block[] } => {
  const lines = markdown.replaceAll('\r\n', '\n').split('\n')
  if (lines[0] !== '---') fail(1, 'no head')
  const end = until(lines, 1, '---')
  const blocks: Block[] = []
  for (let at = end + 1; at < lines.length; ) {
    const [block, next] = blockAt(lines, at)
    if (block !== undefined) blocks.push(block)
    at = next
  }
  return { frontMatter: lines.slice(1, end), blocks }
}
