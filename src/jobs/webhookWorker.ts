/**
 * Sends events of the audit log to webhooks, in a loop outside requests. While there are enabled webhooks it looks every second; without any it
 * looks when one is created in this process, and three times a minute for those of others.
 */
import { createSettled } from '../domain/auditLog/settled.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { type Claimed, claim, dueWebhooks } from '../domain/webhooks/deliveries.ts'
import { fanOut } from '../domain/webhooks/fanOut.ts'
import { createUnderWay } from './underWay.ts'
import { attemptDelivery } from './webhookAttempt.ts'
import { createPlaces } from './webhookPlaces.ts'

/** Waits between two looks, in ms. */
const POLL = 1_000
const POLL_WITHOUT = 20_000
const MOMENT = 200
/** How long a stop waits for running attempts, in ms; another process repeats the rest when their lease is over. */
const PATIENCE = 5_000

export interface WebhookWorker {
  /** Starts nothing new and waits a little for running attempts. */
  stop(): Promise<void>
}

export function startWebhooks(domain: Domain): WebhookWorker {
  const settled = createSettled(domain)
  const underWay = createUnderWay()
  const places = createPlaces()
  const stopping = new AbortController()
  let woken = true
  let nextFanOut = 0

  const tell = (error: unknown): void => {
    if (!domain.outage.isPassing(error)) domain.log.error({ err: error }, 'webhooks could not be delivered')
  }
  const begin = (claimed: Claimed): void => {
    const leave = places.take(claimed.webhookId)
    const work = attemptDelivery(domain, claimed).then(leave, (error: unknown) => {
      leave({ accepted: false, ms: 0 })
      tell(error)
    })
    underWay.add(work)
  }
  /** Whether there may be more to queue at once. */
  const queue = async (): Promise<boolean> => {
    nextFanOut = performance.now() + POLL
    return await fanOut(domain, await settled.look())
  }
  const start = async (): Promise<void> => {
    for (const id of places.inTurn(await dueWebhooks(domain))) {
      const room = places.room(id)
      if (room > 0 && !stopping.signal.aborted) for (const claimed of await claim(domain, id, room)) begin(claimed)
    }
  }
  const hasWebhooks = async (): Promise<boolean> =>
    (await domain.db.webhook.findFirst({ where: { disabledAt: null }, select: { id: true } })) !== null
  /** Returns how long to wait, in ms. */
  const look = async (): Promise<number> => {
    const isNew = woken || performance.now() >= nextFanOut
    woken = false
    if (isNew && !(await hasWebhooks())) return POLL_WITHOUT
    const more = isNew && (await queue())
    await start()
    if (more) return 1
    return settled.isBehind() ? MOMENT : Math.max(1, nextFanOut - performance.now())
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const wait = await look().catch((error: unknown) => {
        tell(error)
        return POLL
      })
      if (!woken) await underWay.news(wait)
      if (settled.isBehind() || wait === 1) nextFanOut = 0
    }
  }
  const wake = (): void => {
    woken = true
    underWay.notify()
  }
  domain.webhooks.onWake(wake)
  const loop = run()
  return {
    async stop() {
      stopping.abort()
      wake()
      await loop
      await underWay.end(PATIENCE)
    },
  }
}
