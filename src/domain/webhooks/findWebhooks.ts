/** Reads webhooks, without their secrets, and their deliveries. Only administrators may. */
import type { Prisma, WebhookDelivery, Webhook as WebhookRow } from '../../db/generated/client.ts'
import { holds } from '../access/requirements.ts'
import { Failure } from '../base/errors.ts'
import { byId, parse, storable } from '../base/input.ts'
import type { FilteredPage, PageWindow, Place } from '../base/pageWindow.ts'
import type { Viewer } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'

export const disabledReasons = ['admin', 'gone', 'failing'] as const
export type DisabledReason = (typeof disabledReasons)[number]

export const deliveryStates = ['pending', 'delivered', 'dead'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** A webhook as it may be shown. */
export type Webhook = Omit<WebhookRow, 'secret' | 'previousSecret'>

/** One attempt at a delivery. */
export interface Attempt {
  /** ISO 8601 in UTC. */
  readonly at: string
  /** The HTTP status of the answer; null without one, and then there is a reason. */
  readonly status: number | null
  readonly reason: string | null
  /** How long it took. */
  readonly ms: number
}

/** An event that goes, or went, to a webhook. */
export type Delivery = WebhookDelivery

export const shown = ({ secret: _secret, previousSecret: _previous, ...rest }: WebhookRow): Webhook => rest

export const webhookPlace = ({ seq }: Webhook): Place => ({ value: '', seq })
export const deliveryPlace = ({ eventSeq }: Delivery): Place => ({ value: '', seq: eventSeq })

const sides = (column: 'seq' | 'eventSeq', { after, before }: PageWindow, isNewestFirst: boolean) => [
  ...(after === undefined ? [] : [{ [column]: isNewestFirst ? { lt: after.seq } : { gt: after.seq } }]),
  ...(before === undefined ? [] : [{ [column]: isNewestFirst ? { gt: before.seq } : { lt: before.seq } }]),
]

/** The webhooks between two places, in the order of their creation. */
export async function findWebhooks({ db }: Domain, page: PageWindow): Promise<Webhook[]> {
  const { backwards, limit, skip = 0 } = page
  const rows = await db.webhook.findMany({
    where: { AND: sides('seq', page, false) as Prisma.WebhookWhereInput[] },
    orderBy: { seq: backwards ? 'desc' : 'asc' },
    skip,
    take: limit,
  })
  return rows.map(shown)
}

/** A webhook, for administrators; null if there is none, or the viewer may not see it. */
export async function findWebhook({ db }: Domain, viewer: Viewer | null, id: string): Promise<Webhook | null> {
  if (!holds(viewer, 'admin') || !storable(id)) return null
  const row = await db.webhook.findUnique({ where: { id } })
  return row === null ? null : shown(row)
}

/** Which delivery it is. */
export interface DeliveryKey {
  readonly webhookId: string
  readonly eventSeq: bigint
}

/** A delivery, for administrators; null if there is none, or the viewer may not see it. */
export async function findDelivery({ db }: Domain, viewer: Viewer | null, { webhookId, eventSeq }: DeliveryKey): Promise<Delivery | null> {
  if (!holds(viewer, 'admin') || !storable(webhookId)) return null
  return await db.webhookDelivery.findUnique({ where: { webhookId_eventSeq: { webhookId, eventSeq } } })
}

export interface DeliveryFilter {
  readonly webhookId: string
  readonly state?: DeliveryState | null | undefined
}

/** The deliveries of a webhook between two places, those of the newest events first. @throws {Failure} NOT_FOUND, INVALID_INPUT */
export async function findDeliveries({ db }: Domain, { filter, ...page }: FilteredPage<DeliveryFilter>): Promise<Delivery[]> {
  const { id: webhookId } = parse(byId, { id: filter.webhookId })
  if ((await db.webhook.findUnique({ where: { id: webhookId }, select: { id: true } })) === null) throw new Failure('NOT_FOUND')
  const { backwards, limit, skip = 0 } = page
  const state = filter.state == null ? {} : { state: filter.state }
  return await db.webhookDelivery.findMany({
    where: { webhookId, ...state, AND: sides('eventSeq', page, true) as Prisma.WebhookDeliveryWhereInput[] },
    orderBy: { eventSeq: backwards ? 'asc' : 'desc' },
    skip,
    take: limit,
  })
}
