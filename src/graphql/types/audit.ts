/**
 * The audit log: what happened to an account, for its owner, and what happened at all, for administrators.
 */
import { type AuditDetailKey, type AuditEventType, auditDetailKeys, auditEventTypes } from '../../domain/auditLog/events.ts'
import type { AuditEvent, AuditFilter, AuditPage } from '../../domain/auditLog/find.ts'
import type { Surface } from '../../domain/base/surfaces.ts'
import { builder } from '../builder.ts'
import { guarded } from '../guardedField.ts'
import { type PagedList, pageOf } from '../pages.ts'
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

const TypeEnum = builder.enumType('AuditEventType', { description: 'What happened.', values: valuesOf(typeDescriptions) })

const OutcomeEnum = builder.enumType('AuditOutcome', {
  description: 'How it ended.',
  values: {
    SUCCESS: { value: 'success', description: 'It was done.' },
    FAILURE: { value: 'failure', description: 'It was refused, or it should not have happened.' },
  } as const,
})

const ActorKindEnum = builder.enumType('AuditActorKind', {
  description: 'Who acted, seen from the account that an event is about.',
  values: {
    OWNER: { value: 'owner', description: 'Its owner, or somebody with a session of the owner.' },
    OTHER: { value: 'other', description: 'Another account, such as an administrator.' },
    NOBODY: { value: 'nobody', description: 'Somebody without a session: who is not known.' },
  } as const,
})

const DetailKeyEnum = builder.enumType('AuditDetailKey', { description: 'What a detail says.', values: valuesOf(auditDetailKeys) })

const Detail = builder.objectRef<{ key: AuditDetailKey; value: string }>('AuditDetail').implement({
  description: 'Something that the events of a type say beside what every event says.',
  fields: (t) => ({
    key: t.expose('key', { type: DetailKeyEnum, description: 'Which.' }),
    value: t.exposeString('value', { description: 'Its value; numbers and booleans as JSON writes them.' }),
  }),
})

const detailsOf = ({ details }: AuditEvent) =>
  Object.entries(details as object).flatMap(([key, value]) =>
    key in auditDetailKeys ? [{ key: key as AuditDetailKey, value: String(value) }] : [],
  )

const HIDDEN = 'Null where somebody else than the owner acted, unless you are an administrator.'
const AuditEventRef = builder.objectRef<AuditEvent>('AuditEvent')

builder.node(AuditEventRef, {
  name: 'AuditEvent',
  description: 'Something that happened to an account or to the server. Never changed; deleted only when it is very old.',
  id: { resolve: ({ seq }) => String(seq), description: 'Carries the prefix `AuditEvent:`; a later event has a greater number.' },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'requestId' in value,
  loadOne: async (id, { auditEvent }) => await auditEvent(id),
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    type: t.field({ type: TypeEnum, description: 'What.', resolve: ({ type }) => type as AuditEventType }),
    outcome: t.field({ type: OutcomeEnum, description: 'How it ended.', resolve: ({ outcome }) => outcome as 'success' | 'failure' }),
    userId: t.exposeID('userId', {
      nullable: true,
      description: 'The account that it is about, also if it is gone; null where it is about none, or none was known.',
    }),
    user: t.field({
      type: UserType,
      nullable: true,
      description: 'That account; null if it is gone.',
      resolve: async ({ userId }, _args, { account }) => (userId === null ? null : await account(userId)),
    }),
    actorKind: t.field({
      type: ActorKindEnum,
      description: 'Who acted, in a word.',
      resolve: ({ userId, actorId }) => (actorId === null ? 'nobody' : actorId === userId ? 'owner' : 'other'),
    }),
    surface: t.field({ type: SurfaceEnum, description: 'Through which surface.', resolve: ({ surface }) => surface as Surface }),
    details: t.field({ type: [Detail], description: 'What events of this type say beside that.', resolve: detailsOf }),
  }),
})

builder.objectFields(AuditEventRef, (t) => {
  const hidden = { nullable: true, authScopes: (event: AuditEvent) => ({ seesActor: event }), unauthorizedResolver: () => null } as const
  return {
    actorId: t.exposeID('actorId', { ...hidden, description: `The account that acted, also if it is gone. ${HIDDEN}` }),
    actor: t.field({
      ...hidden,
      type: UserType,
      description: `That account; null if it is gone. ${HIDDEN}`,
      resolve: async ({ actorId }, _args, { account }) => (actorId === null ? null : await account(actorId)),
    }),
    clientAddress: t.exposeString('clientAddress', { ...hidden, description: `The address that it came from. ${HIDDEN}` }),
    userAgent: t.exposeString('userAgent', { ...hidden, description: `The User-Agent that it came with. ${HIDDEN}` }),
    requestId: t.exposeString('requestId', {
      ...hidden,
      description: `The \`x-request-id\` of the answer, which the log names too. ${HIDDEN}`,
    }),
  }
})

const Filter = builder.inputType('AuditEventFilter', {
  description: 'Which events; all that is given has to fit.',
  fields: (t) => ({
    types: t.field({ type: [TypeEnum], description: 'One of these types.' }),
    outcome: t.field({ type: OutcomeEnum, description: 'How it ended.' }),
    surface: t.field({ type: SurfaceEnum, description: 'Through which surface.' }),
    since: t.field({ type: 'DateTime', description: 'From then on.' }),
    until: t.field({ type: 'DateTime', description: 'Before then.' }),
  }),
})

const Connection = builder.connectionObject(
  { type: AuditEventRef, name: 'AuditEventConnection', description: 'A page of events.' },
  { name: 'AuditEventEdge', description: 'An event in a page, and its place.' },
)

/** The log as a list: the newest first. */
const listedBy = (filter: AuditFilter, load: (page: AuditPage) => Promise<AuditEvent[]>): PagedList<AuditEvent> => ({
  order: 'audit',
  placeOf: ({ seq }) => ({ value: '', seq }),
  load: async (window) => await load({ filter, ...window }),
})

builder.objectField(UserType, 'auditEvents', (t) =>
  t.connection(
    {
      type: AuditEventRef,
      errors: { union: { name: 'UserAuditEventsResult', description: 'A page, or an expected failure.' } },
      ...guarded('auditEvents', 'What happened to this account, the newest first, page by page.'),
      args: { filter: t.arg({ type: Filter, description: 'Which events.' }) },
      resolve: async ({ id }, { filter, ...args }, { auditEventsOf }) =>
        await pageOf(
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
      errors: {},
      description: 'What happened to all accounts and to the server, the newest first, page by page. For administrators.',
      args: {
        userId: t.arg.id({ description: 'About this account, also if it is gone.' }),
        actorId: t.arg.id({ description: 'Done by this account, also if it is gone.' }),
        filter: t.arg({ type: Filter, description: 'Which events.' }),
      },
      resolve: async (_root, { userId, actorId, filter, ...args }, { operations }) =>
        await pageOf(args, listedBy({ ...filter, userId, actorId }, operations.auditEvents)),
    },
    Connection,
  ),
)
