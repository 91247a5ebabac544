/**
 * The audit log: what happened to an account, for its owner, and what happened at all, for administrators.
 */
import { type AuditDetailKey, type AuditEventType, auditDetailKeys, auditEventTypes } from '../../domain/auditLog/events.ts'
import { type AuditEvent, type AuditFilter, type AuditPage, seesActor } from '../../domain/auditLog/findEvents.ts'
import type { Surface } from '../../domain/base/surfaces.ts'
import { builder } from '../builder.ts'
import { type PagedList, pageOf } from '../connectionPages.ts'
import type { Context } from '../context.ts'
import { guarded } from '../guardedField.ts'
import { SurfaceEnum } from './session.ts'
import { UserType } from './user.ts'

/** `two_factor.code_failed` is `TWO_FACTOR_CODE_FAILED`, and `sessionId` is `SESSION_ID`. */
const enumName = (name: string): string => name.replace(/[A-Z]/g, '_$&').replaceAll('.', '_').toUpperCase()

const valuesOf = <Value extends string>(descriptions: Readonly<Record<Value, string>>) =>
  Object.fromEntries(
    Object.entries<string>(descriptions).map(([value, description]) => [enumName(value), { value: value as Value, description }]),
  )

const typeDescriptions = Object.fromEntries(
  Object.entries(auditEventTypes).map(([type, { description }]) => [type, description]),
) as Record<AuditEventType, string>

export const AuditEventTypeEnum = builder.enumType('AuditEventType', {
  description: 'The type of an event: what happened.',
  values: valuesOf(typeDescriptions),
})

const OutcomeEnum = builder.enumType('AuditOutcome', {
  description: 'How it ended.',
  values: {
    SUCCESS: { value: 'success', description: 'The action succeeded.' },
    FAILURE: { value: 'failure', description: 'The attempt was refused, or it shows misuse.' },
  } as const,
})

const ActorKindEnum = builder.enumType('AuditActorKind', {
  description: 'Who acted, in relation to the account that the event is about.',
  values: {
    OWNER: { value: 'owner', description: 'The owner: a request with a session or token of that account.' },
    OTHER: { value: 'other', description: 'Another account, such as an administrator.' },
    OPERATOR: { value: 'operator', description: 'An operator of the server, at its command line.' },
    NOBODY: { value: 'nobody', description: 'A request without a session: it is not known who sent it.' },
  } as const,
})

const DetailKeyEnum = builder.enumType('AuditDetailKey', { description: 'The name of a detail.', values: valuesOf(auditDetailKeys) })

const Detail = builder.objectRef<{ key: AuditDetailKey; value: string }>('AuditDetail').implement({
  description: 'A detail that only events of some types have.',
  fields: (t) => ({
    key: t.expose('key', { type: DetailKeyEnum, description: 'The name of the detail.' }),
    value: t.exposeString('value', { description: 'The value as text; numbers and booleans as in JSON.' }),
  }),
})

const detailsOf = ({ details }: AuditEvent) =>
  Object.entries(details as object).flatMap(([key, value]) =>
    key in auditDetailKeys ? [{ key: key as AuditDetailKey, value: String(value) }] : [],
  )

const HIDDEN = 'Null if somebody other than the owner acted, unless you are an administrator.'
export const AuditEventRef = builder.objectRef<AuditEvent>('AuditEvent')

builder.node(AuditEventRef, {
  name: 'AuditEvent',
  description:
    'An entry of the audit log: something that happened to an account or to the server. It never changes, and is deleted only when it is very old.',
  id: { resolve: ({ seq }) => String(seq), description: 'Begins with `AuditEvent:`; the number after it grows with each event.' },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'requestId' in value,
  loadOne: async (id, { auditEvent }) => await auditEvent(id),
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    type: t.field({ type: AuditEventTypeEnum, description: 'What happened.', resolve: ({ type }) => type as AuditEventType }),
    outcome: t.field({ type: OutcomeEnum, description: 'How it ended.', resolve: ({ outcome }) => outcome as 'success' | 'failure' }),
    userId: t.exposeID('userId', {
      nullable: true,
      description:
        'The id of the account that the event is about, even if the account was deleted; null if there is no such account or it was not known.',
    }),
    user: t.field({
      type: UserType,
      nullable: true,
      description: 'The account that the event is about; null if it was deleted.',
      resolve: async ({ userId }, _args, { account }) => (userId === null ? null : await account(userId)),
    }),
    actorKind: t.field({
      type: ActorKindEnum,
      description: 'Who acted, in relation to the account.',
      resolve: ({ userId, actorId, surface }) => {
        if (actorId === null) return surface === 'cli' ? 'operator' : 'nobody'
        return actorId === userId ? 'owner' : 'other'
      },
    }),
    surface: t.field({
      type: SurfaceEnum,
      description: 'The surface that the request came through.',
      resolve: ({ surface }) => surface as Surface,
    }),
    details: t.field({ type: [Detail], description: 'The details that events of this type have.', resolve: detailsOf }),
  }),
})

/** A text that says who acted, or from where, for those who may see it. */
const hidden = (field: 'actorId' | 'clientAddress' | 'userAgent' | 'requestId', description: string) =>
  ({
    nullable: true,
    description: `${description} ${HIDDEN}`,
    resolve: (event: AuditEvent, _args: object, { caller }: Context) => (seesActor(caller.viewer, event) ? event[field] : null),
  }) as const

builder.objectFields(AuditEventRef, (t) => ({
  actorId: t.id(hidden('actorId', 'The id of the account that acted, even if the account was deleted.')),
  actor: t.field({
    type: UserType,
    nullable: true,
    description: `The account that acted; null if it was deleted. ${HIDDEN}`,
    resolve: async (event, _args, { caller, account }) =>
      event.actorId !== null && seesActor(caller.viewer, event) ? await account(event.actorId) : null,
  }),
  clientAddress: t.string(hidden('clientAddress', 'The IP address that the request came from.')),
  userAgent: t.string(hidden('userAgent', 'The User-Agent header of the request.')),
  requestId: t.string(hidden('requestId', 'The `x-request-id` header of the answer; lines of the log have it too.')),
}))

const Filter = builder.inputType('AuditEventFilter', {
  description: 'Which events to list. An event must match every field that is given.',
  fields: (t) => ({
    types: t.field({ type: [AuditEventTypeEnum], description: 'Events of one of these types.' }),
    outcome: t.field({ type: OutcomeEnum, description: 'Events with this outcome.' }),
    surface: t.field({ type: SurfaceEnum, description: 'Events through this surface.' }),
    since: t.field({ type: 'DateTime', description: 'Events at this time or later.' }),
    until: t.field({ type: 'DateTime', description: 'Events before this time.' }),
  }),
})

const Connection = builder.connectionObject(
  { type: AuditEventRef, name: 'AuditEventConnection', description: 'A page of events.' },
  { name: 'AuditEventEdge', description: 'An event in a page, with its cursor.' },
)

/** The log as a list, newest event first. */
const listedBy = (filter: AuditFilter, load: (page: AuditPage) => Promise<AuditEvent[]>): PagedList<AuditEvent> => ({
  order: 'audit',
  placeOf: ({ seq }) => ({ value: '', seq }),
  load: async (window) => await load({ filter, ...window }),
})

builder.objectField(UserType, 'auditEvents', (t) =>
  t.connection(
    {
      type: AuditEventRef,
      nullable: true,
      ...guarded('auditEvents', 'The audit log of this account, newest event first.'),
      args: { filter: t.arg({ type: Filter, description: 'Which events to list.' }) },
      resolve: async ({ id }, { filter, ...args }, { auditEventsOf, caller }) =>
        await pageOf(
          caller,
          args,
          listedBy({ ...filter }, async (page) => await auditEventsOf(id, page)),
        ),
    },
    Connection,
  ),
)

builder.queryField('auditEvents', (t) =>
  t.connection(
    {
      type: AuditEventRef,
      nullable: true,
      description: 'The audit log of all accounts and of the server, newest event first.',
      args: {
        userId: t.arg.id({ description: 'Events about this account, even if it was deleted.' }),
        actorId: t.arg.id({ description: 'Events in which this account acted, even if it was deleted.' }),
        filter: t.arg({ type: Filter, description: 'Which events to list.' }),
      },
      resolve: async (_root, { userId, actorId, filter, ...args }, { operations, caller }) =>
        await pageOf(caller, args, listedBy({ ...filter, userId, actorId }, operations.auditEvents)),
    },
    Connection,
  ),
)
