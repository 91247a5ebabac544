/**
 * Limits on documents, so that a small one can not ask for endless work: so many tokens, and so many fields at the root.
 * The schema itself bounds the depth, since only pages lead back to where they came from (`pagedFields.ts`).
 */
import { type ASTVisitor, GraphQLError, type SelectionSetNode, type ValidationContext } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { pagesRule } from './pagedFields.ts'

const MAX_TOKENS = 2_000
const MAX_ROOT_FIELDS = 20

const rootFields = (context: ValidationContext, { selections }: SelectionSetNode, seen: ReadonlySet<string>): number =>
  selections.reduce((sum, selection) => {
    if (selection.kind === 'Field') return sum + 1
    if (selection.kind === 'InlineFragment') return sum + rootFields(context, selection.selectionSet, seen)
    const { value: name } = selection.name
    const fragment = seen.has(name) ? undefined : context.getFragment(name)
    return fragment == null ? sum : sum + rootFields(context, fragment.selectionSet, new Set([...seen, name]))
  }, 0)

/** At most MAX_ROOT_FIELDS fields at the root of an operation, aliases and fragments counted. */
const rootFieldsRule = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition(node) {
    if (rootFields(context, node.selectionSet, new Set()) <= MAX_ROOT_FIELDS) return
    context.reportError(new GraphQLError(`An operation has at most ${MAX_ROOT_FIELDS} fields at its root.`, { nodes: [node] }))
  },
})

export const documentLimits: Plugin = {
  onParse({ parseFn, setParseFn }) {
    setParseFn((source, options) => parseFn(source, { ...options, maxTokens: MAX_TOKENS }))
  },
  onValidate({ addValidationRule }) {
    addValidationRule(rootFieldsRule)
    addValidationRule(pagesRule)
  },
}
