/**
 * The walk of a request to a row, from the first check to the answer. `walk` lists its steps, in the order of the contract (section 1,
 * Statuses). `answerRow` calls it, puts its result into the row's form, counts the use, and adds the headers of a retired row.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { isOpen } from '../domain/access/requirements.ts'
import { Failure } from '../domain/base/errors.ts'
import type { Surface } from '../domain/base/surfaces.ts'
import type { Caller } from '../domain/frame/caller.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { unavailable } from '../domain/frame/unavailable.ts'
import { authorize } from '../domain/guards/authorize.ts'
import { findCaller } from '../domain/sessions/findCaller.ts'
import { RETRY_AFTER_S } from '../http/answers.ts'
import { BodyProblem, parseBody, parseParameters, type RawInput } from '../http/body.ts'
import { bearerToken } from '../http/credentials.ts'
import type { RequestHeaders } from '../http/headers.ts'
import type { GuardedRequest, HttpAnswer } from '../http/message.ts'
import { outcomeOf } from '../http/outcomes.ts'
import { inSpan } from '../tracing/spans.ts'
import type { Execute, FailureView, Mount, Prepared, Reply, ReplyContext, Row, Success } from './dialect.ts'
import type { PageTurns } from './pageTurns.ts'
import { failed, Refusal, toAnswer, viewOf } from './replies.ts'
import { closedBy, retirementHeaders } from './retired.ts'
import { given } from './rows.ts'

/** The result of a document, or why there is none. */
export interface Outcome<Data> {
  readonly data: Data | null | undefined
  /** Whether something unexpected happened; it was logged. */
  readonly faulty: boolean
  /** The expected failure of a query, of a caller who is not signed in, or while the database is away. */
  readonly failure: Failure | undefined
}

/** What every dialect needs. The execution of documents is passed in, so that this layer does not depend on GraphQL. */
export interface Backend {
  readonly domain: Domain
  /** For the pages of lists. */
  readonly pageTurns: PageTurns
  /** Runs the document of a row for a caller. */
  execute<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables, caller: Caller): Promise<Outcome<Result>>
}

/** Where a row stands. */
export interface Place {
  /** The name of the dialect; of the first one, where two share the place. */
  readonly dialect: string
  readonly surface: Surface
  readonly mount: Mount
  readonly row: Row
}

/** A request on its walk. */
export interface Visit extends ReplyContext {
  readonly place: Place
  readonly request: GuardedRequest
  /** Who calls, once that is known. */
  caller?: Caller
  /** The row that runs in place of the one of the place. */
  ran?: Row
}

/** The parts of a request as they came. */
interface RawParts {
  readonly params: RawInput
  readonly query: RawInput
  readonly body: RawInput
}

const problem = (visit: Visit, status: number, message: string): Refusal =>
  new Refusal(visit.place.mount.errors.problem(status, message, visit), outcomeOf(status))

const fail = (visit: Visit, failure: FailureView, row = visit.place.row): Refusal => failed(row, visit.place.mount.errors, visit, failure)

/** Needs only method and path, so that it shows nothing about tokens or accounts and uses up no limit. */
const refuseClosed = (visit: Visit): void => {
  const closed = closedBy(visit.place.row)
  if (closed !== undefined) throw problem(visit, closed.status, closed.message)
}

const refuseTooLarge = (visit: Visit): void => {
  if (visit.request.tooLarge) throw problem(visit, 413, 'Payload too large')
}

const refusedForNow = (visit: Visit): Refusal => fail(visit, viewOf(new Failure('OVERLOADED', { retryAfter: RETRY_AFTER_S })))

const refuseOverload = (visit: Visit): void => {
  if (visit.request.overloaded) throw refusedForNow(visit)
}

/** @throws {BodyProblem} 400, 415 */
const readRaw = ({ place: { mount, row }, params, request }: Visit): RawParts => {
  const body = row.parts.body === undefined ? {} : parseBody(request.body, request.headers, mount.acceptsForms)
  return { params, query: parseParameters(request.url.search.slice(1)), body }
}

const bearerOf = ({ queryToken }: Mount, headers: RequestHeaders, query: RawInput): string | null => {
  const fromQuery = queryToken === undefined ? undefined : query[queryToken]
  return bearerToken(headers) ?? (typeof fromQuery === 'string' ? fromQuery : null)
}

/** For an open row no token is looked up. */
const readCaller = async ({ domain }: Backend, { place, request }: Visit, { query }: RawParts): Promise<Caller> => {
  const token = isOpen(place.row.who) ? null : bearerOf(place.mount, request.headers, query)
  return await findCaller(domain, request.facts, place.surface, token)
}

const authorizeFor = async ({ domain }: Backend, visit: Visit, caller: Caller, row: Row): Promise<void> =>
  await authorize(domain, caller, { name: `${row.method} ${row.path}`, requirement: row.who }).catch((error: unknown) => {
    throw error instanceof Failure ? fail(visit, viewOf(error), row) : error
  })

type Ready = Pick<Extract<Prepared, { kind: 'ready' }>, 'answer' | 'mayBeLong'> & { readonly row: Row }

/** If the input selects the row in `instead`, that row's checks run too: it may require more of the caller. */
const readInput = async (backend: Backend, visit: Visit, caller: Caller, raw: RawParts, row = visit.place.row): Promise<Ready> => {
  const prepared = row.prepare(raw)
  if (prepared.kind === 'invalid') throw new Refusal(visit.place.mount.errors.invalid(prepared.fieldErrors, visit), 'INVALID_INPUT')
  if (prepared.kind === 'ready') return { ...prepared, row }
  visit.ran = given(row.instead)
  await authorizeFor(backend, visit, caller, visit.ran)
  return await readInput(backend, visit, caller, raw, visit.ran)
}

const isFailure = (result: unknown): result is FailureView =>
  typeof result === 'object' && result !== null && 'code' in result && 'fieldErrors' in result

function assertSuccess<Result>(result: Result, refusalOf: (failure: FailureView) => Refusal): asserts result is Result & Success<Result> {
  if (isFailure(result)) throw refusalOf(result)
}

/** Executes a row's document; failures and errors become refusals. */
const executeFor =
  ({ execute }: Backend, visit: Visit, caller: Caller, row: Row): Execute =>
  async (document, variables) => {
    const { data, faulty, failure } = await execute(document, variables, caller)
    if (failure !== undefined) throw fail(visit, viewOf(failure), row)
    const result = data?.result
    if (faulty || result === undefined || result === null) throw problem(visit, 500, 'Internal server error')
    assertSuccess(result, (failed) => fail(visit, failed, row))
    return result
  }

const walk = async (backend: Backend, visit: Visit): Promise<Reply | HttpAnswer> => {
  refuseClosed(visit)
  refuseTooLarge(visit)
  refuseOverload(visit)
  const raw = readRaw(visit)
  const caller = await readCaller(backend, visit, raw)
  visit.caller = caller
  await authorizeFor(backend, visit, caller, visit.place.row)
  const { row, answer, mayBeLong } = await readInput(backend, visit, caller, raw)
  if (mayBeLong && !visit.request.takeListPlace()) throw refusedForNow(visit)
  return await answer(executeFor(backend, visit, caller, row), backend.pageTurns)
}

/** The refusal for an error on the walk. An unexpected error is logged, and the client gets a generic message. */
const refusalOf = ({ domain }: Backend, visit: Visit, error: unknown): Refusal => {
  if (error instanceof Refusal) return error
  if (error instanceof BodyProblem) return problem(visit, error.status, error.message)
  const passing = unavailable(domain, error)
  if (passing !== undefined) return fail(visit, viewOf(passing))
  domain.log.error({ err: error }, 'a request failed unexpectedly')
  return problem(visit, 500, 'Internal server error')
}

/** Counts the use by dialect, route, client, and the surface of the token. For an open row no token was looked up. */
const count = ({ domain }: Backend, { place: { dialect, row }, request, caller }: Visit, refused: boolean): void => {
  const tokenSurface = (caller?.viewer?.session.surface as Surface | undefined) ?? null
  const proven = tokenSurface !== null || (!refused && row.changes === 'sessions')
  const route = `${row.method} ${row.path}`
  try {
    domain.usage.count({ dialect, route, userAgent: request.facts.userAgent, tokenSurface, refused, proven })
  } catch (error) {
    // The request was carried out all the same.
    domain.log.error({ err: error }, 'a use could not be counted')
  }
}

/** Answers a request to a row, whatever comes of it. */
export async function answerRow(backend: Backend, visit: Visit): Promise<HttpAnswer> {
  const { dialect, row } = visit.place
  const span = { name: `row ${row.method} ${row.path}`, attributes: { 'vestibule.surface': dialect } }
  const reply = await inSpan(span, async () => await walk(backend, visit).catch((error: unknown) => refusalOf(backend, visit, error)))
  count(backend, visit, reply instanceof Refusal && reply.failure?.code !== 'TWO_FACTOR_REQUIRED')
  const answer = reply instanceof Refusal ? toAnswer(reply.reply, reply.failure) : 'headers' in reply ? reply : toAnswer(reply)
  for (const [name, value] of Object.entries(retirementHeaders(row))) answer.headers.set(name, value)
  const outcome = reply instanceof Refusal ? reply.outcome : undefined
  return { ...answer, about: { surface: dialect, route: row.path, operation: (visit.ran ?? row).operation, outcome } }
}
