/**
 * Limits on paged lists in one document: no page within a page, and at most MAX_PAGES in all. Nested pages would multiply, and could
 * be nested without end (an account has events, an event has an account). Time: linear in the document.
 */
import { type ASTVisitor, GraphQLError, type GraphQLSchema, isObjectType, type SelectionSetNode, type ValidationContext } from 'graphql'

const MAX_PAGES = 20

const namesBySchema = new WeakMap<GraphQLSchema, ReadonlySet<string>>()

/** The names of all paged fields: those with an argument `first`. */
const pagedNames = (schema: GraphQLSchema): ReadonlySet<string> => {
  const known = namesBySchema.get(schema)
  if (known !== undefined) return known
  const fields = Object.values(schema.getTypeMap()).flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()) : []))
  const names = new Set(fields.filter(({ args }) => args.some(({ name }) => name === 'first')).map(({ name }) => name))
  namesBySchema.set(schema, names)
  return names
}

interface Pages {
  readonly count: number
  /** How deeply pages are nested. */
  readonly depth: number
}

const NONE: Pages = { count: 0, depth: 0 }

const pagesOf = (context: ValidationContext, { selections }: SelectionSetNode, fragments: Map<string, Pages>): Pages => {
  const names = pagedNames(context.getSchema())
  const ofFragment = (name: string): Pages => {
    const known = fragments.get(name)
    if (known !== undefined) return known
    fragments.set(name, NONE)
    const fragment = context.getFragment(name)
    const pages = fragment == null ? NONE : pagesOf(context, fragment.selectionSet, fragments)
    fragments.set(name, pages)
    return pages
  }
  const parts = selections.map((selection): Pages => {
    if (selection.kind === 'FragmentSpread') return ofFragment(selection.name.value)
    const { count, depth } = selection.selectionSet === undefined ? NONE : pagesOf(context, selection.selectionSet, fragments)
    const own = selection.kind === 'Field' && names.has(selection.name.value) ? 1 : 0
    return { count: own + count, depth: own + depth }
  })
  return { count: parts.reduce((sum, { count }) => sum + count, 0), depth: Math.max(0, ...parts.map(({ depth }) => depth)) }
}

export const pagesRule = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition(node) {
    const { count, depth } = pagesOf(context, node.selectionSet, new Map())
    if (depth > 1) context.reportError(new GraphQLError('A page of a list cannot hold pages of lists.', { nodes: [node] }))
    if (count > MAX_PAGES) context.reportError(new GraphQLError(`An operation has at most ${MAX_PAGES} pages of lists.`, { nodes: [node] }))
  },
})
