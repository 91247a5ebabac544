/** `vestibule webhook update` changes a webhook, enables or disables it. */
import { defineCommand } from '../command.ts'
import { exitCodes, WrongUse } from '../exitCodes.ts'
import { collect } from '../repeated.ts'
import { noWebhook, shownWebhook, typesIn, webhookText } from '../webhooks.ts'

interface Args {
  readonly webhook: string
  readonly url?: string
  readonly type: readonly string[]
  readonly allTypes?: true
  readonly description?: string
  readonly enable?: true
  readonly disable?: true
}

/** @throws {WrongUse} */
const changesIn = async ({ webhook: id, url, type, allTypes, description, enable, disable }: Args) => {
  if (enable === true && disable === true) throw new WrongUse('say which: --enable or --disable')
  if (allTypes === true && type.length > 0) throw new WrongUse('say which: --type or --all-types')
  const types = allTypes === true || type.length > 0 ? await typesIn(type) : undefined
  const enabled = enable ?? (disable === true ? false : undefined)
  const changes = { url, types, description, enabled }
  if (Object.values(changes).every((value) => value === undefined)) throw new WrongUse('say what to change')
  return { id, ...changes }
}

export const webhookUpdate = defineCommand<'domain', Args>({
  name: 'webhook update',
  summary: 'Change a webhook, enable or disable it',
  examples: [
    ['webhook update 0b4e... --url https://example.com/new', 'by the id that `webhook list` prints'],
    ['webhook update 0b4e... --enable', 'goes on where it stopped'],
  ],
  needs: 'domain',
  define: (command) =>
    void command
      .argument('<webhook>', 'the id of a webhook')
      .option('--url <url>', 'of the receiver')
      .option('--type <type>', 'only events of this type; may be repeated', collect, [])
      .option('--all-types', 'events of all types')
      .option('--description <text>', 'a remark')
      .option('--enable', 'send events again, those of the meantime first')
      .option('--disable', 'send nothing'),
  async run({ caller, operations, output }, args) {
    const webhook = await operations.updateWebhook(caller, await changesIn(args)).catch(noWebhook(args.webhook))
    await output.result(shownWebhook(webhook), webhookText(webhook))
    return exitCodes.done
  },
})
