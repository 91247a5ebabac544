/**
 * Checks a document that a route of a dialect runs: it must be valid against the schema, have one operation with one root field
 * named `result`, and select the fields of a failure that the route needs for its answer.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  validate,
} from 'graphql'
import { schema } from './schema.ts'

const definitionsOf = <K extends DocumentNode['definitions'][number]['kind']>({ definitions }: DocumentNode, kind: K) =>
  definitions.filter((definition) => definition.kind === kind) as Extract<DocumentNode['definitions'][number], { kind: K }>[]

/** @throws {Error} if a document is not one operation with one root field `result` */
const resultOf = (document: DocumentNode): FieldNode => {
  const operations = definitionsOf(document, Kind.OPERATION_DEFINITION)
  if (operations.length !== 1) throw new Error(`must have one operation, and has ${operations.length}`)
  const [field, ...others] = operations[0]?.selectionSet.selections ?? []
  if (field?.kind !== Kind.FIELD || others.length > 0) throw new Error('must ask for one root field')
  if (field.alias?.value !== 'result') throw new Error(`must ask for \`result: ${field.name.value}\``)
  return field
}

/** The name of the operation of the domain that a document runs. */
export const rootFieldOf = (document: DocumentNode): string => resultOf(document).name.value

/** The fields that a document selects from every failure. */
const ofFailures = (document: DocumentNode, root: SelectionSetNode | undefined): ReadonlySet<string> => {
  const fragments = new Map(definitionsOf(document, Kind.FRAGMENT_DEFINITION).map((fragment) => [fragment.name.value, fragment]))
  const names = new Set<string>()
  const walk = (selections: readonly SelectionNode[], isFailure: boolean): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        if (isFailure) names.add(selection.name.value)
        continue
      }
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? (fragments.get(selection.name.value) as FragmentDefinitionNode) : selection
      const type = inner.typeCondition?.name.value
      if (type === undefined || type === 'Error') walk(inner.selectionSet.selections, isFailure || type === 'Error')
    }
  }
  walk(root?.selections ?? [], false)
  return names
}

const canFail = ({ name }: FieldNode): boolean => {
  const field = schema.getQueryType()?.getFields()[name.value] ?? schema.getMutationType()?.getFields()[name.value]
  const type = field === undefined ? undefined : getNamedType(field.type)
  return (
    isAbstractType(type) && schema.getPossibleTypes(type).some((possible) => possible.getInterfaces().some(({ name }) => name === 'Error'))
  )
}

/** Documents that passed: several routes run the same document, which never changes. */
const sound = new WeakSet<DocumentNode>()

/** @throws {Error} that names what is wrong with the document */
export const checkDocument = (document: DocumentNode): void => {
  if (sound.has(document)) return
  check(document)
  sound.add(document)
}

const check = (document: DocumentNode): void => {
  const [error] = validate(schema, document)
  if (error !== undefined) throw new Error(`does not fit the schema: ${error.message}`)
  const result = resultOf(document)
  if (!canFail(result)) return
  const selected = ofFailures(document, result.selectionSet)
  const missing = ['code', 'message', 'fieldErrors'].filter((name) => !selected.has(name))
  if (missing.length > 0) throw new Error(`must select ${missing.join(', ')} of failures: spread \`...Failure\``)
}
