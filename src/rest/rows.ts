/**
 * Makes the rows of a table: `post(path, texts, document, takes, replies, never)`. The compiler checks what a row takes against the
 * variables of its document, and what it replies against the schema of the answer: nothing may be missing, and nothing extra. After that
 * the types are dropped: every `Row` checks the parts of a request and answers it.
 */
import * as z from 'zod'
import type { Requirement } from '../domain/access/requirements.ts'
import type { ErrorCode, FieldError } from '../domain/base/errors.ts'
import { fieldErrorsOf } from '../domain/base/input.ts'
import type { HttpAnswer } from '../http/message.ts'
import type { ErrorForms, Execute, Method, Parts, Prepared, Reply, ResultDocument, Row, Success, Texts } from './dialect.ts'
import type { Exactly } from './exactTypes.ts'
import { fromOperation } from './fromOperation.ts'
import { type Connection, mayBeLong, type PageVariables, type Window, writeList } from './lists.ts'
import type { PageTurns } from './pageTurns.ts'

type Schemas = Readonly<Record<string, z.ZodObject>>
type Given<P extends Schemas> = z.output<z.ZodObject<z.core.util.Writeable<P>, z.core.$strip>>

/** The schemas of the input, and how the variables are made from it. */
export interface Takes<Made> {
  readonly parts: Parts
  readonly instead?: Row
  read(parts: unknown): { readonly made: Made } | { readonly fieldErrors: readonly FieldError[] } | { readonly instead: true }
}

/** Checks all parts, so that the answer names every wrong field; a field is named without its part. */
export const takes = <const P extends Schemas, const Made>(
  parts: P & Readonly<Record<Exclude<keyof P, keyof Parts>, never>>,
  make: (input: Given<P>) => Made,
  instead?: { readonly when: (input: Given<P>) => boolean; readonly row: Row },
): Takes<Made> => {
  const schema = z.object<P>(parts)
  return {
    parts,
    ...(instead === undefined ? {} : { instead: instead.row }),
    read: (sent) => {
      const { success, data, error } = schema.safeParse(sent)
      if (!success)
        return { fieldErrors: fieldErrorsOf({ issues: error.issues.map((issue) => ({ ...issue, path: issue.path.slice(1) })) }) }
      return instead?.when(data) === true ? { instead: true } : { made: make(data) }
    },
  }
}

/** For a route without input. */
export const nothing = takes({}, () => ({}))

/** Passes a whole part on as the `input` of the operation. */
export const bodyAsInput = <Body>({ body }: { readonly body: Body }) => ({ input: body })
export const paramsAsInput = <Params>({ params }: { readonly params: Params }) => ({ input: params })

/** The schema of the answer, and how it is made from the result of the operation. */
export interface Replies<Result> {
  readonly body: z.ZodType
  readonly make: (result: Result) => unknown
}

export const replies = <Body extends z.ZodType, Result, const Made extends z.input<Body>>(
  body: Body,
  make: (result: Result) => Made & Exactly<Made, z.input<Body>>,
): Replies<Result> => ({ body, make })

/** What only a few rows have. */
export interface RowOptions {
  /** Who may call it, where the route requires more than its operation. */
  readonly who?: Requirement
  /** The status of success, if not 200. */
  readonly status?: 201
  /** Forms of failures that differ from the mount's on this route. */
  readonly failures?: Partial<ErrorForms['failures']>
}

/** `never`: codes of the operation that the route cannot come to, for example because its document does not have that input. */
const base = (
  document: ResultDocument<unknown, never>,
  { parts, instead }: Takes<unknown>,
  never: readonly ErrorCode[],
  { who, failures }: RowOptions,
) => ({
  ...fromOperation(document, never),
  ...(who === undefined ? {} : { who }),
  ...(failures === undefined ? {} : { failures }),
  ...(instead === undefined ? {} : { instead }),
  document,
  parts,
})

/** How a row answers what it takes. */
const preparedBy =
  <Made>(
    taken: Takes<Made>,
    answer: (execute: Execute, made: Made, pageTurns: PageTurns) => Promise<Reply | HttpAnswer>,
    mayBeLong: (made: Made) => boolean = () => false,
  ) =>
  (parts: unknown): Prepared => {
    const read = taken.read(parts)
    if ('fieldErrors' in read) return { kind: 'invalid', ...read }
    if ('instead' in read) return { kind: 'instead' }
    return { kind: 'ready', mayBeLong: mayBeLong(read.made), answer: (execute, pageTurns) => answer(execute, read.made, pageTurns) }
  }

const route =
  (method: Method) =>
  <Result, Variables, const Made extends Variables, const Tag extends string = never>(
    path: string,
    texts: Texts<Tag>,
    document: ResultDocument<Result, Variables>,
    taken: Takes<Made & Exactly<Made, Variables>>,
    { body, make }: Replies<Success<Result>>,
    never: readonly ErrorCode[] = [],
    options: RowOptions = {},
  ): Row<Tag> => ({
    ...base(document, taken, never, options),
    method,
    path,
    texts,
    success: { status: options.status ?? 200, body, isList: false },
    prepare: preparedBy(taken, async (execute, made) => ({ status: options.status ?? 200, body: make(await execute(document, made)) })),
  })

export const get = route('GET')
export const post = route('POST')
export const put = route('PUT')
export const del = route('DELETE')

/** GET of a plain array: the document selects a connection, of which one page after another is read; `replies` is for one node. */
export const list = <Node, const Tag extends string = never>(
  path: string,
  texts: Texts<Tag>,
  document: ResultDocument<Connection<Node> | null, PageVariables>,
  taken: Takes<Window>,
  { body, make }: Replies<Node>,
  never: readonly ErrorCode[] = [],
  options: RowOptions = {},
): Row<Tag> => ({
  ...base(document, taken, never, options),
  method: 'GET',
  path,
  texts,
  success: { status: 200, body, isList: true },
  prepare: preparedBy(
    taken,
    async (execute, window, pageTurns) => await writeList({ fetchNodes: (page) => execute(document, page), pageTurns }, window, make),
    mayBeLong,
  ),
})

/**
 * The value of a field that is nullable in the schema but always present for this caller.
 * @throws if it is missing, which is a bug
 */
export const given = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('An operation left out what a dialect prints')
  return value
}
