/** Creates, changes and deletes webhooks, gives them new secrets, and queues deliveries again. */
import type { WithSecret } from '../../domain/webhooks/changeWebhooks.ts'
import type { Webhook } from '../../domain/webhooks/findWebhooks.ts'
import { builder, rawId } from '../builder.ts'
import { failsAs } from '../errorTypes.ts'
import { AuditEventTypeEnum } from './audit.ts'
import { WebhookType } from './webhook.ts'

const withSecret = (name: string, description: string) =>
  builder.objectRef<WithSecret>(name).implement({
    description,
    fields: (t) => ({
      webhook: t.expose('webhook', { type: WebhookType, description: 'The webhook.' }),
      secret: t.exposeString('secret', {
        description: 'The secret with which the receiver verifies signatures; begins with `whsec_`. It is shown only once.',
      }),
    }),
  })

const withWebhook = (name: string, description: string, which: string) =>
  builder.objectRef<{ webhook: Webhook }>(name).implement({
    description,
    fields: (t) => ({ webhook: t.expose('webhook', { type: WebhookType, description: which }) }),
  })

const CreateSuccess = withSecret(
  'CreateWebhookSuccess',
  'The webhook was created. The first event that it gets is that of its creation, if it wants that type.',
)
const UpdateSuccess = withWebhook('UpdateWebhookSuccess', 'The webhook has the given values.', 'The webhook after the change.')
const DeleteSuccess = withWebhook('DeleteWebhookSuccess', 'The webhook and its deliveries were deleted.', 'The webhook as it was.')
const RotateSuccess = withSecret('RotateWebhookSecretSuccess', 'The webhook has a new secret.')
const RedeliverSuccess = builder.objectRef<{ queued: number }>('RedeliverWebhookSuccess').implement({
  description: 'The deliveries were queued again, with the ids that they had.',
  fields: (t) => ({ queued: t.exposeInt('queued', { description: 'How many there were.' }) }),
})

const ID = 'The id of the webhook, with or without the prefix `Webhook:`.'
const URL_RULE = 'An https URL whose host has public addresses only. Addresses in WEBHOOK_ALLOWED_NETWORKS are allowed too, also with http.'
const TYPES = 'The types of events to send; all of them, also future ones, if it is empty.'

const CreateInput = builder.inputType('CreateWebhookInput', {
  description: 'The webhook to create.',
  fields: (t) => ({
    url: t.string({ required: true, description: URL_RULE }),
    description: t.string({ description: 'A remark for administrators, at most 200 characters.' }),
    types: t.field({ type: [AuditEventTypeEnum], description: `${TYPES} If left out: all.` }),
  }),
})

const UpdateInput = builder.inputType('UpdateWebhookInput', {
  description: 'A webhook, and what to change of it. What is left out stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    url: t.string({ description: URL_RULE }),
    description: t.string({ description: 'A remark for administrators, at most 200 characters.' }),
    types: t.field({ type: [AuditEventTypeEnum], description: TYPES }),
    enabled: t.boolean({ description: 'Whether events are sent. A webhook that is enabled again gets the events of the meantime.' }),
  }),
})

const DeleteInput = builder.inputType('DeleteWebhookInput', {
  description: 'The webhook to delete.',
  fields: (t) => ({ id: t.id({ required: true, description: ID }) }),
})

const RotateInput = builder.inputType('RotateWebhookSecretInput', {
  description: 'The webhook that gets a new secret.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    dropPrevious: t.boolean({
      description:
        'Whether the present secret signs no more, because somebody else may know it. If not, it signs beside the new one for 24 hours.',
    }),
  }),
})

const RedeliverInput = builder.inputType('RedeliverWebhookInput', {
  description: 'A webhook, and which of its deliveries to queue again.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    eventIds: t.idList({ description: 'The ids of events whose delivery has ended, at most 500. If left out: all that were given up.' }),
  }),
})

builder.mutationFields((t) => ({
  createWebhook: t.field({
    type: CreateSuccess,
    errors: failsAs('createWebhook'),
    description: 'Creates a webhook: events of the audit log from now on are sent to a URL.',
    args: { input: t.arg({ type: CreateInput, required: true, description: 'The webhook.' }) },
    resolve: async (_root, { input }, { operations }) => await operations.createWebhook({ ...input }),
  }),
  updateWebhook: t.field({
    type: UpdateSuccess,
    errors: failsAs('updateWebhook'),
    description: 'Changes a webhook, enables or disables it.',
    args: { input: t.arg({ type: UpdateInput, required: true, description: 'The webhook, and what to change.' }) },
    resolve: async (_root, { input }, { operations }) => ({
      webhook: await operations.updateWebhook({ ...input, id: rawId('Webhook', input.id) }),
    }),
  }),
  deleteWebhook: t.field({
    type: DeleteSuccess,
    errors: failsAs('deleteWebhook'),
    description: 'Deletes a webhook with its deliveries.',
    args: { input: t.arg({ type: DeleteInput, required: true, description: 'The webhook.' }) },
    resolve: async (_root, { input }, { operations }) => ({ webhook: await operations.deleteWebhook({ id: rawId('Webhook', input.id) }) }),
  }),
  rotateWebhookSecret: t.field({
    type: RotateSuccess,
    errors: failsAs('rotateWebhookSecret'),
    description: 'Gives a webhook a new secret.',
    args: { input: t.arg({ type: RotateInput, required: true, description: 'The webhook.' }) },
    resolve: async (_root, { input }, { operations }) => await operations.rotateWebhookSecret({ ...input, id: rawId('Webhook', input.id) }),
  }),
  redeliverWebhook: t.field({
    type: RedeliverSuccess,
    errors: failsAs('redeliverWebhook'),
    description: 'Queues deliveries of a webhook again.',
    args: { input: t.arg({ type: RedeliverInput, required: true, description: 'The webhook, and which deliveries.' }) },
    resolve: async (_root, { input: { id, eventIds } }, { operations }) =>
      await operations.redeliverWebhook({ id: rawId('Webhook', id), eventIds: eventIds?.map((event) => rawId('AuditEvent', event)) }),
  }),
}))
