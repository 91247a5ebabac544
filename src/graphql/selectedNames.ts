/** The names of all fields that a field of a document selects, at any depth and in any fragment, whether or not they are skipped. */
import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql'

/** Each fragment is read once. */
const collect = (set: SelectionSetNode, fragments: GraphQLResolveInfo['fragments'], names: Set<string>, seen: Set<string>): void => {
  for (const selection of set.selections) {
    if (selection.kind === 'Field') names.add(selection.name.value)
    const name = selection.kind === 'FragmentSpread' ? selection.name.value : undefined
    const below = name === undefined ? (selection as { selectionSet?: SelectionSetNode }) : fragments[name]
    if (below?.selectionSet === undefined || (name !== undefined && seen.has(name))) continue
    if (name !== undefined) seen.add(name)
    collect(below.selectionSet, fragments, names, seen)
  }
}

/** Cost: linear in the document. */
export const selectedNames = ({ fieldNodes, fragments }: GraphQLResolveInfo): ReadonlySet<string> => {
  const [names, seen] = [new Set<string>(), new Set<string>()]
  for (const { selectionSet } of fieldNodes) if (selectionSet !== undefined) collect(selectionSet, fragments, names, seen)
  return names
}
