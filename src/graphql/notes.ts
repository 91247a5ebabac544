/**
 * What the way through GraphQL notes of a request for the access log and the metrics: which operations the document runs, and the first
 * failure. It is a slot, because a failure that is a value of the schema is seen only where it is thrown.
 */
import type { Plugin } from '@envelop/core'
import type { GraphQLError } from 'graphql'
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

export interface Notes {
  /** The root fields, separated by commas. */
  operation: string | undefined
  /** The code of the first failure; that of an operation that checks a secret before all others, so that no other can hide it. */
  outcome: string | undefined
}

export const emptyNotes = (): Notes => ({ operation: undefined, outcome: undefined })

const fragmentIn = ({ definitions }: DocumentNode, name: string): FragmentDefinitionNode | undefined =>
  definitions.find((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name)

/** Collects the names of fields. Each fragment is read once: where each spreads the next one twice, the ways to the last double with each. */
const collect = ({ selections }: SelectionSetNode, document: DocumentNode, names: Set<string>, read: Set<string>): void => {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) names.add(selection.name.value)
    else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, document, names, read)
    else if (!read.has(selection.name.value)) {
      read.add(selection.name.value)
      const fragment = fragmentIn(document, selection.name.value)
      if (fragment !== undefined) collect(fragment.selectionSet, document, names, read)
    }
  }
}

const rootFieldsOf = ({ selectionSet }: OperationDefinitionNode, document: DocumentNode): string => {
  const names = new Set<string>()
  collect(selectionSet, document, names, new Set())
  return [...names].sort().join(',')
}

/** Reads the root fields of operations, those of each once. A name of no operation of the document is a word of the client, and is not kept. */
const createReader = () => {
  const known = new WeakMap<OperationDefinitionNode, string>()
  return (document: DocumentNode, name: string | undefined): string | undefined => {
    const operation = getOperationAST(document, name)
    if (operation == null) return undefined
    const fields = known.get(operation) ?? rootFieldsOf(operation, document)
    known.set(operation, fields)
    return fields
  }
}

/** Notes the failure of an operation. */
export const noteFailure = (notes: Notes, code: string, checksSecret: boolean): void => {
  if (checksSecret) notes.outcome = code
  else notes.outcome ??= code
}

const CODE = /^[A-Z_]{2,40}$/

/** Notes the code of the first of these errors, unless there was a failure before. */
export const noteErrors = (notes: Notes, errors: readonly GraphQLError[]): void => {
  const code = errors[0]?.extensions.code
  if (typeof code === 'string' && CODE.test(code)) notes.outcome ??= code
}

/** Notes what a valid document runs. */
export const useNotes = (): Plugin<{ notes: Notes }> => {
  const read = createReader()
  return {
    onExecute({ args }) {
      args.contextValue.notes.operation = read(args.document, args.operationName ?? undefined)
    },
  }
}
