/** `vestibule webhook redeliver` queues deliveries again: given events, or all that were given up. */
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { collect } from '../repeated.ts'
import { noWebhook } from '../webhooks.ts'
import { counted } from '../wording.ts'

interface Args {
  readonly webhook: string
  readonly event: readonly string[]
}

export const webhookRedeliver = defineCommand<'domain', Args>({
  name: 'webhook redeliver',
  summary: 'Queue deliveries of a webhook again',
  examples: [
    ['webhook redeliver 0b4e...', 'all that were given up'],
    ['webhook redeliver 0b4e... --event 4711 --event 4712', 'these, also if they were accepted'],
  ],
  needs: 'domain',
  define: (command) =>
    void command
      .argument('<webhook>', 'the id of a webhook')
      .option('--event <id>', 'the id of an event whose delivery has ended; may be repeated', collect, []),
  async run({ caller, operations, output }, { webhook, event }) {
    const eventIds = event.length === 0 ? undefined : event.map((id) => id.replace(/^AuditEvent:/, ''))
    const { queued } = await operations.redeliverWebhook(caller, { id: webhook, eventIds }).catch(noWebhook(webhook))
    await output.result({ id: webhook, queued }, `Queued ${counted(queued, 'delivery').replace(/ys$/, 'ies')} again.`)
    return exitCodes.done
  },
})
