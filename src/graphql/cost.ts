/**
 * A limit on how many fields one operation may ask for. A field inside a list counts once for each item that the list can have (for
 * a page: `first` or `last`), so that a small document cannot ask for millions of fields. It is checked before execution: a size in
 * a variable counts as the largest allowed. Time: linear in the document.
 *
 * Introspection has a limit of its own, because the standard query of all tools asks for far more than any other.
 */
import {
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  getIntrospectionQuery,
  parse,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql'
import { auditEventTypes } from '../domain/auditLog/events.ts'
import { MAX_PAGE } from '../domain/base/pageWindow.ts'
import { MOST_USE_DAYS } from '../domain/dialectUses/dialectUseDays.ts'
import { MAX_PERSONAL_TOKENS } from '../domain/personalTokens/createPersonalToken.ts'
import { MOST_LISTED_KEYS } from '../domain/server/listedKeys.ts'
import { SETTINGS } from '../domain/server/settingStates.ts'
import { MOST_LOGGED } from '../domain/webhooks/deliveries.ts'
import { DEFAULT_PAGE } from './connectionPages.ts'

const MAX_COST = 25_000

/** Details of an event. */
const MOST_DETAILS = Math.max(...Object.values(auditEventTypes).map(({ details }) => details.length))

/** The maximum length of each list without pages, by the name of its field. */
type ListLengths = Readonly<Record<string, number>>
/** Of the introspection schema (GraphQL, 4.2), about as long as they are in ours. */
const INTROSPECTED: ListLengths = {
  ...{ types: 150, fields: 10, args: 3, inputFields: 5, enumValues: 10, interfaces: 2, possibleTypes: 5, directives: 6, locations: 5 },
}
/** Dialects and the routes of one, about as many as there are. */
const SERVED: ListLengths = { dialects: 8, routes: 20 }
const PAGES = new Set(['users', 'auditEvents', 'dialectUses', 'webhooks', 'webhookDeliveries', 'waitingMails'])

/** How many items a field can have. */
const lengthOf = ({ name, arguments: given = [] }: FieldNode, lists: ListLengths): number => {
  if (!PAGES.has(name.value)) return lists[name.value] ?? 1
  const sizes = given.filter((argument) => argument.name.value === 'first' || argument.name.value === 'last')
  if (sizes.length === 0) return DEFAULT_PAGE
  const [size] = sizes.map(({ value }) => (value.kind === 'IntValue' ? Number(value.value) : MAX_PAGE))
  return Math.min(Math.max(size ?? MAX_PAGE, 1), MAX_PAGE)
}

interface Counting {
  readonly fragmentOf: (name: string) => FragmentDefinitionNode | null | undefined
  readonly lists: ListLengths
  /** The costs of the fragments that were counted. */
  readonly fragments: Map<string, number>
  /** Is given the cost of what is asked of the schema. */
  readonly onIntrospection: (cost: number) => void
}

const INTROSPECTION = new Set(['__schema', '__type'])

const costOf = ({ selections }: SelectionSetNode, counting: Counting): number => {
  const { fragmentOf, lists, fragments, onIntrospection } = counting
  const ofFragment = (name: string): number => {
    const known = fragments.get(name)
    if (known !== undefined) return known
    fragments.set(name, 0)
    const fragment = fragmentOf(name)
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
    if (selection.kind === 'Field' && INTROSPECTION.has(selection.name.value)) {
      if (selection.selectionSet !== undefined) onIntrospection(costOf(selection.selectionSet, { ...counting, lists: INTROSPECTED }))
      return sum + 1
    }
    const below = selection.selectionSet === undefined ? 0 : costOf(selection.selectionSet, counting)
    return sum + (selection.kind === 'Field' ? 1 + lengthOf(selection, lists) * below : below)
  }, 0)
}

/** The cost of what an operation asks of the accounts, and of the schema. */
const costsOf = (selection: SelectionSetNode, lists: ListLengths, fragmentOf: Counting['fragmentOf']): readonly [number, number] => {
  let introspection = 0
  const onIntrospection = (cost: number): void => {
    introspection += cost
  }
  return [costOf(selection, { lists, fragmentOf, fragments: new Map(), onIntrospection }), introspection]
}

const WHOLE_SCHEMA = {
  ...{
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  },
}

/** What the standard introspection query asks of the schema, with all that it can ask for. */
const standardCost = (): number => {
  const { definitions }: DocumentNode = parse(getIntrospectionQuery(WHOLE_SCHEMA))
  const [operation] = definitions.filter((one) => one.kind === 'OperationDefinition')
  const fragments = definitions.filter((one) => one.kind === 'FragmentDefinition')
  if (operation === undefined) return 0
  return costsOf(operation.selectionSet, {}, (name) => fragments.find((one) => one.name.value === name))[1]
}

/** The rule for accounts with at most `maxSessions` live sessions (the setting MAX_SESSIONS). */
export const costRule = (maxSessions: number): ValidationRule => {
  const lists = {
    ...SERVED,
    sessions: maxSessions,
    personalAccessTokens: MAX_PERSONAL_TOKENS,
    details: MOST_DETAILS,
    log: MOST_LOGGED,
    dialectUseDays: MOST_USE_DAYS,
    signingKeys: MOST_LISTED_KEYS,
    settings: SETTINGS,
  }
  const mostOfSchema = 2 * standardCost()
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(node) {
      const [cost, introspection] = costsOf(node.selectionSet, lists, (name) => context.getFragment(name))
      const report = (message: string) => context.reportError(new GraphQLError(message, { nodes: [node] }))
      if (cost > MAX_COST) report(`An operation can ask for at most ${MAX_COST} fields, lists counted by their length.`)
      if (introspection > mostOfSchema) report('An operation can ask for the schema as often as two standard introspection queries do.')
    },
  })
}
