/**
 * A plain array from a connection, page after page by keyset, streamed, so that a list of any length needs the memory of one page. The
 * first page is fetched before the answer begins, so that failures still have a status; a failure in a later page ends the answer.
 */
import { jsonTextAnswer } from '../http/answers.ts'
import type { HttpAnswer } from '../http/message.ts'

const PAGE = 500

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

/** The items of the window, as text chunks of one JSON array. */
async function* chunks<Node>(
  fetchPage: FetchPage<Node>,
  first: Connection<Node>,
  { offset, limit }: Window,
  printed: (node: Node) => unknown,
): AsyncGenerator<string> {
  let [skip, left, separator] = [offset, limit, '[']
  for (let page = first; ; page = await fetchPage({ first: Math.min(PAGE, skip + left), after: page.pageInfo.endCursor ?? '' })) {
    const nodes = page.edges.slice(skip, skip + left)
    skip = Math.max(0, skip - page.edges.length)
    left -= nodes.length
    if (nodes.length > 0) {
      yield separator + nodes.map(({ node }) => JSON.stringify(printed(node))).join(',')
      separator = ','
    }
    if (!page.pageInfo.hasNextPage || left <= 0) break
  }
  yield separator === '[' ? '[]' : ']'
}

/** The answer: text if one page is the whole list, otherwise a stream. */
export async function writeList<Node>(fetchPage: FetchPage<Node>, window: Window, printed: (node: Node) => unknown): Promise<HttpAnswer> {
  const first = await fetchPage({ first: Math.min(PAGE, window.offset + window.limit), after: null })
  const text = chunks(fetchPage, first, window, printed)
  if (first.pageInfo.hasNextPage) return jsonTextAnswer(text)
  let whole = ''
  for await (const part of text) whole += part
  return jsonTextAnswer(whole)
}
