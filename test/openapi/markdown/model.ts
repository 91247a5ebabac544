/**
 * What a Widdershins document says, as `parse.ts` reads it. `none` and `None` of the tables, which stand for nothing said, are
 * `undefined` here.
 */

export interface Property {
  /** Names from the top, joined by dots; `[]` for the elements of an array. */
  readonly path: string
  readonly type: string
  readonly required: boolean
  readonly restrictions: string | undefined
  readonly description: string | undefined
}

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly type: string
  readonly required: boolean
  readonly description: string | undefined
}

export interface Response {
  /** Three digits, or `default`. */
  readonly status: string
  readonly meaning: string
  readonly description: string | undefined
  /** The name of a schema, `Inline`, or a primitive type. */
  readonly schema: string | undefined
}

export interface Example {
  /** The status it stands under, or its description if it has one of its own. */
  readonly title: string
  readonly value: unknown
}

export interface SecurityRequirement {
  /** `undefined` where the scheme is named but not declared. */
  readonly scheme: string | undefined
  readonly scopes: readonly string[]
}

export interface ResponseHeader {
  readonly status: string
  readonly name: string
  readonly type: string
  readonly format: string
  readonly description: string | undefined
}

export interface EnumeratedValue {
  readonly property: string
  readonly value: string
}

export interface Operation {
  readonly heading: string
  /** From the anchor; only operations with an id have one. */
  readonly operationId: string | undefined
  readonly tag: string
  readonly method: string
  readonly path: string
  /** What the shell sample calls: server, path and required query. */
  readonly url: string
  readonly requestHeaders: readonly string[]
  readonly summary: string | undefined
  readonly description: string | undefined
  readonly bodyExample: Example | undefined
  readonly parameters: readonly Parameter[]
  readonly bodyProperties: readonly Property[]
  readonly responses: readonly Response[]
  readonly responseProperties: readonly { readonly status: string; readonly property: Property }[]
  readonly responseHeaders: readonly ResponseHeader[]
  readonly examples: readonly Example[]
  readonly enumeratedValues: readonly EnumeratedValue[]
  /** One of these is needed; none: open to everybody. */
  readonly security: readonly SecurityRequirement[]
}

export interface Schema {
  readonly name: string
  readonly description: string | undefined
  readonly example: unknown
  readonly properties: readonly Property[]
  readonly enumeratedValues: readonly EnumeratedValue[]
}

export interface Tag {
  readonly name: string
  readonly description: string | undefined
}

export interface Document {
  readonly title: string
  readonly description: string | undefined
  readonly servers: readonly string[]
  readonly securitySchemes: readonly string[]
  readonly tags: readonly Tag[]
  readonly operations: readonly Operation[]
  readonly schemas: readonly Schema[]
}
