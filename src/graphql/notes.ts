/**
 * What the way through GraphQL notes of a request for the access log and the metrics: which operations the document runs, and the first
 * failure. It is a slot, because a failure that is a value of the schema is seen only where it is thrown.
 */
import type { Plugin } from '@envelop/core'
import type { GraphQLError } from 'graphql'
import { type DocumentNode, getOperationAST, Kind, type SelectionSetNode } from 'graphql'

export interface Notes {
  /** The root fields, separated by commas. */
  operation: string | undefined
  /** The code of the first failure; that of an operation that checks a secret before all others, so that no other can hide it. */
  outcome: string | undefined
}

export const emptyNotes = (): Notes => ({ operation: undefined, outcome: undefined })

function* fieldsOf({ selections }: SelectionSetNode, document: DocumentNode): Generator<string> {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) yield selection.name.value
    else if (selection.kind === Kind.INLINE_FRAGMENT) yield* fieldsOf(selection.selectionSet, document)
    else {
      const named = document.definitions.find((one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value)
      if (named !== undefined && 'selectionSet' in named) yield* fieldsOf(named.selectionSet, document)
    }
  }
}

const operationIn = (document: DocumentNode, name: string | undefined): string | undefined => {
  const operation = getOperationAST(document, name)
  if (operation == null) return undefined
  const fields = new Set(fieldsOf(operation.selectionSet, document))
  return [...fields].sort().join(',')
}

/** Reads the operations of documents, each document once. */
const createReader = () => {
  const known = new WeakMap<DocumentNode, Map<string | undefined, string | undefined>>()
  return (document: DocumentNode, name: string | undefined): string | undefined => {
    const names = known.get(document) ?? new Map<string | undefined, string | undefined>()
    known.set(document, names)
    if (!names.has(name)) names.set(name, operationIn(document, name))
    return names.get(name)
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
