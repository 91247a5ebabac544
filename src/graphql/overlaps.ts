/**
 * Limits on fields that have to be merged (GraphQL, 5.3.2): validation compares all fields of one response name with each other, and all
 * fragments that are spread together, so that a document of 2,000 tokens could take a second. Checked before all other rules. Time: linear
 * in the document.
 */
import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql'

const MAX_FIELDS_OF_A_NAME = 20
const MAX_FRAGMENTS = 100

/** Counts the response names of a selection set, with those of its inline fragments. */
const countNames = ({ selections }: SelectionSetNode, counts: Map<string, number>): Map<string, number> => {
  for (const selection of selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) countNames(selection.selectionSet, counts)
    if (selection.kind !== Kind.FIELD) continue
    const { value: name } = selection.alias ?? selection.name
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

export const overlapsRule = (context: ValidationContext): ASTVisitor => {
  const checkNames = ({ selectionSet }: { readonly selectionSet?: SelectionSetNode | undefined }): void => {
    if (selectionSet === undefined) return
    const counts = [...countNames(selectionSet, new Map()).values()]
    if (counts.every((count) => count <= MAX_FIELDS_OF_A_NAME)) return
    const message = `A selection has at most ${MAX_FIELDS_OF_A_NAME} fields of one name.`
    context.reportError(new GraphQLError(message, { nodes: [selectionSet] }))
  }
  return {
    Document({ definitions }) {
      const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
      if (fragments.length <= MAX_FRAGMENTS) return
      context.reportError(new GraphQLError(`A document has at most ${MAX_FRAGMENTS} fragments.`, { nodes: fragments.slice(0, 1) }))
    },
    OperationDefinition: checkNames,
    FragmentDefinition: checkNames,
    Field: checkNames,
  }
}
