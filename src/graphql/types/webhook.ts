/** Webhooks, and what was delivered to them. Changes are in `webhookChanges.ts`. */
import type { AuditEventType } from '../../domain/auditLog/events.ts'
import {
  type Attempt,
  type Delivery,
  type DeliveryFilter,
  type DeliveryState,
  type DisabledReason,
  deliveryPlace,
  type Webhook,
  webhookPlace,
} from '../../domain/webhooks/findWebhooks.ts'
import { builder, rawId } from '../builder.ts'
import { pageOf } from '../connectionPages.ts'
import { AuditEventRef, AuditEventTypeEnum } from './audit.ts'

const DisabledReasonEnum = builder.enumType('WebhookDisabledReason', {
  description: 'Why a webhook is disabled.',
  values: {
    ADMIN: { value: 'admin', description: 'An administrator disabled it.' },
    GONE: { value: 'gone', description: 'The receiver answered 410.' },
    FAILING: { value: 'failing', description: 'The receiver accepted nothing for WEBHOOK_DISABLE_AFTER.' },
  } as const satisfies Record<string, { value: DisabledReason; description: string }>,
})

const StateEnum = builder.enumType('WebhookDeliveryState', {
  description: 'What has become of a delivery.',
  values: {
    PENDING: { value: 'pending', description: 'It waits for its next attempt, or for the webhook to be enabled.' },
    DELIVERED: { value: 'delivered', description: 'The receiver accepted it.' },
    DEAD: { value: 'dead', description: 'It was given up: `redeliverWebhook` queues it again.' },
  } as const satisfies Record<string, { value: DeliveryState; description: string }>,
})

export const WebhookType = builder.objectRef<Webhook>('Webhook')

builder.node(WebhookType, {
  name: 'Webhook',
  description:
    'Where events of the audit log are sent as they happen, in the form of Standard Webhooks. Its secret is shown only when it is created or rotated.',
  id: { resolve: ({ id }) => id, description: 'Begins with `Webhook:`.' },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'failingSince' in value,
  loadOne: async (id, { webhook }) => await webhook(id),
  fields: (t) => ({
    url: t.exposeString('url', { description: 'Where events are sent.' }),
    description: t.exposeString('description', { description: 'A remark for administrators.' }),
    types: t.field({
      type: [AuditEventTypeEnum],
      description: 'The types of events that are sent; all of them if it is empty.',
      resolve: ({ types }) => types as AuditEventType[],
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    isEnabled: t.boolean({ description: 'Whether events are sent.', resolve: ({ disabledAt }) => disabledAt === null }),
    disabledAt: t.expose('disabledAt', { type: 'DateTime', nullable: true, description: 'When it was disabled; null if it is enabled.' }),
    disabledReason: t.field({
      type: DisabledReasonEnum,
      nullable: true,
      description: 'Why it is disabled; null if it is enabled.',
      resolve: ({ disabledReason }) => disabledReason as DisabledReason | null,
    }),
    failingSince: t.expose('failingSince', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when the receiver has accepted nothing; null if it accepted the last delivery.',
    }),
    previousSecretUntil: t.expose('previousUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when the secret before the newest one signs too; null if there is none.',
    }),
  }),
})

/** The id of the webhook, and the number of the event. */
const DELIVERY_ID = /^([\w-]+)\.([1-9]\d{0,17})$/

const AttemptType = builder.objectRef<Attempt>('WebhookAttempt').implement({
  description: 'One attempt at a delivery.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When it began.', resolve: ({ at }) => new Date(at) }),
    status: t.exposeInt('status', { nullable: true, description: 'The HTTP status of the answer; null without one.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why there was no answer; null if there was one.' }),
    milliseconds: t.exposeInt('ms', { description: 'How long it took.' }),
  }),
})

const DeliveryType = builder.objectRef<Delivery>('WebhookDelivery')

builder.node(DeliveryType, {
  name: 'WebhookDelivery',
  description: 'An event that goes, or went, to a webhook.',
  id: {
    resolve: ({ webhookId, eventSeq }) => `${webhookId}.${eventSeq}`,
    description: 'Begins with `WebhookDelivery:`. It has the ids of the webhook and of the event.',
  },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'nextAttemptAt' in value,
  loadOne: async (id, { webhookDelivery }) => {
    const [, webhookId, eventSeq] = DELIVERY_ID.exec(id) ?? []
    return webhookId === undefined || eventSeq === undefined ? null : await webhookDelivery({ webhookId, eventSeq: BigInt(eventSeq) })
  },
  fields: (t) => ({
    eventId: t.id({
      description: 'The id of the event, which may no longer be kept.',
      resolve: ({ eventSeq }) => `AuditEvent:${eventSeq}`,
    }),
    event: t.field({
      type: AuditEventRef,
      nullable: true,
      description: 'The event; null if it is no longer kept.',
      resolve: async ({ eventSeq }, _args, { auditEvent }) => await auditEvent(String(eventSeq)),
    }),
    state: t.field({ type: StateEnum, description: 'What has become of it.', resolve: ({ state }) => state as DeliveryState }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was queued.' }),
    nextAttemptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the next attempt is due; null if it has ended.',
      resolve: ({ state, nextAttemptAt }) => (state === 'pending' ? nextAttemptAt : null),
    }),
    attempts: t.exposeInt('attempts', { description: 'How many attempts were made since it was queued, or queued again by hand.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it was accepted or given up; null before.' }),
    log: t.field({
      type: [AttemptType],
      description: 'The last ten attempts, the newest first.',
      resolve: ({ log }) => log as unknown as Attempt[],
    }),
  }),
})

const WebhookConnection = builder.connectionObject(
  { type: WebhookType, name: 'WebhookConnection', description: 'A page of webhooks.' },
  { name: 'WebhookEdge', description: 'A webhook in a page, with its cursor.' },
)

const DeliveryConnection = builder.connectionObject(
  { type: DeliveryType, name: 'WebhookDeliveryConnection', description: 'A page of deliveries.' },
  { name: 'WebhookDeliveryEdge', description: 'A delivery in a page, with its cursor.' },
)

builder.queryFields((t) => ({
  webhooks: t.connection(
    {
      type: WebhookType,
      nullable: true,
      description: 'All webhooks, the oldest first.',
      resolve: async (_root, args, { operations, caller }) =>
        await pageOf(caller, args, { order: 'webhooks', placeOf: webhookPlace, load: operations.webhooks }),
    },
    WebhookConnection,
  ),
  webhookDeliveries: t.connection(
    {
      type: DeliveryType,
      nullable: true,
      description: 'The deliveries of a webhook, those of the newest events first.',
      args: {
        webhookId: t.arg.id({ required: true, description: 'The id of the webhook.' }),
        state: t.arg({ type: StateEnum, description: 'Only deliveries in this state.' }),
      },
      resolve: async (_root, { webhookId, state, ...args }, { operations, caller }) => {
        const filter: DeliveryFilter = { webhookId: rawId('Webhook', webhookId), state }
        const load = async (window: Parameters<typeof operations.webhooks>[0]) => await operations.webhookDeliveries({ filter, ...window })
        return await pageOf(caller, args, { order: 'deliveries', placeOf: deliveryPlace, load })
      },
    },
    DeliveryConnection,
  ),
}))
