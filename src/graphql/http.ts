/**
 * GraphQL's own side of HTTP: what the guards found in GraphQL's form, and the request as yoga reads it. Read as strictly as
 * every dialect: JSON in UTF-8 only, no repeated parameter.
 */
import type { Caller } from '../domain/caller.ts'
import { jsonAnswer } from '../http/answers.ts'
import { BodyProblem, parseBody, parseParameters } from '../http/body.ts'
import type { Guarded } from '../http/guarded.ts'
import type { GraphqlServer } from './server.ts'

const refusal = (status: number, code: string, message: string): Response =>
  jsonAnswer(status, { errors: [{ message, extensions: { code } }] })

/** A fault of ours outside every operation. */
export const graphqlFault = (): Response => refusal(500, 'INTERNAL_SERVER_ERROR', 'Internal server error')

/** GraphiQL is a page of ours with scripts of its own, all from this server. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data:; font-src data:; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Refuses what can not be read. @throws {BodyProblem} */
const check = (request: Request, body: Uint8Array, search: string): void => {
  if (request.method === 'POST') parseBody(body, request.headers, false)
  const parameters = parseParameters(search)
  for (const name of ['variables', 'extensions']) {
    const text = parameters[name]
    if (typeof text === 'string' && text !== '') parseBody(Buffer.from(text), new Headers({ 'content-type': 'application/json' }), false)
  }
}

/** GraphQL's answer to a request that passed the guards. */
export async function answerGraphql(
  graphql: GraphqlServer,
  request: Request,
  { body, tooLarge }: Pick<Guarded<unknown>, 'body' | 'tooLarge'>,
  caller: () => Promise<Caller>,
): Promise<Response> {
  if (tooLarge) return refusal(413, 'PAYLOAD_TOO_LARGE', 'Payload too large')
  const url = new URL(request.url)
  try {
    check(request, body, url.search.slice(1))
  } catch (error) {
    if (!(error instanceof BodyProblem)) throw error
    return refusal(error.status, error.status === 415 ? 'UNSUPPORTED_MEDIA_TYPE' : 'BAD_REQUEST', error.message)
  }
  const post = request.method === 'POST'
  const init = { method: post ? 'POST' : 'GET', headers: request.headers, ...(post ? { body: body as BodyInit } : {}) }
  const response = await graphql.fetch(new Request(url, init), await caller())
  if (response.headers.get('content-type')?.startsWith('text/html') === true) response.headers.set('content-security-policy', PAGE_POLICY)
  return response
}
