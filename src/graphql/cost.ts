/**
 * A limit on how many fields one operation may ask for. A field inside a list counts once for each item that the list can have (for
 * a page: `first` or `last`), so that a small document cannot ask for millions of fields. It is checked before execution: a size in
 * a variable counts as the largest allowed. Time: linear in the document.
 */
import { type ASTVisitor, type FieldNode, GraphQLError, type SelectionSetNode, type ValidationContext } from 'graphql'
import { MAX_PAGE } from '../domain/base/pageWindow.ts'
import { DEFAULT_PAGE } from './connectionPages.ts'

const MAX_COST = 25_000

/** The maximum length of lists without pages: the default of MAX_SESSIONS, and the limit of personal access tokens. */
const LISTS: Readonly<Record<string, number>> = { sessions: 100, personalAccessTokens: 50 }
const PAGES = new Set(['users', 'auditEvents', 'dialectUses'])

/** How many items a field can have. */
const lengthOf = ({ name, arguments: given = [] }: FieldNode): number => {
  if (!PAGES.has(name.value)) return LISTS[name.value] ?? 1
  const sizes = given.filter((argument) => argument.name.value === 'first' || argument.name.value === 'last')
  if (sizes.length === 0) return DEFAULT_PAGE
  const [size] = sizes.map(({ value }) => (value.kind === 'IntValue' ? Number(value.value) : MAX_PAGE))
  return Math.min(Math.max(size ?? MAX_PAGE, 1), MAX_PAGE)
}

const costOf = (context: ValidationContext, { selections }: SelectionSetNode, fragments: Map<string, number>): number => {
  const ofFragment = (name: string): number => {
    const known = fragments.get(name)
    if (known !== undefined) return known
    fragments.set(name, 0)
    const fragment = context.getFragment(name)
    const cost = fragment == null ? 0 : costOf(context, fragment.selectionSet, fragments)
    fragments.set(name, cost)
    return cost
  }
  const spread = new Set<string>()
  return selections.reduce((sum, selection) => {
    if (selection.kind === 'FragmentSpread') {
      const { value: name } = selection.name
      if (spread.has(name)) return sum
      spread.add(name)
      return sum + ofFragment(name)
    }
    const below = selection.selectionSet === undefined ? 0 : costOf(context, selection.selectionSet, fragments)
    return sum + (selection.kind === 'Field' ? 1 + lengthOf(selection) * below : below)
  }, 0)
}

export const costRule = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition(node) {
    if (costOf(context, node.selectionSet, new Map()) <= MAX_COST) return
    context.reportError(
      new GraphQLError(`An operation can ask for at most ${MAX_COST} fields, lists counted by their length.`, { nodes: [node] }),
    )
  },
})
