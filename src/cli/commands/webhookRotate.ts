/** `vestibule webhook rotate` gives a webhook a new secret, and prints it once. */
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { noWebhook, secretText, shownWebhook } from '../webhooks.ts'

interface Args {
  readonly webhook: string
  readonly dropPrevious?: true
}

export const webhookRotate = defineCommand<'domain', Args>({
  name: 'webhook rotate',
  summary: 'Give a webhook a new secret',
  examples: [
    ['webhook rotate 0b4e...', 'the present one signs too for 24 hours'],
    ['webhook rotate 0b4e... --drop-previous', 'somebody else may know the present one'],
  ],
  needs: 'domain',
  define: (command) =>
    void command.argument('<webhook>', 'the id of a webhook').option('--drop-previous', 'the present secret signs no more'),
  async run({ caller, operations, output }, { webhook: id, dropPrevious }) {
    const { webhook, secret } = await operations.rotateWebhookSecret(caller, { id, dropPrevious }).catch(noWebhook(id))
    await output.result({ ...shownWebhook(webhook), secret }, secretText(secret))
    return exitCodes.done
  },
})
