/** `vestibule export audit` writes the audit log as lines of JSON, the oldest event first, and with `--follow` goes on (docs/audit.md). */
import type { AuditEvent } from '../../domain/auditLog/findEvents.ts'
import type { Forward } from '../../domain/auditLog/readForward.ts'
import { type CommandContext, defineCommand } from '../command.ts'
import { type ExitCode, exitCodes, WrongUse } from '../exitCodes.ts'
import { intoFile } from '../intoFile.ts'
import { collect } from '../repeated.ts'
import { typesIn } from '../webhooks.ts'
import { counted } from '../wording.ts'

interface Args {
  readonly file: string
  readonly after: string
  readonly type: readonly string[]
  readonly follow?: true
}

/** @throws {WrongUse} */
const numberIn = (text: string): bigint => {
  const [, digits] = /^(?:AuditEvent:)?(0|[1-9]\d{0,17})$/.exec(text) ?? []
  if (digits === undefined) throw new WrongUse('--after: must be the id of an event, such as 4711')
  return BigInt(digits)
}

type Batches = AsyncGenerator<readonly AuditEvent[]>

/** Writes the events, and says how many there were and which was the last. */
const writeAll = async (batches: Batches, after: bigint, write: (text: string) => Promise<void>) => {
  const { wholeEventRecord } = await import('../../domain/auditLog/eventRecord.ts')
  let events = 0
  let last = after
  for await (const batch of batches) {
    await write(batch.map((event) => `${JSON.stringify(wholeEventRecord(event))}\n`).join(''))
    events += batch.length
    last = batch.at(-1)?.seq ?? last
  }
  return { events, last: String(last) }
}

const follow = async ({ domain, writeFile, output }: CommandContext, forward: Forward): Promise<ExitCode> => {
  const { readOnAndOn } = await import('../../domain/auditLog/readForward.ts')
  const file = await writeFile('-', { mode: 0o600 })
  const { last } = await writeAll(readOnAndOn(domain, forward), forward.after, async (text) => await file.write(Buffer.from(text)))
  await output.note(`Go on with --after ${last}.`)
  return exitCodes.done
}

export const exportAudit = defineCommand<'domain', Args>({
  name: 'export audit',
  summary: 'Write the audit log as lines of JSON, the oldest event first',
  examples: [
    ['export audit audit.jsonl', 'the whole log'],
    ['export audit - --after 4711', 'what came after the event with this id'],
    ['export audit - --follow --after 4711', 'goes on until it is interrupted, for a program that collects events'],
    ['export audit failures.jsonl --type session.sign_in_failed --type two_factor.code_failed', 'only these events'],
  ],
  needs: 'domain',
  define: (command) =>
    void command
      .argument('<file>', 'a new file, or - for standard output')
      .option('--after <id>', 'the id of the last event that you have', '0')
      .option('--type <type>', 'only events of this type; may be repeated', collect, [])
      .option('--follow', 'write further events to standard output as they come'),
  async run(context, { file, after, type, follow: goesOn }) {
    const { domain, output, signal } = context
    const forward: Forward = { after: numberIn(after), types: await typesIn(type), signal }
    if (goesOn === true && file !== '-') throw new WrongUse('--follow: write to standard output, with - in place of the file')
    if (goesOn === true) return await follow(context, forward)
    const { readUntilNow } = await import('../../domain/auditLog/readForward.ts')
    const written = await intoFile(context, file, async ({ text }) => await writeAll(readUntilNow(domain, forward), forward.after, text))
    const said = `Wrote ${counted(written.events, 'event')}. Next time: --after ${written.last}.`
    if (file === '-') await output.note(said)
    else await output.result({ file, ...written }, said)
    return exitCodes.done
  },
})
