/**
 * Creates, changes and deletes webhooks, and gives them new secrets. Where a webhook leads is asked before anything is written, and again at
 * each delivery (`src/webhooks`). A secret is shown once.
 */
import * as z from 'zod'
import type { Webhook as WebhookRow } from '../../db/generated/client.ts'
import { afterCommit, inTransaction } from '../../db/transaction.ts'
import { type AuditEventType, auditEventTypes, record } from '../auditLog/events.ts'
import { lastNumber } from '../auditLog/settled.ts'
import { Failure, fieldFailure } from '../base/errors.ts'
import { uuid } from '../base/ids.ts'
import { byId, parse, text } from '../base/input.ts'
import type { Caller } from '../frame/caller.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { shown, type Webhook } from './findWebhooks.ts'
import { newSecret, previousSecretContext, secretContext } from './signature.ts'

/** How long the secret before the newest one signs too, so that a receiver has time to learn the new one. */
export const PREVIOUS_SECRET_LIFE = 24 * 3_600_000

const LOCK = 4_702_111_234_000_002n

const eventTypes = Object.keys(auditEventTypes) as [AuditEventType, ...AuditEventType[]]
const url = text.transform((value) => value.trim()).pipe(z.string().min(1, 'is required').max(2_000, 'must have at most 2000 characters'))
const description = text
  .transform((value) => value.trim())
  .pipe(
    z
      .string()
      .max(200, 'must have at most 200 characters')
      .refine((value) => !/\p{Cc}/u.test(value), 'must not contain control characters'),
  )
const types = z
  .array(z.enum(eventTypes, 'is not a type of an event'))
  .max(1_000, 'at most 1000 types')
  .transform((given) => [...new Set(given)])

const newWebhook = z.object({ url, description: description.nullish(), types: types.nullish() })
const changes = z.object({
  id: text,
  url: url.nullish(),
  description: description.nullish(),
  types: types.nullish(),
  enabled: z.boolean().nullish(),
})
const rotation = z.object({ id: text, dropPrevious: z.boolean().nullish() })

export type NewWebhook = z.input<typeof newWebhook>
export type WebhookChanges = z.input<typeof changes>
export type SecretRotation = z.input<typeof rotation>

export interface WithSecret {
  readonly webhook: Webhook
  /** It cannot be read again. */
  readonly secret: string
}

/** @throws {Failure} INVALID_INPUT for a URL that nothing may be sent to */
const checkUrl = async ({ webhookSender }: Domain, wanted: string): Promise<void> => {
  const problem = await webhookSender.problem(wanted)
  if (problem !== null) throw fieldFailure('INVALID_INPUT', 'url', problem)
}

/** @throws {Failure} TOO_MANY_WEBHOOKS */
const expectRoom = async ({ config }: Domain, tx: Tx): Promise<void> => {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(${LOCK}::bigint) IS NULL`
  if ((await tx.webhook.count()) >= config.LIMIT_WEBHOOKS) throw new Failure('TOO_MANY_WEBHOOKS')
}

/**
 * Events from now on are delivered, that of the creation first.
 * @throws {Failure} INVALID_INPUT, TOO_MANY_WEBHOOKS
 */
export async function createWebhook(domain: Domain, caller: Caller, input: NewWebhook): Promise<WithSecret> {
  const given = parse(newWebhook, input)
  await checkUrl(domain, given.url)
  const id = uuid(domain.randomBytes)
  const secret = newSecret(domain.randomBytes)
  const row = await inTransaction(domain.db, async (tx) => {
    await expectRoom(domain, tx)
    const data = {
      id,
      url: given.url,
      description: given.description ?? '',
      types: given.types ?? [],
      secret: domain.secretBox.seal(secret, secretContext(id)),
      createdAt: domain.clock.now(),
      position: await lastNumber({ db: tx }),
    }
    const created = await tx.webhook.create({ data })
    await record(domain, tx, caller, { type: 'webhook.created', userId: null, details: { webhookId: id } })
    afterCommit(tx, domain.webhooks.wake)
    return created
  })
  return { webhook: shown(row), secret }
}

/** The row, locked. @throws {Failure} NOT_FOUND */
const hold = async (tx: Tx, id: string): Promise<WebhookRow> => {
  await tx.$queryRaw`SELECT 1 FROM webhooks WHERE id = ${id} FOR UPDATE`
  const row = await tx.webhook.findUnique({ where: { id } })
  if (row === null) throw new Failure('NOT_FOUND')
  return row
}

type Checked = z.output<typeof changes>

const stateAfter = (domain: Domain, row: WebhookRow, enabled: boolean | null | undefined) => {
  if (enabled == null || enabled === (row.disabledAt === null)) return {}
  return enabled
    ? { disabledAt: null, disabledReason: null, failingSince: null }
    : { disabledAt: domain.clock.now(), disabledReason: 'admin' }
}

const dataOf = (domain: Domain, row: WebhookRow, given: Checked) => ({
  ...(given.url == null || given.url === row.url ? {} : { url: given.url }),
  ...(given.description == null || given.description === row.description ? {} : { description: given.description }),
  ...(given.types == null || given.types.join() === row.types.join() ? {} : { types: given.types }),
  ...stateAfter(domain, row, given.enabled),
})

/** What the event calls the fields that a change wrote. */
const fieldsOf = (data: object): string =>
  [...new Set(Object.keys(data).map((name) => (/^disabled|^failing/.test(name) ? 'enabled' : name)))].join(' ')

/**
 * Changes what is given. A webhook that is enabled again goes on where it stopped: events of the meantime are delivered.
 * @throws {Failure} INVALID_INPUT, NOT_FOUND
 */
export async function updateWebhook(domain: Domain, caller: Caller, input: WebhookChanges): Promise<Webhook> {
  const given = parse(changes, input)
  if (given.url != null) await checkUrl(domain, given.url)
  return await inTransaction(domain.db, async (tx) => {
    const row = await hold(tx, given.id)
    const data = dataOf(domain, row, given)
    if (Object.keys(data).length === 0) return shown(row)
    const changed = await tx.webhook.update({ where: { id: row.id }, data })
    const details = { webhookId: row.id, fields: fieldsOf(data) }
    await record(domain, tx, caller, { type: 'webhook.updated', userId: null, details })
    afterCommit(tx, domain.webhooks.wake)
    return shown(changed)
  })
}

/** Deletes a webhook with its deliveries; returns it as it was. @throws {Failure} INVALID_INPUT, NOT_FOUND */
export async function deleteWebhook(domain: Domain, caller: Caller, input: { id: string }): Promise<Webhook> {
  const { id } = parse(byId, input)
  return await inTransaction(domain.db, async (tx) => {
    const row = await hold(tx, id)
    await tx.webhook.delete({ where: { id } })
    await record(domain, tx, caller, { type: 'webhook.deleted', userId: null, details: { webhookId: id } })
    return shown(row)
  })
}

/**
 * Gives a webhook a new secret. The one before it signs too for PREVIOUS_SECRET_LIFE, unless it is dropped because somebody else may know it.
 * @throws {Failure} INVALID_INPUT, NOT_FOUND
 */
export async function rotateWebhookSecret(domain: Domain, caller: Caller, input: SecretRotation): Promise<WithSecret> {
  const { id, dropPrevious } = parse(rotation, input)
  const { secretBox } = domain
  const secret = newSecret(domain.randomBytes)
  const row = await inTransaction(domain.db, async (tx) => {
    const { secret: old } = await hold(tx, id)
    const previous =
      dropPrevious === true
        ? { previousSecret: null, previousUntil: null }
        : {
            previousSecret: secretBox.seal(secretBox.open(old, secretContext(id)), previousSecretContext(id)),
            previousUntil: later(domain, PREVIOUS_SECRET_LIFE),
          }
    const rotated = await tx.webhook.update({ where: { id }, data: { secret: secretBox.seal(secret, secretContext(id)), ...previous } })
    await record(domain, tx, caller, { type: 'webhook.secret_rotated', userId: null, details: { webhookId: id } })
    return rotated
  })
  return { webhook: shown(row), secret }
}
