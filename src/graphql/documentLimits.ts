/**
 * Limits on documents, so that a small one cannot ask for endless work or make many guesses: a number of tokens, a number of root
 * fields, and at most one operation that checks or sets a secret. Depth needs no limit of its own: only pages can lead back to the
 * same type (`pagedFields.ts`). The limits are checked before execution, so directives and variables do not change the result.
 */
import {
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  type SelectionSetNode,
  type Source,
  specifiedRules,
  type ValidationContext,
  validate,
} from 'graphql'
import type { Config } from '../config.ts'
import { type OperationName, operationOf, operations } from '../domain/access/operationTable.ts'
import { costRule } from './cost.ts'
import { shortened } from './echo.ts'
import { overlapsRule } from './overlaps.ts'
import { pagesRule } from './pagedFields.ts'

const MAX_TOKENS = 2_000
const MAX_ROOT_FIELDS = 20

/** The root fields, with each fragment counted once, as execution does. Time: linear in the document. */
const rootFields = (context: ValidationContext, { selections }: SelectionSetNode, visited: Set<string>): FieldNode[] =>
  selections.flatMap((selection) => {
    if (selection.kind === 'Field') return [selection]
    if (selection.kind === 'InlineFragment') return rootFields(context, selection.selectionSet, visited)
    const { value: name } = selection.name
    const fragment = visited.has(name) ? undefined : context.getFragment(name)
    visited.add(name)
    return fragment == null ? [] : rootFields(context, fragment.selectionSet, visited)
  })

/** At most MAX_ROOT_FIELDS fields at the root of an operation, including aliases and fragments. */
const rootFieldsRule = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition(node) {
    if (rootFields(context, node.selectionSet, new Set()).length <= MAX_ROOT_FIELDS) return
    context.reportError(new GraphQLError(`An operation has at most ${MAX_ROOT_FIELDS} fields at its root.`, { nodes: [node] }))
  },
})

const isSensitive = ({ name: { value } }: FieldNode): boolean =>
  Object.hasOwn(operations, value) && operationOf(value as OperationName).once === true

/** At most one operation whose row has `once`. Fields with the same response name run once (GraphQL, 5.3.2), so they count once. */
const oneSecretRule = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition(node) {
    const fields = rootFields(context, node.selectionSet, new Set()).filter(isSensitive)
    if (new Set(fields.map(({ alias, name }) => (alias ?? name).value)).size <= 1) return
    const names = [...new Set(fields.map(({ name }) => name.value))].join(', ')
    context.reportError(new GraphQLError(`A request runs at most one of these, and once: ${names}.`, { nodes: fields }))
  },
})

/** The settings that the rules depend on. */
export type RuleSettings = Pick<Config, 'INTROSPECTION' | 'MAX_SESSIONS'>

/** The errors of a document; none if it can run. */
export type ValidateDocument = (schema: GraphQLSchema, document: DocumentNode) => readonly GraphQLError[]

/**
 * Validates by the rules for every document: those of the specification, our limits, and whether a document may ask for the schema. What
 * would take long to validate is refused first.
 */
export const createValidation = ({ INTROSPECTION, MAX_SESSIONS }: RuleSettings): ValidateDocument => {
  const rules = [
    ...specifiedRules,
    ...[rootFieldsRule, oneSecretRule, pagesRule, costRule(MAX_SESSIONS)],
    ...(INTROSPECTION ? [] : [NoSchemaIntrospectionCustomRule]),
  ]
  return (schema, document) => {
    const tooLong = validate(schema, document, [overlapsRule])
    return (tooLong.length > 0 ? tooLong : validate(schema, document, rules)).map(shortened)
  }
}

/** @throws {GraphQLError} if the document is too long or has a syntax error */
export const parseLimited = (text: string | Source): DocumentNode => parse(text, { maxTokens: MAX_TOKENS })
