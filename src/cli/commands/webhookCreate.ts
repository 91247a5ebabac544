/** `vestibule webhook create` creates a webhook, and prints its secret once. */
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { collect } from '../repeated.ts'
import { secretText, shownWebhook, typesIn, webhookText } from '../webhooks.ts'

interface Args {
  readonly url: string
  readonly type: readonly string[]
  readonly description?: string
}

export const webhookCreate = defineCommand<'domain', Args>({
  name: 'webhook create',
  summary: 'Send events of the audit log to a URL',
  examples: [
    ['webhook create https://example.com/hooks', 'all events, also of types to come'],
    ['webhook create https://example.com/hooks --type account.created --type account.deleted', 'only these'],
  ],
  needs: 'domain',
  define: (command) =>
    void command
      .argument('<url>', 'of the receiver')
      .option('--type <type>', 'only events of this type; may be repeated', collect, [])
      .option('--description <text>', 'a remark'),
  async run({ caller, operations, output }, { url, type, description }) {
    const { webhook, secret } = await operations.createWebhook(caller, { url, description, types: await typesIn(type) })
    await output.result({ ...shownWebhook(webhook), secret }, `${webhookText(webhook)}\n${secretText(secret)}`)
    return exitCodes.done
  },
})
