/** `vestibule export wekan`, `django` and `keycloak` give accounts back to where they came from, and `json` writes them in our own form (docs/moving/export.md). */
import { type Exporter, withoutSecrets } from '../../exporters/exporter.ts'
import { exporters } from '../../exporters/exporters.ts'
import type { OriginCounts, Remark } from '../../exporters/exportOrigin.ts'
import { type CliCommand, type CommandContext, defineCommand } from '../command.ts'
import { exitCodes, WrongUse } from '../exitCodes.ts'
import { intoFile, type Target } from '../intoFile.ts'
import { counted, grouped } from '../wording.ts'

interface Args {
  readonly file: string
  readonly withSecrets?: true
  readonly since?: string
  readonly over?: string
  readonly report?: string
}

const textOf = ({ written, left, deleted, missing, notes }: OriginCounts, file: string): string =>
  [
    `Wrote ${counted(written, 'account')} to ${file}.`,
    ...Object.entries(notes).map(([note, count]) => `Not given of ${counted(count, 'account')}: ${note}.`),
    ...(left === 0 ? [] : [`Left out, because they were merged into other accounts: ${grouped(left)}.`]),
    ...(missing === 0 ? [] : [`Came from the origin, and are not in the file of --over: ${grouped(missing)}.`]),
    ...(deleted === 0 ? [] : [`Deleted here, and to be deleted there: ${grouped(deleted)}.`]),
  ].join('\n')

const write = async (
  context: CommandContext,
  exporter: Exporter,
  args: Args,
  file: Target,
  report: Target | null,
): Promise<OriginCounts> => {
  const { domain, database, output, signal, readFile } = context
  const { readSince } = await import('../../domain/moving/goingBack/since.ts')
  const { exportOrigin } = await import('../../exporters/exportOrigin.ts')
  const since = args.since === undefined ? null : await readSince(domain.db, args.since)
  const options = { since, over: args.over === undefined ? null : readFile(args.over), signal }
  const listener = {
    remark: async (remark: Remark) => await report?.text(`${JSON.stringify(remark)}\n`),
    progress: (done: number) => output.progress({ what: 'accounts', done }),
  }
  const form = args.withSecrets === true ? exporter : withoutSecrets(exporter)
  return await database.snapshot(async (db) => await exportOrigin({ ...domain, db }, form, options, file.text, listener))
}

const commandOf = (exporter: Exporter): CliCommand =>
  defineCommand<'domain', Args>({
    name: `export ${exporter.name}`,
    summary: `Write accounts ${exporter.summary}`,
    examples: [
      [`export ${exporter.name} back.json --with-secrets --over users.json --report report.jsonl`, 'what the origin has beside ours stays'],
      [`export ${exporter.name} back.json --with-secrets --since 2026-11-29T04:00:00Z`, 'only what has changed'],
      [
        `export ${exporter.name} back.json --with-secrets --since 3e0a1c52`,
        'what has changed since an import, by its id or the beginning of it',
      ],
    ],
    needs: 'domain',
    define: (command) =>
      void command
        .argument('<file>', 'a new file')
        .option(
          '--with-secrets',
          exporter.withoutSecrets === undefined
            ? 'needed, because the file has password hashes: guard it as the database'
            : 'also password hashes, second factors and sessions: guard the file as the database',
        )
        .option(
          '--since <time-or-run>',
          'only accounts that have changed since a time, or since an import, by its id or the beginning of it',
        )
        .option('--over <file>', 'the file that was imported: what it has of an account beside our fields stays')
        .option(
          '--report <file>',
          'a new file for what the origin cannot be given, and for accounts that were deleted, a line of JSON each',
        ),
    async run(context, args) {
      if (args.withSecrets !== true && exporter.withoutSecrets === undefined)
        throw new WrongUse('the file has password hashes: add --with-secrets')
      if (args.file === '-') throw new WrongUse('it is written to a file, not to standard output')
      const counts = await intoFile(context, args.file, async (file) => {
        if (args.report === undefined) return await write(context, exporter, args, file, null)
        return await intoFile(context, args.report, async (report) => await write(context, exporter, args, file, report))
      })
      await context.output.result({ file: args.file, ...counts }, textOf(counts, args.file))
      return counts.left + counts.missing > 0 ? exitCodes.inPart : exitCodes.done
    },
  })

export const exportOrigins: readonly CliCommand[] = exporters.map(commandOf)
