/**
 * The schema builder: plugins, scalars, and how ids and failures look. A user's id is raw, the very one that the dialects
 * print; ids of other nodes carry `Type:`, and `node(id)` takes both.
 */
import SchemaBuilder from '@pothos/core'
import ErrorsPlugin from '@pothos/plugin-errors'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import { DateTimeResolver, SafeIntResolver, URLResolver } from 'graphql-scalars'
import { belongsTo } from '../domain/access/fields.ts'
import { type AuditEvent, seesActor } from '../domain/auditLog/find.ts'
import type { Context } from './context.ts'
import { errorTypes } from './errors.ts'

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
  AuthScopes: {
    /** The caller belongs to this audience of the account with that id. */
    reader: string
    owner: string
    /** The caller may see who acted in this event, and from where. */
    seesActor: AuditEvent
  }
}

/** Node types other than User; their global ids are `Type:id`. */
const prefixed = ['Session', 'PersonalAccessToken', 'AuditEvent'] as const

/** The raw id of a node of a type that is known; takes either form. */
export const rawId = (typename: (typeof prefixed)[number], id: string): string =>
  id.startsWith(`${typename}:`) ? id.slice(typename.length + 1) : id

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

export const builder = new SchemaBuilder<SchemaTypes>({
  defaultFieldNullability: false,
  plugins: [ErrorsPlugin, ScopeAuthPlugin, RelayPlugin],
  errors: {
    defaultTypes: Object.values(errorTypes),
    directResult: true,
    defaultUnionOptions: {
      description: 'What an operation came to: its success, or an expected failure.',
      name: ({ fieldName }) => `${capitalised(fieldName)}Result`,
    },
  },
  scopeAuth: {
    authScopes: ({ caller: { viewer }, proven }) => ({
      reader: (id) => proven.has(id) || belongsTo(viewer, 'reader', id),
      owner: (id) => proven.has(id) || belongsTo(viewer, 'owner', id),
      seesActor: (event) => seesActor(viewer, event),
    }),
  },
  relay: {
    cursorType: 'String',
    encodeGlobalID: (typename, id) => (typename === 'User' ? String(id) : `${typename}:${id}`),
    decodeGlobalID: (globalID) => {
      const typename = prefixed.find((name) => globalID.startsWith(`${name}:`))
      return typename === undefined ? { typename: 'User', id: globalID } : { typename, id: globalID.slice(typename.length + 1) }
    },
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'Anything that has an id of its own.' },
    nodeQueryOptions: {
      description: 'A node by its id; null if there is none, or none that you may see.',
      nullable: true,
      args: { id: { description: 'A raw id of a user, or the prefixed id of another node.' } },
    },
    idFieldOptions: { description: 'The id: raw for a user, prefixed with its type for every other node.' },
    pageInfoTypeOptions: { description: 'Where a page stands in its list (Relay).' },
    hasNextPageFieldOptions: { description: 'Whether something follows this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether something stands before this page.' },
    startCursorFieldOptions: { description: 'The place of the first item; null on an empty page.' },
    endCursorFieldOptions: { description: 'The place of the last item, for `after`; null on an empty page.' },
    edgesFieldOptions: { description: 'The items of the page, with their places.' },
    pageInfoFieldOptions: { description: 'Where the page stands.' },
    nodeFieldOptions: { description: 'The item.' },
    cursorFieldOptions: { description: 'Its place, for `after` and `before`.' },
    firstArgOptions: { description: 'How many from the start, at most 500; 50 when neither is given.' },
    lastArgOptions: { description: 'How many from the end, at most 500; not together with `first`.' },
    afterArgOptions: { description: 'Only what follows this place.' },
    beforeArgOptions: { description: 'Only what stands before this place.' },
  },
})

builder.addScalarType('DateTime', DateTimeResolver)
builder.addScalarType('SafeInt', SafeIntResolver)
builder.addScalarType('URL', URLResolver)
builder.queryType({ description: 'What can be read.' })
builder.mutationType({ description: 'What can be done. Every expected failure is a value: ask for `... on Error { code message }`.' })
