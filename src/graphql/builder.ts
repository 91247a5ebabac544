/**
 * The schema builder: plugins, scalars, and the form of ids and failures. A user's id has no prefix and is the one that the dialects
 * print; ids of other nodes begin with `Type:`. `node(id)` takes both.
 */
import SchemaBuilder from '@pothos/core'
import ErrorsPlugin from '@pothos/plugin-errors'
import RelayPlugin from '@pothos/plugin-relay'
import { DateTimeResolver, SafeIntResolver, URLResolver } from 'graphql-scalars'
import type { Context } from './context.ts'

export interface SchemaTypes {
  Context: Context
  DefaultFieldNullability: false
  Scalars: {
    DateTime: { Input: Date; Output: Date }
    /** For counts that an Int cannot hold. */
    SafeInt: { Input: number; Output: number }
    URL: { Input: URL; Output: URL | string }
    ID: { Input: string; Output: string }
  }
}

/** Node types other than User; their global ids are `Type:id`. */
const prefixed = ['Session', 'PersonalAccessToken', 'AuditEvent', 'DialectUse', 'Webhook', 'WebhookDelivery', 'WaitingMail'] as const

/** The id of a node of a known type, without its prefix; takes either form. */
export const rawId = (typename: (typeof prefixed)[number], id: string): string =>
  id.startsWith(`${typename}:`) ? id.slice(typename.length + 1) : id

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

export const builder = new SchemaBuilder<SchemaTypes>({
  defaultFieldNullability: false,
  plugins: [ErrorsPlugin, RelayPlugin],
  errors: {
    defaultTypes: [],
    directResult: true,
    defaultUnionOptions: {
      description: 'The result of an operation: its success, or an expected failure.',
      name: ({ fieldName }) => `${capitalised(fieldName)}Result`,
    },
  },
  relay: {
    cursorType: 'String',
    encodeGlobalID: (typename, id) => (typename === 'User' ? String(id) : `${typename}:${id}`),
    decodeGlobalID: (globalID) => {
      const typename = prefixed.find((name) => globalID.startsWith(`${name}:`))
      return typename === undefined ? { typename: 'User', id: globalID } : { typename, id: globalID.slice(typename.length + 1) }
    },
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'An object that `node` finds by its id.' },
    nodeQueryOptions: {
      description: 'Finds an object by its id; null if it does not exist or you may not see it.',
      nullable: true,
      resolve: async (_root, { id }, { refuseDeadToken }, _info, resolveNode) => {
        refuseDeadToken()
        return await resolveNode(id)
      },
      args: { id: { description: 'The plain id of a user, or the prefixed id of another object.' } },
    },
    idFieldOptions: { description: 'The id: without a prefix for a user, prefixed with its type for every other object.' },
    pageInfoTypeOptions: { description: 'The position of a page in its list (Relay).' },
    hasNextPageFieldOptions: { description: 'Whether there are items after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there are items before this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first item, for `before`; null on an empty page.' },
    endCursorFieldOptions: { description: 'The cursor of the last item, for `after`; null on an empty page.' },
    edgesFieldOptions: { description: 'The items of the page, each with its cursor.' },
    pageInfoFieldOptions: { description: 'The position of the page in the list.' },
    nodeFieldOptions: { description: 'The item.' },
    cursorFieldOptions: { description: 'The cursor of the item, for `after` and `before`.' },
    firstArgOptions: { description: 'How many items from the start, at most 500. Without `first` and `last`: 50.' },
    lastArgOptions: { description: 'How many items from the end, at most 500; not together with `first`.' },
    afterArgOptions: { description: 'Only items after this cursor.' },
    beforeArgOptions: { description: 'Only items before this cursor.' },
  },
})

builder.addScalarType('DateTime', DateTimeResolver)
builder.addScalarType('SafeInt', SafeIntResolver)
builder.addScalarType('URL', URLResolver)
builder.queryType({ description: 'Operations that read.' })
builder.mutationType({
  description: 'Operations that change something. Expected failures are part of the result type: select `... on Error { code message }`.',
})
