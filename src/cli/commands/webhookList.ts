/** `vestibule webhook list` prints all webhooks, the oldest first. */
import { MAX_PAGE } from '../../domain/base/pageWindow.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { shownWebhook, webhookLine } from '../webhooks.ts'

export const webhookList = defineCommand<'domain', object>({
  name: 'webhook list',
  summary: 'List webhooks, the oldest first',
  examples: [
    ['webhook list', 'with what is wrong with them'],
    ['webhook list --json', 'one JSON document a line'],
  ],
  needs: 'domain',
  async run({ caller, operations, output }) {
    // LIMIT_WEBHOOKS is no more than a page.
    for (const webhook of await operations.webhooks(caller, { backwards: false, limit: MAX_PAGE }))
      await output.record(shownWebhook(webhook), webhookLine(webhook))
    return exitCodes.done
  },
})
