/**
 * A plain array from a connection, page after page by keyset, streamed, so that a list of any length needs the memory of one page. The
 * next page is fetched when the client has read what was sent, so a client that reads slowly costs nothing meanwhile. The first page is
 * fetched before the answer begins, so that failures still have a status; a failure in a later page ends the answer.
 */
import { cursorAfter, MAX_DIALECT_PAGE } from '../domain/base/pageWindow.ts'
import { jsonTextAnswer } from '../http/answers.ts'
import type { HttpAnswer } from '../http/message.ts'
import type { PageTurns } from './pageTurns.ts'

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

/** Items of a page that is read at once, whatever other lists are read. */
const SHORT = 100

interface Pages<Node> {
  readonly fetchNodes: (page: PageVariables) => Promise<Connection<Node>>
  readonly pageTurns: PageTurns
}

/** Whether a list may have more than one page. */
export const mayBeLong = ({ limit }: Window): boolean => limit > MAX_DIALECT_PAGE

/** A page as text: its items, separated by commas. The items themselves are let go. */
interface PrintedPage {
  readonly text: string
  readonly count: number
  readonly pageInfo: Connection<unknown>['pageInfo']
}

type FetchPage = (page: PageVariables) => Promise<PrintedPage>

/** The items, as text chunks of one JSON array. */
async function* chunks(fetchPage: FetchPage, first: PrintedPage, limit: number): AsyncGenerator<string> {
  let [left, separator] = [limit, '[']
  for (let page = first; ; page = await fetchPage({ first: Math.min(MAX_DIALECT_PAGE, left), after: page.pageInfo.endCursor })) {
    left -= page.count
    if (page.count > 0) {
      yield separator + page.text
      separator = ','
    }
    if (!page.pageInfo.hasNextPage || left <= 0) break
  }
  yield separator === '[' ? '[]' : ']'
}

/** The answer: text if one page is the whole window, otherwise a stream. */
export async function writeList<Node>(
  { fetchNodes, pageTurns }: Pages<Node>,
  { offset, limit }: Window,
  printed: (node: Node) => unknown,
): Promise<HttpAnswer> {
  const print = async (page: PageVariables): Promise<PrintedPage> => {
    const { edges, pageInfo } = await fetchNodes(page)
    return { text: edges.map(({ node }) => JSON.stringify(printed(node))).join(','), count: edges.length, pageInfo }
  }
  const fetchPage: FetchPage = async (page) => (page.first > SHORT ? await pageTurns(async () => await print(page)) : await print(page))
  const first = await fetchPage({ first: Math.min(MAX_DIALECT_PAGE, limit), after: offset > 0 ? cursorAfter(offset) : null })
  if (!first.pageInfo.hasNextPage || first.count >= limit) return jsonTextAnswer(`[${first.text}]`)
  return jsonTextAnswer(chunks(fetchPage, first, limit))
}
