/**
 * What a dialect is: a name, and mounts with rows and a form for each failure. A row is data: method, path, who may, what
 * comes in, which operation, what goes out; its OpenAPI document (`openapi/`) is printed from the same data. Nothing in a
 * dialect decides a rule.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { z } from 'zod'
import type { Requirement } from '../domain/access/requirements.ts'
import type { ErrorCode, FieldError } from '../domain/base/errors.ts'
import type { Surface } from '../domain/base/surfaces.ts'
import type { Exactly } from './exactTypes.ts'
import { type FromOperation, fromOperation } from './fromOperation.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** An answer before it becomes HTTP; the handler adds what every answer has. */
export interface Reply {
  readonly status: number
  /** Undefined: none at all. */
  readonly body: unknown
}

/** An expected failure, as the operation's document selects it. */
export interface FailureView {
  readonly code: ErrorCode
  readonly message: string
  readonly fieldErrors: readonly FieldError[]
  readonly retryAfter?: number
  readonly loginCode?: string
}

/** What a form may print beside the failure itself. */
export interface ReplyContext {
  readonly requestId: string
  /** The raw path parameters. */
  readonly params: Readonly<Record<string, string>>
  readonly method: string
}

/** How a mount says what went wrong. */
export interface ErrorForms {
  /** What every form looks like. */
  readonly body: z.ZodType
  /** What the forms look like that differ. */
  readonly bodies?: Readonly<Partial<Record<ErrorCode, z.ZodType>>>
  /** One form for each code of the domain; a new code does not compile until it has one. */
  readonly failures: Readonly<Record<ErrorCode, (failure: FailureView, context: ReplyContext) => Reply>>
  /** Input that breaks the row's schema. */
  invalid(fieldErrors: readonly FieldError[], context: ReplyContext): Reply
  /** What goes wrong before or outside an operation: 400 unparsable, 404, 405, 413, 415, 500, 503. */
  problem(status: number, message: string, context: ReplyContext): Reply
}

type Shape = z.ZodObject | undefined
type Output<S extends Shape> = S extends z.ZodObject ? z.output<S> : undefined

export interface Input<Params extends Shape, Query extends Shape, Body extends Shape> {
  readonly params: Output<Params>
  readonly query: Output<Query>
  readonly body: Output<Body>
}

/** A result of an operation is its success, or a failure with a `code`. */
export type Success<Result> = Exclude<NonNullable<Result>, { readonly code: ErrorCode }>

export interface Page<Node> {
  readonly edges: readonly { readonly node: Node }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** What an operation says when it succeeds. */
export interface SuccessForm<Body extends z.ZodType = z.ZodType> {
  readonly status: 200 | 201
  /** The description of the response. */
  readonly description: string
  /** What the body looks like; of a paged row, each item. Names of components are the schema's `id`. */
  readonly body: Body
  /** Failures that are sent with the same status and are part of this schema. */
  readonly holds?: readonly ErrorCode[]
}

interface RowBase<Tag extends string, Params extends Shape, Query extends Shape, Body extends Shape> {
  /** As the document prints it, or in its spelling; unique in a dialect. */
  readonly operationId?: string
  /** One of the dialect's tags. */
  readonly tag?: Tag
  readonly summary: string
  readonly description?: string
  /** Descriptions of the request body and of responses by status, where the document has its own. */
  readonly descriptions?: Readonly<Record<string, string>>
  readonly method: Method
  /** With `:name` for a parameter, without the prefix of the settings. */
  readonly path: string
  /** Printed in the dialect's document, or ours in its spelling. */
  readonly documented: boolean
  /** Who may, where the route asks for more than its operation. */
  readonly who?: Requirement
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  /** What the operation can fail with, beside what `who` and an unreadable request bring; it is what the document lists. */
  readonly fails: readonly ErrorCode[]
  /** Forms that differ from the mount's on this route. */
  readonly failures?: Partial<ErrorForms['failures']>
  /** A row of the same route that runs in place of this one, where the input asks for another operation. */
  readonly instead?: { readonly when: (input: Input<Params, Query, Body>) => boolean; readonly row: Row }
}

/** A row, and what may run in its place. */
export const withInstead = (row: Row): readonly Row[] => (row.instead === undefined ? [row] : [row, row.instead.row])

/** A row whose operation runs once. */
export interface SingleRow<
  Tag extends string,
  Result,
  Variables,
  Params extends Shape,
  Query extends Shape,
  Body extends Shape,
  Answer extends z.ZodType,
  Asked,
  Told,
> extends RowBase<Tag, Params, Query, Body> {
  readonly success: SuccessForm<Answer>
  readonly document: TypedDocumentNode<{ readonly result: Result }, Variables>
  readonly variables: (input: Input<Params, Query, Body>) => Asked & Exactly<Asked, Variables>
  readonly reply: (success: Success<Result>, input: Input<Params, Query, Body>) => Told & Exactly<Told, z.input<Answer>>
}

/** A row that repeats its connection document by keyset and streams one bare array. */
export interface PagedRow<
  Tag extends string,
  Result,
  Node,
  Params extends Shape,
  Query extends Shape,
  Body extends Shape,
  Item extends z.ZodType,
  Told,
> extends RowBase<Tag, Params, Query, Body> {
  readonly success: SuccessForm<Item>
  readonly document: TypedDocumentNode<{ readonly result: Result }, { first: number; after?: string | null | undefined }>
  readonly window: (input: Input<Params, Query, Body>) => { readonly offset: number; readonly limit: number }
  readonly page: (success: Success<Result>) => Page<Node>
  readonly item: (node: Node) => Told & Exactly<Told, z.input<Item>>
}

/** How a row is on its way out, by the settings. */
export interface Retirement {
  /** RFC 9745: since when, or from when on. */
  readonly deprecation: Date | undefined
  /** RFC 8594: when it is going to be switched off. */
  readonly sunset: Date | undefined
  /** A page for those who maintain clients. */
  readonly guide: string | undefined
  /** 403, and only where accounts would be changed. */
  readonly readOnly: boolean
  /** 410. */
  readonly off: boolean
  /** The settings ask for more, but another dialect shares the route and goes on. */
  readonly held: boolean
}

/** A row with its types forgotten, but for its tag: what the handler walks. */
export interface Row<Tag extends string = string> extends RowBase<Tag, Shape, Shape, Shape>, FromOperation {
  readonly who: Requirement
  readonly retirement?: Retirement
  readonly success: SuccessForm
  readonly document: TypedDocumentNode<{ readonly result: unknown }, Record<string, unknown>>
  readonly run:
    | {
        readonly kind: 'single'
        readonly variables: (input: AnyInput) => Record<string, unknown>
        readonly reply: (success: unknown, input: AnyInput) => unknown
      }
    | {
        readonly kind: 'paged'
        readonly window: (input: AnyInput) => { offset: number; limit: number }
        readonly page: (success: unknown) => Page<unknown>
        readonly item: (node: unknown) => unknown
      }
}

export type AnyInput = Input<z.ZodObject, z.ZodObject, z.ZodObject>

/** Checks a row's types against its document and the schemas of what comes in and goes out, then forgets them. */
export const row = <
  Result,
  Variables,
  Answer extends z.ZodType,
  const Asked extends Variables,
  const Told extends z.input<Answer>,
  const Tag extends string = never,
  Params extends Shape = undefined,
  Query extends Shape = undefined,
  Body extends Shape = undefined,
>({
  variables,
  reply,
  ...base
}: SingleRow<Tag, Result, Variables, Params, Query, Body, Answer, Asked, Told>): Row<Tag> =>
  ({ ...fromOperation(base.document), ...base, run: { kind: 'single', variables, reply } }) as unknown as Row<Tag>

/** The same for a paged row. */
export const pagedRow = <
  Result,
  Node,
  Item extends z.ZodType,
  const Told extends z.input<Item>,
  const Tag extends string = never,
  Params extends Shape = undefined,
  Query extends Shape = undefined,
  Body extends Shape = undefined,
>({
  window,
  page,
  item,
  ...base
}: PagedRow<Tag, Result, Node, Params, Query, Body, Item, Told>): Row<Tag> =>
  ({ ...fromOperation(base.document), ...base, run: { kind: 'paged', window, page, item } }) as unknown as Row<Tag>

/** The routes below one path, and how they say what went wrong. */
export interface Mount<Tag extends string = string> {
  readonly path: string
  readonly rows: readonly Row<Tag>[]
  readonly errors: ErrorForms
  /** Form posts are read as well as JSON. */
  readonly acceptsForms: boolean
  /** Read the bearer token from this query parameter too. */
  readonly queryToken?: string
}

export interface Dialect {
  /** In settings, paths and reports: lower-case letters, digits and hyphens. */
  readonly name: string
  /** The column of the domain's table of rules. */
  readonly surface: Exclude<Surface, 'graphql'>
  readonly title: string
  readonly version: string
  readonly description?: string
  /** The paths of its document are relative to this one. */
  readonly basePath?: string
  /** Names and descriptions, in the order of the document. */
  readonly tags?: Readonly<Record<string, string>>
  /** The description of a `default` response, where the document prints one beside those by status. */
  readonly defaultResponse?: string
  readonly mounts: readonly Mount[]
}
