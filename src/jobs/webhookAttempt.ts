/**
 * One attempt at a claimed delivery, and its outcome. Only 2xx is accepted. Problems of the delivery are never thrown; if the database does not
 * answer, the lease runs out.
 */
import type { AuditEvent, Webhook } from '../db/generated/client.ts'
import { eventRecord } from '../domain/auditLog/eventRecord.ts'
import type { WebhookAnswer } from '../domain/base/ports.ts'
import { type Domain, later } from '../domain/frame/domain.ts'
import { SecretBoxError } from '../domain/keys/secretBox.ts'
import { type Claimed, type Next, settleDelivered, settleFailed } from '../domain/webhooks/deliveries.ts'
import type { Attempt } from '../domain/webhooks/findWebhooks.ts'
import { waitAfter } from '../domain/webhooks/schedule.ts'
import { openSecrets, signedHeaders } from '../domain/webhooks/signature.ts'

const GONE = 410

/** The form of Standard Webhooks; of accounts it has ids, and of clients nothing. */
const bodyOf = (event: AuditEvent): string => {
  const { type, at, ...data } = eventRecord(event)
  return JSON.stringify({ type, timestamp: at, data })
}

/** The same at each attempt, by which a receiver knows a message that comes twice. */
export const messageId = (webhookId: string, eventSeq: bigint): string => `msg_${webhookId.replaceAll('-', '')}_${eventSeq}`

const send = async ({ secretBox, clock, webhookSender }: Domain, webhook: Webhook, event: AuditEvent): Promise<WebhookAnswer> => {
  const now = clock.now()
  const body = bodyOf(event)
  try {
    const secrets = openSecrets(secretBox, webhook, now)
    const signed = signedHeaders(secrets, { id: messageId(webhook.id, event.seq), at: now, body })
    const headers = { 'content-type': 'application/json', 'user-agent': 'vestibule', ...signed }
    return await webhookSender.send({ url: webhook.url, headers, body })
  } catch (error) {
    if (error instanceof SecretBoxError) return { status: null, reason: `the secret: ${error.message}` }
    throw error
  }
}

const nextOf = (domain: Domain, { attempts }: Claimed, isHopeless: boolean): Next => {
  const wait = isHopeless ? undefined : waitAfter(domain.randomBytes, attempts)
  return wait === undefined ? { state: 'dead' } : { state: 'pending', due: later(domain, wait) }
}

const isAccepted = ({ status }: WebhookAnswer): boolean => status !== null && status >= 200 && status < 300

const tried = async (domain: Domain, webhook: Webhook, event: AuditEvent | null): Promise<WebhookAnswer> =>
  event === null ? { status: null, reason: 'the event is no longer kept' } : await send(domain, webhook, event)

/** Whether the receiver accepted it, and how long it took in ms; null if there is no such webhook any more. */
export async function attemptDelivery(domain: Domain, claimed: Claimed): Promise<{ accepted: boolean; ms: number } | null> {
  const webhook = await domain.db.webhook.findUnique({ where: { id: claimed.webhookId, disabledAt: null } })
  if (webhook === null) return null
  const event = await domain.db.auditEvent.findUnique({ where: { seq: claimed.eventSeq } })
  const begun = performance.now()
  const at = domain.clock.now().toISOString()
  const answer = await tried(domain, webhook, event)
  const ms = Math.round(performance.now() - begun)
  const attempt: Attempt = { at, status: answer.status, reason: answer.status === null ? answer.reason : null, ms }
  if (isAccepted(answer)) {
    await settleDelivered(domain, claimed, attempt)
    return { accepted: true, ms }
  }
  const isGone = answer.status === GONE
  await settleFailed(domain, claimed, attempt, nextOf(domain, claimed, isGone || event === null), isGone ? 'gone' : 'failing')
  return { accepted: false, ms }
}
