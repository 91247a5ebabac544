/**
 * A limit on how many fields one operation may ask for. A field inside a list counts once for each item that the list can have (for
 * a page: `first` or `last`), so that a small document cannot ask for millions of fields. It is checked before execution: a size in
 * a variable counts as the largest allowed. Time: linear in the document.
 */
import { type ASTVisitor, type FieldNode, GraphQLError, type SelectionSetNode, type ValidationContext, type ValidationRule } from 'graphql'
import { auditEventTypes } from '../domain/auditLog/events.ts'
import { MAX_PAGE } from '../domain/base/pageWindow.ts'
import { MAX_PERSONAL_TOKENS } from '../domain/personalTokens/createPersonalToken.ts'
import { MOST_LOGGED } from '../domain/webhooks/deliveries.ts'
import { DEFAULT_PAGE } from './connectionPages.ts'

const MAX_COST = 25_000

/** Details of an event. */
const MOST_DETAILS = Math.max(...Object.values(auditEventTypes).map(({ details }) => details.length))

/** The maximum length of each list without pages, by the name of its field. */
type ListLengths = Readonly<Record<string, number>>
const PAGES = new Set(['users', 'auditEvents', 'dialectUses', 'webhooks', 'webhookDeliveries'])

/** How many items a field can have. */
const lengthOf = ({ name, arguments: given = [] }: FieldNode, lists: ListLengths): number => {
  if (!PAGES.has(name.value)) return lists[name.value] ?? 1
  const sizes = given.filter((argument) => argument.name.value === 'first' || argument.name.value === 'last')
  if (sizes.length === 0) return DEFAULT_PAGE
  const [size] = sizes.map(({ value }) => (value.kind === 'IntValue' ? Number(value.value) : MAX_PAGE))
  return Math.min(Math.max(size ?? MAX_PAGE, 1), MAX_PAGE)
}

interface Counting {
  readonly context: ValidationContext
  readonly lists: ListLengths
  /** The costs of the fragments that were counted. */
  readonly fragments: Map<string, number>
}

const costOf = ({ selections }: SelectionSetNode, counting: Counting): number => {
  const { context, lists, fragments } = counting
  const ofFragment = (name: string): number => {
    const known = fragments.get(name)
    if (known !== undefined) return known
    fragments.set(name, 0)
    const fragment = context.getFragment(name)
    const cost = fragment == null ? 0 : costOf(fragment.selectionSet, counting)
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
    const below = selection.selectionSet === undefined ? 0 : costOf(selection.selectionSet, counting)
    return sum + (selection.kind === 'Field' ? 1 + lengthOf(selection, lists) * below : below)
  }, 0)
}

/** The rule for accounts with at most `maxSessions` live sessions (the setting MAX_SESSIONS). */
export const costRule =
  (maxSessions: number): ValidationRule =>
  (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(node) {
      const lists = { sessions: maxSessions, personalAccessTokens: MAX_PERSONAL_TOKENS, details: MOST_DETAILS, log: MOST_LOGGED }
      if (costOf(node.selectionSet, { context, lists, fragments: new Map() }) <= MAX_COST) return
      context.reportError(
        new GraphQLError(`An operation can ask for at most ${MAX_COST} fields, lists counted by their length.`, { nodes: [node] }),
      )
    },
  })
