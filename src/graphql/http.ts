/**
 * GraphQL over HTTP, between the guards and yoga: answers what the guards refused, finds the caller, and builds the request for yoga.
 * Parsing is as strict as for the dialects: only JSON in UTF-8, no repeated parameters. Only this file reads the session cookie, only
 * without an Authorization header, and only in a request that no page of another site can have sent.
 */

import { errorCodes, type Failure } from '../domain/base/errors.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { isLongDead } from '../domain/sessions/cookies.ts'
import { findCaller } from '../domain/sessions/findCaller.ts'
import { jsonAnswer, RETRY_AFTER_S } from '../http/answers.ts'
import { BodyProblem, parseBody, parseParameters, type RawInput } from '../http/body.ts'
import { bearerToken, sessionCookies } from '../http/credentials.ts'
import { csrfProblem } from '../http/csrf.ts'
import { HeaderFields, type RequestHeaders } from '../http/headers.ts'
import type { GuardedRequest, HttpAnswer } from '../http/message.ts'
import { acceptedOf } from './accept.ts'
import { type CookieSlot, writeCookie } from './cookieSlot.ts'
import { emptyNotes } from './notes.ts'
import { ordinaryRequestOf } from './ordinaryRequest.ts'
import type { GraphqlServer } from './server.ts'

interface Parts {
  readonly domain: Domain
  readonly graphql: GraphqlServer
}

const refusal = (status: number, code: string, message: string, headers: Record<string, string> = {}): HttpAnswer => ({
  ...jsonAnswer(status, { errors: [{ message, extensions: { code } }] }, headers),
  about: { surface: 'graphql', outcome: code },
})

const overloaded = (): HttpAnswer => refusal(503, 'OVERLOADED', errorCodes.OVERLOADED, { 'retry-after': String(RETRY_AFTER_S) })

/** The answer to an unexpected error outside an operation. */
export const graphqlFault = (): HttpAnswer => refusal(500, 'INTERNAL_SERVER_ERROR', 'Internal server error')

/** The answer while the database is away: 503. */
export const graphqlUnavailable = ({ code, message, details }: Failure): HttpAnswer => {
  const retryAfter = details.retryAfter ?? 1
  const body = { errors: [{ message, extensions: { code, retryAfter } }] }
  return { ...jsonAnswer(503, body, { 'retry-after': String(retryAfter) }), about: { surface: 'graphql', outcome: code } }
}

/** The policy for GraphiQL, whose scripts are inline and come from this server. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data:; font-src data:; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const JSON_HEADERS = new HeaderFields([['content-type', 'application/json']])

/** What a request brings, parsed: its body, if it has one; or the answer to a request that cannot be parsed. */
const read = ({ method, url, headers, body }: GuardedRequest): { readonly input?: RawInput; readonly refused?: HttpAnswer } => {
  try {
    if (method === 'POST' && body.length === 0) return { refused: refusal(400, 'BAD_REQUEST', 'The body is empty') }
    const input = method === 'POST' ? parseBody(body, headers, false) : {}
    const parameters = parseParameters(url.search.slice(1))
    for (const name of ['variables', 'extensions']) {
      const text = parameters[name]
      if (typeof text === 'string' && text !== '') parseBody(Buffer.from(text), JSON_HEADERS, false)
    }
    return { input }
  } catch (error) {
    if (!(error instanceof BodyProblem)) throw error
    return { refused: refusal(error.status, error.status === 415 ? 'UNSUPPORTED_MEDIA_TYPE' : 'BAD_REQUEST', error.message) }
  }
}

/** Whether the answer is the GraphiQL page, which needs no caller. */
const isForPage = ({ config }: Domain, { method, headers }: GuardedRequest): boolean =>
  config.GRAPHIQL && method !== 'POST' && headers.get('accept')?.includes('text/html') === true

const presentedCookies = (domain: Domain, request: GuardedRequest): string[] =>
  request.headers.has('authorization') || isForPage(domain, request) ? [] : sessionCookies(request.headers)

const logForgery = ({ log }: Domain, { method, headers }: GuardedRequest, reason: string | null): void =>
  log.warn(
    { reason, method, origin: headers.get('origin')?.slice(0, 200) },
    'refused a request for a session in a cookie: it may be forged',
  )

/**
 * The request for yoga: its path as yoga compares it, the decoded text without a byte order mark, and a plain content type. yoga would repeat a body that it cannot
 * parse, with the passwords in it.
 */
const forYoga = ({ url: { origin, search }, method, headers, body }: GuardedRequest, accepted: string): Request => {
  const url = `${origin}/graphql${search}`
  const typed = new Headers([...headers] as [string, string][])
  typed.set('accept', accepted)
  if (method !== 'POST') return new Request(url, { method: 'GET', headers: typed })
  typed.set('content-type', 'application/json')
  return new Request(url, { method, headers: typed, body: new TextDecoder().decode(body) })
}

const isOfType = (headers: Pick<RequestHeaders, 'get'>, ...types: string[]): boolean =>
  types.some((type) => headers.get('content-type')?.startsWith(type) === true)

/** An answer is text, but for those that yoga sends part by part. Whether the connection stays open is for the server to say. */
const fromYoga = async (response: Response): Promise<HttpAnswer> => {
  const { status, headers, body } = response
  const isStream = isOfType(headers, 'text/event-stream', 'multipart/mixed')
  // yoga's own kind of `Headers` keeps the case of names.
  const sent = new HeaderFields(new Headers([...headers]))
  sent.delete('connection')
  return { status, headers: sent, body: isStream ? (body as AsyncIterable<Uint8Array> | null) : await response.text() }
}

/** Finds the caller, runs the request, and writes the change of the cookie into the answer. */
const run = async ({ domain, graphql }: Parts, request: GuardedRequest, input: RawInput, slot: CookieSlot): Promise<HttpAnswer> => {
  const accepted = acceptedOf(request.headers.get('accept'), isForPage(domain, request))
  if (accepted === '') return refusal(406, 'NOT_ACCEPTABLE', 'Answers are application/graphql-response+json or application/json')
  const { presented } = slot
  const byBearer = presented === undefined
  const caller = await (byBearer
    ? findCaller(domain, request.facts, 'graphql', bearerToken(request.headers))
    : findCaller(domain, request.facts, 'graphql', presented, 'cookie'))
  const notes = emptyNotes()
  const arrival = { caller, cookie: slot, notes }
  const ordinary = domain.config.PERSISTED_OPERATIONS_ONLY ? undefined : ordinaryRequestOf(request, accepted, input)
  const direct = ordinary && (await graphql.answer(ordinary, arrival))
  const answer = direct ?? (await fromYoga(await graphql.fetch(forYoga(request, accepted), arrival)))
  if (!byBearer && caller.viewer === null && slot.change === null && (await isLongDead(domain, presented))) slot.change = 'dead'
  if (slot.change === 'refused') logForgery(domain, request, slot.problem)
  writeCookie(answer.headers, slot, domain.clock.now())
  if (isOfType(answer.headers, 'text/html')) {
    answer.headers.set('content-type', 'text/html; charset=utf-8')
    answer.headers.set('content-security-policy', PAGE_POLICY)
  }
  return { ...answer, about: { surface: 'graphql', ...notes } }
}

/** GraphQL's answer to a request that passed the guards. */
export async function answerGraphql(parts: Parts, request: GuardedRequest): Promise<HttpAnswer> {
  const { domain } = parts
  const [presented, ...others] = presentedCookies(domain, request)
  const problem = others.length > 0 ? 'The session cookie is repeated.' : csrfProblem(domain.config, request.headers)
  const forged = presented !== undefined && problem !== null
  if (forged) logForgery(domain, request, problem)
  if (request.tooLarge) return refusal(413, 'PAYLOAD_TOO_LARGE', 'Payload too large')
  if (request.overloaded) return overloaded()
  const { input = {}, refused } = read(request)
  if (refused !== undefined) return refused
  if (forged) return refusal(403, 'CSRF', problem)
  return await run(parts, request, input, { presented, problem, change: null })
}
