/**
 * What a route takes from the operation that its document runs: what it changes, what it requires at least of its caller, and what it can
 * fail with.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { type Effect, failuresOf, type OperationName, operationOf, operations } from '../domain/access/operationTable.ts'
import type { Requirement } from '../domain/access/requirements.ts'
import type { ErrorCode } from '../domain/base/errors.ts'

export interface FromOperation {
  /** Its name; undefined of a document that runs none. */
  readonly operation: OperationName | undefined
  readonly who: Requirement
  /** A read-only dialect allows the route or not by this. */
  readonly changes: Effect
  /** What the operation can fail with on this route, beside what input that cannot be read brings. The OpenAPI document lists it. */
  readonly fails: readonly ErrorCode[]
}

/** Of a document that runs no operation, which the start refuses. */
const NONE: FromOperation = { operation: undefined, who: 'admin step-up', changes: 'accounts', fails: [] }

type Document = Pick<TypedDocumentNode, 'definitions'>

/** The name of the one root field. */
const rootFieldOf = ({ definitions }: Document): string | undefined => {
  const operation = definitions.find((definition) => definition.kind === 'OperationDefinition')
  const [field] = operation?.selectionSet.selections ?? []
  return field?.kind === 'Field' ? field.name.value : undefined
}

const isOperation = (name: string | undefined): name is OperationName => name !== undefined && Object.hasOwn(operations, name)

/**
 * `me` is open to everybody, but without a session there is no account to show. INVALID_INPUT depends on the input that the route takes.
 * @param never codes of the operation that the route cannot come to
 */
export const fromOperation = (document: Document, never: readonly ErrorCode[] = []): FromOperation => {
  const name = rootFieldOf(document)
  if (!isOperation(name)) return NONE
  const { asks, changes } = operationOf(name)
  const fails = failuresOf(name).filter((code) => code !== 'INVALID_INPUT' && !never.includes(code))
  return { operation: name, who: name === 'me' ? 'session' : asks, changes, fails }
}
