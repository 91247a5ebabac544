/**
 * The walk of a request to a row, from the first check to the answer. `walk` is the list of its steps, in the order of the contract
 * (section 1, Statuses); `answerRow` stands around it: whatever came of the walk is put into the row's form, counted, and gets the headers
 * of the row's retirement.
 */
import { isOpen } from '../domain/access/requirements.ts'
import { Failure, type FieldError } from '../domain/base/errors.ts'
import { fieldErrorsOf } from '../domain/base/input.ts'
import type { Surface } from '../domain/base/surfaces.ts'
import type { Caller } from '../domain/frame/caller.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { unavailable } from '../domain/frame/unavailable.ts'
import { authorize } from '../domain/guards/authorize.ts'
import { findCaller } from '../domain/sessions/findCaller.ts'
import { RETRY_AFTER_S } from '../http/answers.ts'
import { bearerToken } from '../http/bearer.ts'
import { BodyProblem, parseBody, parseParameters, type RawInput } from '../http/body.ts'
import type { Guarded } from '../http/guarded.ts'
import { closedBy } from './closing.ts'
import type { AnyInput, FailureView, Mount, Reply, ReplyContext, Row } from './dialect.ts'
import { paged } from './paged.ts'
import { failed, Refusal, toResponse, viewOf } from './replies.ts'
import { retirementHeaders } from './retirementHeaders.ts'

/** What stands behind every dialect. The execution of documents is handed in, so that this layer knows nothing of GraphQL. */
export interface Backend {
  readonly domain: Domain
  /** Runs the document of a row. */
  execute(
    document: Row['document'],
    variables: Record<string, unknown>,
    caller: Caller,
  ): Promise<{ readonly data: unknown; readonly faulty: boolean; readonly unavailable: Failure | undefined }>
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
  readonly guarded: Guarded
  readonly headers: Headers
  /** Without its question mark. */
  readonly query: string
  /** Who calls, once that is known. */
  caller?: Caller
}

interface RawParts {
  readonly params: RawInput
  readonly query: RawInput
  readonly body: RawInput
}

const problem = (visit: Visit, status: number, message: string): Refusal =>
  new Refusal(visit.place.mount.errors.problem(status, message, visit))

const fail = (visit: Visit, failure: FailureView, row = visit.place.row): Refusal => failed(row, visit.place.mount.errors, visit, failure)

/** Before anything of the request is read but its method and path, so it says nothing of tokens or accounts and uses up no limit. */
const refuseClosed = (visit: Visit): void => {
  const closed = closedBy(visit.place.row)
  if (closed !== undefined) throw problem(visit, closed.status, closed.message)
}

const refuseTooLarge = (visit: Visit): void => {
  if (visit.guarded.tooLarge) throw problem(visit, 413, 'Payload too large')
}

const refuseOverload = (visit: Visit): void => {
  if (visit.guarded.overloaded) throw fail(visit, viewOf(new Failure('OVERLOADED', { retryAfter: RETRY_AFTER_S })))
}

/** @throws {BodyProblem} 400, 415 */
const readRaw = ({ place: { mount, row }, params, query, guarded, headers }: Visit): RawParts => {
  const body = row.body === undefined ? {} : parseBody(guarded.body, headers, mount.acceptsForms)
  return { params, query: parseParameters(query), body }
}

const bearerOf = ({ queryToken }: Mount, headers: Headers, query: RawInput): string | null => {
  const fromQuery = queryToken === undefined ? undefined : query[queryToken]
  return bearerToken(headers) ?? (typeof fromQuery === 'string' ? fromQuery : null)
}

/** An open row asks nobody who calls. */
const readCaller = async ({ domain }: Backend, { place, guarded, headers }: Visit, { query }: RawParts): Promise<Caller> => {
  const token = isOpen(place.row.who) ? null : bearerOf(place.mount, headers, query)
  return await findCaller(domain, guarded.facts, place.surface, token)
}

const authorizeFor = async ({ domain }: Backend, visit: Visit, caller: Caller, row: Row): Promise<void> =>
  await authorize(domain, caller, { name: `${row.method} ${row.path}`, requirement: row.who }).catch((error: unknown) => {
    throw error instanceof Failure ? fail(visit, viewOf(error), row) : error
  })

/** All parts are checked, so that the answer names every field that is wrong. */
const readInput = (visit: Visit, raw: RawParts): AnyInput => {
  const { row, mount } = visit.place
  const input: Record<string, unknown> = {}
  const fieldErrors: FieldError[] = []
  for (const part of ['params', 'query', 'body'] as const) {
    const result = row[part]?.safeParse(raw[part])
    if (result?.success === false) fieldErrors.push(...fieldErrorsOf(result.error))
    input[part] = result?.data
  }
  if (fieldErrors.length > 0) throw new Refusal(mount.errors.invalid(fieldErrors, visit))
  return input as unknown as AnyInput
}

/** The row that runs: the place's own, or the one that the input asks for in its stead, which may ask more of the caller. */
const chooseRow = async (backend: Backend, visit: Visit, caller: Caller, input: AnyInput): Promise<Row> => {
  const { row } = visit.place
  const { instead } = row
  if (instead?.when(input) !== true) return row
  await authorizeFor(backend, visit, caller, instead.row)
  return instead.row
}

const isFailure = (result: unknown): result is FailureView =>
  typeof result === 'object' && result !== null && 'code' in result && 'fieldErrors' in result

/** One execution of a row's document; failures and faults become refusals. */
const execution =
  ({ execute }: Backend, visit: Visit, caller: Caller, row: Row) =>
  async (variables: Record<string, unknown>): Promise<unknown> => {
    const outcome = await execute(row.document, variables, caller)
    if (outcome.unavailable !== undefined) throw fail(visit, viewOf(outcome.unavailable), row)
    const result = (outcome.data as { result?: unknown } | null | undefined)?.result
    if (outcome.faulty || result === undefined) throw problem(visit, 500, 'Internal server error')
    if (isFailure(result)) throw fail(visit, result, row)
    return result
  }

const execute = async (backend: Backend, visit: Visit, caller: Caller, row: Row, input: AnyInput): Promise<Response | Reply> => {
  const run = execution(backend, visit, caller, row)
  if (row.run.kind === 'paged') return await paged(row.run, input, run)
  return { status: row.success.status, body: row.run.reply(await run(row.run.variables(input)), input) }
}

const walk = async (backend: Backend, visit: Visit): Promise<Response | Reply> => {
  refuseClosed(visit)
  refuseTooLarge(visit)
  refuseOverload(visit)
  const raw = readRaw(visit)
  const caller = await readCaller(backend, visit, raw)
  visit.caller = caller
  await authorizeFor(backend, visit, caller, visit.place.row)
  const input = readInput(visit, raw)
  const row = await chooseRow(backend, visit, caller, input)
  return await execute(backend, visit, caller, row, input)
}

/** What was thrown on the walk, as the refusal that the client gets. A fault of ours is logged, and answered without a word of it. */
const refusalOf = ({ domain }: Backend, visit: Visit, error: unknown): Refusal => {
  if (error instanceof Refusal) return error
  if (error instanceof BodyProblem) return problem(visit, error.status, error.message)
  const passing = unavailable(domain, error)
  if (passing !== undefined) return fail(visit, viewOf(passing))
  domain.log.error({ err: error }, 'a request failed unexpectedly')
  return problem(visit, 500, 'Internal server error')
}

/** By dialect, route, client, and the surface of the token. Where the row asked for nobody, there is no token to tell of. */
const count = ({ domain }: Backend, { place: { dialect, row }, headers, caller }: Visit, refused: boolean): void => {
  const tokenSurface = (caller?.viewer?.session.surface as Surface | undefined) ?? null
  const proven = tokenSurface !== null || (!refused && row.changes === 'sessions')
  const route = `${row.method} ${row.path}`
  domain.usage.count({ dialect, route, userAgent: headers.get('user-agent'), tokenSurface, refused, proven })
}

/** Answers a request to a row, whatever comes of it. */
export async function answerRow(backend: Backend, visit: Visit): Promise<Response> {
  const answer = await walk(backend, visit).catch((error: unknown) => refusalOf(backend, visit, error))
  const response =
    answer instanceof Response ? answer : answer instanceof Refusal ? toResponse(answer.reply, answer.failure) : toResponse(answer)
  count(backend, visit, answer instanceof Refusal && answer.failure?.code !== 'TWO_FACTOR_REQUIRED')
  for (const [name, value] of Object.entries(retirementHeaders(visit.place.row))) response.headers.set(name, value)
  return response
}
