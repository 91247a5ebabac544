/**
 * A plain array from a connection, page after page by keyset, streamed, so that a list of any length needs the memory of one page. The
 * next page is fetched when the client has read what was sent, so a client that reads slowly costs nothing meanwhile. The first page is
 * fetched before the answer begins, so that failures still have a status; a failure in a later page ends the answer.
 */
import { cursorAfter, MAX_DIALECT_PAGE } from '../domain/base/pageWindow.ts'
import { jsonTextAnswer } from '../http/answers.ts'
import type { HttpAnswer } from '../http/message.ts'

export interface Connection<Node> {
  readonly edges: readonly { readonly node: Node }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

export interface PageVariables {
  first: number
  after?: string | null | undefined
}

/** Which part of a list: how many items to leave out, and how many to send. */
export interface Window {
  readonly offset: number
  readonly limit: number
}

type FetchPage<Node> = (page: PageVariables) => Promise<Connection<Node>>

/** The items, as text chunks of one JSON array. */
async function* chunks<Node>(
  fetchPage: FetchPage<Node>,
  first: Connection<Node>,
  limit: number,
  printed: (node: Node) => unknown,
): AsyncGenerator<string> {
  let [left, separator] = [limit, '[']
  for (let page = first; ; page = await fetchPage({ first: Math.min(MAX_DIALECT_PAGE, left), after: page.pageInfo.endCursor })) {
    left -= page.edges.length
    if (page.edges.length > 0) {
      yield separator + page.edges.map(({ node }) => JSON.stringify(printed(node))).join(',')
      separator = ','
    }
    if (!page.pageInfo.hasNextPage || left <= 0) break
  }
  yield separator === '[' ? '[]' : ']'
}

/** The answer: text if one page is the whole window, otherwise a stream. */
export async function writeList<Node>(
  fetchPage: FetchPage<Node>,
  { offset, limit }: Window,
  printed: (node: Node) => unknown,
): Promise<HttpAnswer> {
  const first = await fetchPage({ first: Math.min(MAX_DIALECT_PAGE, limit), after: offset > 0 ? cursorAfter(offset) : null })
  const text = chunks(fetchPage, first, limit, printed)
  if (first.pageInfo.hasNextPage && first.edges.length < limit) return jsonTextAnswer(text)
  let whole = ''
  for await (const part of text) whole += part
  return jsonTextAnswer(whole)
}
