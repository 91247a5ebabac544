/** `vestibule webhook deliveries` prints what was delivered to a webhook, and what was not, the newest events first. */
import { Option } from 'commander'
import { MAX_PAGE, type Place } from '../../domain/base/pageWindow.ts'
import type { Attempt, Delivery, DeliveryState } from '../../domain/webhooks/findWebhooks.ts'
import { type CommandContext, defineCommand } from '../command.ts'
import { exitCodes, WrongUse } from '../exitCodes.ts'
import { noWebhook } from '../webhooks.ts'

interface Args {
  readonly webhook: string
  readonly state?: DeliveryState
  readonly limit: string
}

const states = ['pending', 'delivered', 'dead'] as const

/** @throws {WrongUse} */
const limitOf = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new WrongUse('--limit: must be a whole number from 1 on')
}

const shown = ({ eventSeq, state, createdAt, nextAttemptAt, attempts, endedAt, log }: Delivery) => ({
  eventId: String(eventSeq),
  state,
  createdAt,
  nextAttemptAt: state === 'pending' ? nextAttemptAt : null,
  attempts,
  endedAt,
  log,
})

const line = (delivery: Delivery): string => {
  const [last] = delivery.log as unknown as Attempt[]
  const outcome = last === undefined ? '' : `${last.status ?? last.reason} after ${last.ms} ms`
  const next = delivery.state === 'pending' ? `next ${delivery.nextAttemptAt.toISOString()}` : ''
  return [String(delivery.eventSeq), delivery.state, `${delivery.attempts} attempts`, outcome, next]
    .filter((part) => part !== '')
    .join('  ')
}

async function* pages({ operations, caller, signal }: CommandContext, { webhook, state }: Args, limit: number): AsyncGenerator<Delivery[]> {
  let after: Place | undefined
  for (let left = limit; left > 0; ) {
    signal.throwIfAborted()
    const page = { filter: { webhookId: webhook, state }, backwards: false, limit: Math.min(left, MAX_PAGE), after }
    const found = await operations.webhookDeliveries(caller, page).catch(noWebhook(webhook))
    yield found
    const last = found.at(-1)
    if (last === undefined || found.length < page.limit) return
    left -= found.length
    after = { value: '', seq: last.eventSeq }
  }
}

export const webhookDeliveries = defineCommand<'domain', Args>({
  name: 'webhook deliveries',
  summary: 'List the deliveries of a webhook, those of the newest events first',
  examples: [
    ['webhook deliveries 0b4e...', 'the last 50'],
    ['webhook deliveries 0b4e... --state dead --limit 1000 --json', 'what was given up'],
  ],
  needs: 'domain',
  define: (command) =>
    void command
      .argument('<webhook>', 'the id of a webhook')
      .addOption(new Option('--state <state>', 'only these').choices([...states]))
      .option('--limit <number>', 'at most so many', '50'),
  async run(context, args) {
    for await (const page of pages(context, args, limitOf(args.limit)))
      for (const delivery of page) await context.output.record(shown(delivery), line(delivery))
    return exitCodes.done
  },
})
