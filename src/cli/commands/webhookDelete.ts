/** `vestibule webhook delete` deletes a webhook with its deliveries. */
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { printable } from '../showAccount.ts'
import { noWebhook, shownWebhook } from '../webhooks.ts'

export const webhookDelete = defineCommand<'domain', { readonly webhook: string }>({
  name: 'webhook delete',
  summary: 'Delete a webhook with its deliveries',
  examples: [['webhook delete 0b4e...', 'asks before']],
  needs: 'domain',
  asks: true,
  define: (command) => void command.argument('<webhook>', 'the id of a webhook'),
  async run({ caller, operations, output, confirm }, { webhook: id }) {
    if (!(await confirm(`Delete the webhook ${printable(id)} with its deliveries?`))) return exitCodes.refused
    const webhook = await operations.deleteWebhook(caller, { id }).catch(noWebhook(id))
    await output.result({ ...shownWebhook(webhook), deleted: true }, `Deleted the webhook to ${printable(webhook.url)}.`)
    return exitCodes.done
  },
})
