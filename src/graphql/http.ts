/**
 * GraphQL's own side of HTTP: the guards' findings in GraphQL's form, and the request as yoga reads it.
 */
import type { Caller } from '../domain/caller.ts'
import type { GraphqlServer } from './server.ts'

interface Guards {
  readonly body: Uint8Array
  readonly tooLarge: boolean
}

const PARAMETERS = ['query', 'variables', 'operationName', 'extensions']

const refusal = (status: number, code: string, message: string): Response =>
  Response.json({ errors: [{ message, extensions: { code } }] }, { status, headers: { 'content-type': 'application/json; charset=utf-8' } })

/** A fault of ours outside every operation. */
export const graphqlFault = (): Response => refusal(500, 'INTERNAL_SERVER_ERROR', 'Internal server error')

const isRepeated = (search: URLSearchParams): boolean => PARAMETERS.some((name) => search.getAll(name).length > 1)

/** GraphiQL is a page of ours with scripts of its own, all from this server. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data:; font-src data:; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** GraphQL's answer. `caller` is looked up only for what is worth it. */
export async function answerGraphql(
  graphql: GraphqlServer,
  request: Request,
  guards: Guards,
  caller: () => Promise<Caller>,
): Promise<Response> {
  const { body, tooLarge } = guards
  if (tooLarge) return refusal(413, 'PAYLOAD_TOO_LARGE', 'Payload too large')
  const url = new URL(request.url)
  if (isRepeated(url.searchParams)) return refusal(400, 'BAD_REQUEST', 'A parameter is repeated')
  const response = await graphql.fetch(
    new Request(url, {
      method: request.method === 'HEAD' ? 'GET' : request.method,
      headers: request.headers,
      ...(request.method === 'POST' ? { body: body as BodyInit } : {}),
    }),
    await caller(),
  )
  if (response.headers.get('content-type')?.startsWith('text/html') === true) response.headers.set('content-security-policy', PAGE_POLICY)
  return response
}
