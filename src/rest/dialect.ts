/**
 * What a dialect is: a name, and mounts with rows and a form for each failure. A row is data: method, path, who may, what
 * comes in, which operation, what goes out; its OpenAPI document (`openapi/`) is printed from the same data. Nothing in a
 * dialect decides a rule.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type * as z from 'zod'
import type { Requirement } from '../domain/access/requirements.ts'
import type { ErrorCode, FieldError } from '../domain/base/errors.ts'
import type { Surface } from '../domain/base/surfaces.ts'
import type { HttpAnswer } from '../http/message.ts'
import type { FromOperation } from './fromOperation.ts'
import type { PageTurns } from './pageTurns.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** An answer before it becomes HTTP (`replies.ts`); the pipeline adds the headers that every answer has. */
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

/** How a mount reports errors. */
export interface ErrorForms {
  /** What every form looks like. */
  readonly body: z.ZodType
  /** What the forms look like that differ; a union for a form that has several shapes. */
  readonly bodies?: Readonly<Partial<Record<ErrorCode, z.ZodType>>>
  /** One form for each code of the domain; a new code does not compile until it has one. */
  readonly failures: Readonly<Record<ErrorCode, (failure: FailureView, context: ReplyContext) => Reply>>
  /** Input that breaks the row's schema. */
  invalid(fieldErrors: readonly FieldError[], context: ReplyContext): Reply
  /** What goes wrong before or outside an operation: 400 unparsable, 404, 405, 413, 415, 500, 503. */
  problem(status: number, message: string, context: ReplyContext): Reply
}

/** Schemas of what comes in, part by part. */
export interface Parts {
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodObject
}

/** A result of an operation is its success, or a failure with a `code`. */
export type Success<Result> = Exclude<NonNullable<Result>, { readonly code: ErrorCode }>

/** A document with one root field, called `result`. */
export type ResultDocument<Result, Variables> = TypedDocumentNode<{ readonly result: Result }, Variables>

/** Runs a document for the caller of a request. @throws what ends the request, where the operation fails */
export type Execute = <Result, Variables>(document: ResultDocument<Result, Variables>, variables: Variables) => Promise<Success<Result>>

/** What the OpenAPI document prints of a row. */
export interface Texts<Tag extends string = string> {
  /** As the document prints it, or in its spelling; unique in a dialect. */
  readonly operationId?: string
  /** One of the dialect's tags. */
  readonly tag?: Tag
  readonly summary: string
  readonly description?: string
  /** The description of the response where the operation succeeds. */
  readonly success: string
  /** Descriptions of the request body and of responses by status, where the legacy document has its own. */
  readonly descriptions?: Readonly<Record<string, string>>
  /** False for a route of ours that the legacy document does not print. */
  readonly documented?: boolean
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

/** What a row makes of the parts of a request: they are invalid, they ask for the row in `instead`, or this is how they are answered. */
export type Prepared =
  | { readonly kind: 'invalid'; readonly fieldErrors: readonly FieldError[] }
  | { readonly kind: 'instead' }
  | {
      readonly kind: 'ready'
      /** Whether the answer is a list that may have several pages. */
      readonly mayBeLong: boolean
      readonly answer: (execute: Execute, pageTurns: PageTurns) => Promise<Reply | HttpAnswer>
    }

/** A route, and what it runs. `rows.ts` makes it. */
export interface Row<Tag extends string = string> extends FromOperation {
  readonly method: Method
  /** With `:name` for a parameter, without the prefix of the settings. */
  readonly path: string
  readonly texts: Texts<Tag>
  /** Who may call it: the requirement of the operation, or a stricter one. */
  readonly who: Requirement
  readonly parts: Parts
  readonly document: ResultDocument<unknown, never>
  /** `body`: the schema of the answer, or of each item of a list. Names of components are the schema's `id`. */
  readonly success: { readonly status: 200 | 201; readonly body: z.ZodType; readonly isList: boolean }
  /** Forms that differ from the mount's on this route. */
  readonly failures?: Partial<ErrorForms['failures']>
  /** A row of the same route that runs in place of this one, where the input asks for another operation. */
  readonly instead?: Row
  readonly retirement?: Retirement
  /** @param parts of the request as they came, by the names of `Parts` */
  prepare(parts: unknown): Prepared
}

/** A row, and what may run in its place. */
export const withInstead = (row: Row): readonly Row[] => (row.instead === undefined ? [row] : [row, row.instead])

/** The routes below one path, and how they report errors. */
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
