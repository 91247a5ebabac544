/**
 * What a dialect is: a name, and mounts with rows and a form for each failure. A row is data: method, path, who may, what
 * comes in, which operation, what goes out. Nothing in a dialect decides a rule.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { z } from 'zod'
import type { Requirement } from '../domain/access.ts'
import type { ErrorCode, FieldError } from '../domain/errors.ts'
import type { Surface } from '../domain/surfaces.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
export type DialectName = Exclude<Surface, 'graphql'>

/** An answer before it becomes HTTP; the handler adds what every answer has. */
export interface Reply {
  readonly status: number
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

interface RowBase<Params extends Shape, Query extends Shape, Body extends Shape> {
  readonly method: Method
  /** With `:name` for a parameter, without the prefix of the settings. */
  readonly path: string
  /** Printed in the dialect's document, or ours in its spelling. */
  readonly documented: boolean
  /** At least what the operation asks for; a dialect may ask for more. */
  readonly who: Requirement
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  /** Forms that differ from the mount's on this route. */
  readonly failures?: Partial<ErrorForms['failures']>
}

/** A row whose operation runs once. */
export interface SingleRow<Result, Variables, Params extends Shape, Query extends Shape, Body extends Shape>
  extends RowBase<Params, Query, Body> {
  readonly document: TypedDocumentNode<{ readonly result: Result }, Variables>
  readonly variables: (input: Input<Params, Query, Body>) => Variables
  readonly reply: (success: Success<Result>, input: Input<Params, Query, Body>) => Reply
}

/** A row that repeats its connection document by keyset and streams one bare array. */
export interface PagedRow<Result, Node, Params extends Shape, Query extends Shape, Body extends Shape>
  extends RowBase<Params, Query, Body> {
  readonly document: TypedDocumentNode<{ readonly result: Result }, { first: number; after?: string | null | undefined }>
  readonly window: (input: Input<Params, Query, Body>) => { readonly offset: number; readonly limit: number }
  readonly page: (success: Success<Result>) => Page<Node>
  readonly item: (node: Node) => unknown
}

/** A row with its types forgotten: what the handler walks. */
export interface Row extends RowBase<Shape, Shape, Shape> {
  readonly document: TypedDocumentNode<{ readonly result: unknown }, Record<string, unknown>>
  readonly run:
    | {
        readonly kind: 'single'
        readonly variables: (input: AnyInput) => Record<string, unknown>
        readonly reply: (success: unknown, input: AnyInput) => Reply
      }
    | {
        readonly kind: 'paged'
        readonly window: (input: AnyInput) => { offset: number; limit: number }
        readonly page: (success: unknown) => Page<unknown>
        readonly item: (node: unknown) => unknown
      }
}

export type AnyInput = Input<z.ZodObject, z.ZodObject, z.ZodObject>

/** Checks a row's types against its document, then forgets them. */
export const row = <Result, Variables, Params extends Shape = undefined, Query extends Shape = undefined, Body extends Shape = undefined>({
  variables,
  reply,
  ...base
}: SingleRow<Result, Variables, Params, Query, Body>): Row => ({ ...base, run: { kind: 'single', variables, reply } }) as unknown as Row

/** The same for a paged row. */
export const pagedRow = <Result, Node, Params extends Shape = undefined, Query extends Shape = undefined, Body extends Shape = undefined>({
  window,
  page,
  item,
  ...base
}: PagedRow<Result, Node, Params, Query, Body>): Row => ({ ...base, run: { kind: 'paged', window, page, item } }) as unknown as Row

/** The routes below one path, and how they say what went wrong. */
export interface Mount {
  readonly path: string
  readonly rows: readonly Row[]
  readonly errors: ErrorForms
  /** Form posts are read as well as JSON. */
  readonly acceptsForms: boolean
  /** Read the bearer token from this query parameter too. */
  readonly queryToken?: string
}

export interface Dialect {
  readonly name: DialectName
  readonly title: string
  readonly mounts: readonly Mount[]
}
