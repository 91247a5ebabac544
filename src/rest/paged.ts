/**
 * A bare array out of a connection: page after page by keyset, streamed, so that a list of any length needs the memory of
 * one page. The first page is fetched before the answer begins, so that failures still have a status of their own;
 * a failure in a later page breaks the answer off.
 */
import { jsonTextAnswer } from '../http/answers.ts'
import type { AnyInput, Page, Row } from './dialect.ts'

const PAGE = 500

type PagedRun = Extract<Row['run'], { kind: 'paged' }>

/** The items from `offset` on, at most `limit`, as text chunks of one JSON array. */
async function* chunks(
  run: PagedRun,
  first: Page<unknown>,
  window: { offset: number; limit: number },
  next: (after: string, first: number) => Promise<Page<unknown>>,
): AsyncGenerator<string> {
  let { offset: skip, limit: left } = window
  let separator = '['
  for (let page = first; ; page = await next(page.pageInfo.endCursor ?? '', Math.min(PAGE, skip + left))) {
    const nodes = page.edges.slice(skip, skip + left)
    skip = Math.max(0, skip - page.edges.length)
    left -= nodes.length
    if (nodes.length > 0) {
      yield separator + nodes.map(({ node }) => JSON.stringify(run.item(node))).join(',')
      separator = ','
    }
    if (!page.pageInfo.hasNextPage || left <= 0) break
  }
  yield separator === '[' ? '[]' : ']'
}

const streamOf = (text: AsyncGenerator<string>): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await text.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await text.return(undefined)
    },
  })
}

export async function paged(
  run: PagedRun,
  input: AnyInput,
  execute: (variables: Record<string, unknown>) => Promise<unknown>,
): Promise<Response> {
  const window = run.window(input)
  const fetchPage = async (after: string | null, first: number) => run.page(await execute({ first, after }))
  const first = await fetchPage(null, Math.min(PAGE, window.offset + window.limit))
  const text = chunks(run, first, window, fetchPage)
  if (first.pageInfo.hasNextPage) return jsonTextAnswer(streamOf(text))
  let whole = ''
  for await (const part of text) whole += part
  return jsonTextAnswer(whole)
}
