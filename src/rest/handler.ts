/**
 * The one generic walk of every legacy request: row -> raw input -> who may -> valid input -> variables -> operation ->
 * reply or failure. The order of the checks is the contract's (section 1, Statuses).
 */
import { isOpen, type Requirement } from '../domain/access/requirements.ts'
import { Failure, type FieldError } from '../domain/base/errors.ts'
import { fieldErrorsOf } from '../domain/base/input.ts'
import type { Caller } from '../domain/frame/caller.ts'
import type { Use } from '../domain/usage/uses.ts'
import { jsonAnswer, RETRY_AFTER_S } from '../http/answers.ts'
import { bearerToken } from '../http/bearer.ts'
import { BodyProblem, parseBody, parseParameters, type RawInput } from '../http/body.ts'
import type { AnyInput, ErrorForms, FailureView, Mount, Reply, ReplyContext, Row } from './dialect.ts'
import { paged } from './paged.ts'

/** What stands behind every dialect; handed in, so that this layer knows nothing of GraphQL nor of the database. */
export interface Backend {
  /** Runs the document of a row. */
  execute(
    document: Row['document'],
    variables: Record<string, unknown>,
    caller: Caller,
  ): Promise<{ readonly data: unknown; readonly faulty: boolean; readonly unavailable: Failure | undefined }>
  /** Lets a caller pass who meets a requirement. @throws {Failure} */
  authorize(caller: Caller, asked: { readonly name: string; readonly requirement: Requirement }): Promise<void>
  /** The failure that an error is which passes by itself; undefined for a fault. */
  unavailable(error: unknown): Failure | undefined
  /** Counts a request to a row, once it is answered. */
  readonly count: (use: Use) => void
}

export interface LegacyRequest extends ReplyContext {
  readonly headers: Headers
  readonly body: Uint8Array
  /** Without its question mark. */
  readonly query: string
  /** Who calls; looked up at most once, and only if asked for. */
  readonly caller: (bearer: string | null) => Promise<Caller>
}

/** Something in a reply other than success. */
class Answer extends Error {
  readonly reply: Reply
  readonly failure: FailureView | undefined
  constructor(reply: Reply, failure?: FailureView) {
    super('answer')
    this.reply = reply
    this.failure = failure
  }
}

interface RawParts {
  readonly params: RawInput
  readonly query: RawInput
  readonly body: RawInput
}

const readRaw = (mount: Mount, row: Row, request: LegacyRequest): RawParts => {
  const body = row.body === undefined ? {} : parseBody(request.body, request.headers, mount.acceptsForms)
  return { params: request.params, query: parseParameters(request.query), body }
}

const bearerOf = (mount: Mount, headers: Headers, query: RawInput): string | null => {
  const fromQuery = mount.queryToken === undefined ? undefined : query[mount.queryToken]
  return bearerToken(headers) ?? (typeof fromQuery === 'string' ? fromQuery : null)
}

const viewOf = (failure: Failure): FailureView => ({ code: failure.code, message: failure.message, fieldErrors: [], ...failure.details })

const fail = (row: Row, errors: ErrorForms, context: ReplyContext, failure: FailureView): Answer => {
  const form = row.failures?.[failure.code] ?? errors.failures[failure.code]
  return new Answer(form(failure, context), failure)
}

const readInput = (row: Row, raw: RawParts, errors: ErrorForms, context: ReplyContext): AnyInput => {
  const input: Record<string, unknown> = {}
  const fieldErrors: FieldError[] = []
  for (const part of ['params', 'query', 'body'] as const) {
    const result = row[part]?.safeParse(raw[part])
    if (result?.success === false) fieldErrors.push(...fieldErrorsOf(result.error))
    input[part] = result?.data
  }
  if (fieldErrors.length > 0) throw new Answer(errors.invalid(fieldErrors, context))
  return input as unknown as AnyInput
}

const isFailure = (result: unknown): result is FailureView =>
  typeof result === 'object' && result !== null && 'code' in result && 'fieldErrors' in result

/** One execution of a row's document; failures and faults become answers. */
const once =
  (row: Row, caller: Caller, { execute }: Backend, errors: ErrorForms, context: ReplyContext) =>
  async (variables: Record<string, unknown>): Promise<unknown> => {
    const { data, faulty, unavailable } = await execute(row.document, variables, caller)
    if (unavailable !== undefined) throw fail(row, errors, context, viewOf(unavailable))
    const result = (data as { result?: unknown } | null | undefined)?.result
    if (faulty || result === undefined) throw new Answer(errors.problem(500, 'Internal server error', context))
    if (isFailure(result)) throw fail(row, errors, context, result)
    return result
  }

const authorize = async (mount: Mount, row: Row, request: LegacyRequest, backend: Backend, caller: Caller): Promise<void> =>
  await backend.authorize(caller, { name: `${row.method} ${row.path}`, requirement: row.who }).catch((error: unknown) => {
    throw error instanceof Failure ? fail(row, mount.errors, request, viewOf(error)) : error
  })

const perform = async (
  { errors }: Mount,
  row: Row,
  request: LegacyRequest,
  backend: Backend,
  caller: Caller,
  input: AnyInput,
): Promise<Response | Reply> => {
  const run = once(row, caller, backend, errors, request)
  if (row.run.kind === 'paged') return await paged(row.run, input, run)
  return { status: row.success.status, body: row.run.reply(await run(row.run.variables(input)), input) }
}

const walk = async (mount: Mount, row: Row, request: LegacyRequest, backend: Backend): Promise<Response | Reply> => {
  const raw = readRaw(mount, row, request)
  const caller = await request.caller(isOpen(row.who) ? null : bearerOf(mount, request.headers, raw.query))
  await authorize(mount, row, request, backend, caller)
  const input = readInput(row, raw, mount.errors, request)
  if (row.instead?.when(input) !== true) return await perform(mount, row, request, backend, caller, input)
  await authorize(mount, row.instead.row, request, backend, caller)
  return await perform(mount, row.instead.row, request, backend, caller, input)
}

/** RFC 6750, 3, and RFC 9470, 3 for a session whose last proof is too old. */
const challenge = (failure?: FailureView): string =>
  failure?.code === 'REAUTHENTICATION_REQUIRED' ? 'Bearer error="insufficient_user_authentication"' : 'Bearer'

const toResponse = ({ status, body }: Reply, failure?: FailureView): Response =>
  jsonAnswer(status, body, {
    ...(status === 401 ? { 'www-authenticate': challenge(failure) } : {}),
    ...(failure?.retryAfter === undefined ? {} : { 'retry-after': String(failure.retryAfter) }),
  })

export const problemResponse = (errors: ErrorForms, status: number, message: string, context: ReplyContext): Response =>
  toResponse(errors.problem(status, message, context))

/** An answer to a request to a row, and whether it is a refusal, whatever its status; to ask for the second factor is none. */
export interface Handled {
  readonly response: Response
  readonly refused: boolean
}

/** What goes wrong before or outside an operation. */
export const refusedBy = (...problem: Parameters<typeof problemResponse>): Handled => ({
  response: problemResponse(...problem),
  refused: true,
})

/** The answer to a request for which there is no room just now. */
export const overloadedBy = (mount: Mount, row: Row, context: ReplyContext): Handled => {
  const { reply, failure } = fail(row, mount.errors, context, viewOf(new Failure('OVERLOADED', { retryAfter: RETRY_AFTER_S })))
  return { response: toResponse(reply, failure), refused: true }
}

/** Answers a request to a row. What is thrown is a fault of ours, for the guards outside to log and mask. */
export async function handle(mount: Mount, row: Row, request: LegacyRequest, backend: Backend): Promise<Handled> {
  try {
    const answer = await walk(mount, row, request, backend)
    return { response: answer instanceof Response ? answer : toResponse(answer), refused: false }
  } catch (error) {
    if (error instanceof BodyProblem) return refusedBy(mount.errors, error.status, error.message, request)
    const failure = error instanceof Answer ? undefined : backend.unavailable(error)
    const answer = failure === undefined ? error : fail(row, mount.errors, request, viewOf(failure))
    if (!(answer instanceof Answer)) throw error
    return { response: toResponse(answer.reply, answer.failure), refused: answer.failure?.code !== 'TWO_FACTOR_REQUIRED' }
  }
}
