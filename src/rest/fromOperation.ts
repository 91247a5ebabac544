/**
 * What a route takes from the operation that its document runs: what it changes, and what it requires at least of its caller.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { type Effect, type OperationName, operations } from '../domain/access/operationTable.ts'
import type { Requirement } from '../domain/access/requirements.ts'

export interface FromOperation {
  readonly who: Requirement
  /** A read-only dialect allows the route or not by this. */
  readonly changes: Effect
}

/** Of a document that runs no operation, which the start refuses. */
const NONE: FromOperation = { who: 'admin step-up', changes: 'accounts' }

type Document = Pick<TypedDocumentNode, 'definitions'>

/** The name of the one root field. */
const rootFieldOf = ({ definitions }: Document): string | undefined => {
  const operation = definitions.find((definition) => definition.kind === 'OperationDefinition')
  const [field] = operation?.selectionSet.selections ?? []
  return field?.kind === 'Field' ? field.name.value : undefined
}

/** `me` is open to everybody, but without a session there is no account to show. */
export const fromOperation = (document: Document): FromOperation => {
  const name = rootFieldOf(document)
  if (name === undefined || !Object.hasOwn(operations, name)) return NONE
  const { asks, changes } = operations[name as OperationName]
  return { who: name === 'me' ? 'session' : asks, changes }
}
