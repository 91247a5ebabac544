/** `vestibule import ORIGIN FILE`: one command for each importer. docs/moving says how to move. */
import { Option } from 'commander'
import { conflictRules, type OnConflict } from '../../domain/moving/conflictRules.ts'
import type { ImportResult } from '../../domain/moving/importAccounts.ts'
import { type Importer, type ImporterOption, type ImporterOptions, WrongOption } from '../../importers/importer.ts'
import { importers } from '../../importers/importers.ts'
import { type CliCommand, type CommandContext, defineCommand } from '../command.ts'
import { type ExitCode, exitCodes, WrongUse } from '../exitCodes.ts'
import { resultText } from '../importing/importText.ts'
import { openRejects, type RejectsFile } from '../importing/rejectsFile.ts'
import { openSource, type SourceFile } from '../importing/sourceFile.ts'
import { camelCase } from '../wording.ts'

interface Args {
  readonly file: string
  readonly dryRun?: true
  readonly onConflict: OnConflict
  readonly rejects?: string
  readonly allowFastHashes?: true
  readonly [option: string]: unknown
}

const optionOf = ({ name, value, description, isRequired, choices, default: otherwise, env }: ImporterOption): Option => {
  const option = new Option(value === undefined ? `--${name}` : `--${name} <${value.toLowerCase()}>`, description)
  if (choices !== undefined) option.choices(choices)
  if (otherwise !== undefined) option.default(otherwise)
  if (env !== undefined) option.env(env)
  return isRequired === true ? option.makeOptionMandatory() : option
}

const importerOptions = ({ options }: Importer, args: Args): ImporterOptions =>
  Object.fromEntries(
    options.flatMap(({ name }) => {
      const value = args[camelCase(name)]
      return value === undefined ? [] : [[name, String(value)] as const]
    }),
  )

/** The command line of an import, with what it needs at least. */
const leastOf = ({ name, options }: Importer): string =>
  [`import ${name} FILE`, ...options.flatMap((option) => (option.isRequired === true ? [`--${option.name} ${option.value}`] : []))].join(
    ' ',
  )

const run = async (
  context: CommandContext,
  importer: Importer,
  args: Args,
  source: SourceFile,
  rejects: RejectsFile,
): Promise<ImportResult> => {
  const { domain, caller, output, signal } = context
  const options = {
    origin: importer.name,
    settings: importerOptions(importer, args),
    onConflict: args.onConflict,
    allowFastHashes: args.allowFastHashes === true,
    dryRun: args.dryRun === true,
  }
  const listener = {
    left: async (number: number, outcome: string, reason: string, given: unknown) => await rejects.write(number, outcome, reason, given),
    progress({ position }: { readonly position: number }) {
      const share = source.share()
      output.progress({
        what: 'records',
        done: position,
        ...(share === undefined || share === 0 ? {} : { of: Math.round(position / share) }),
      })
    },
  }
  try {
    const { importAccounts } = await import('../../domain/moving/importAccounts.ts')
    return await importAccounts(domain, caller, source, options, listener, signal)
  } catch (error) {
    await rejects.discard()
    if (error instanceof WrongOption) throw new WrongUse(error.message)
    throw error
  }
}

const codeOf = ({ stopped, skipped, rejected }: ImportResult): ExitCode => {
  if (stopped !== undefined) return exitCodes.failed
  return skipped + rejected > 0 ? exitCodes.inPart : exitCodes.done
}

const importCommand = (importer: Importer): CliCommand =>
  defineCommand<'domain', Args>({
    name: `import ${importer.name}`,
    summary: `Import ${importer.summary}`,
    examples: [
      [`${leastOf(importer)} --dry-run`, 'says what would happen'],
      [leastOf(importer), 'imports; the same again goes on where it was interrupted, or changes nothing'],
      [`${leastOf(importer)} --rejects rejects.jsonl --json`, 'prints the numbers for programs'],
    ],
    needs: 'domain',
    define: (command) => {
      command
        .argument('<file>', 'what the origin exported; `-` is standard input')
        .option('--dry-run', 'say what would happen, and write no account')
        .addOption(
          new Option('--on-conflict <rule>', 'where an account has the id, the username or the address already')
            .choices(conflictRules)
            .default('skip'),
        )
        .option('--rejects <file>', 'where the records go that are left out, with their reasons and secrets; by default FILE.rejects.jsonl')
        .option('--allow-fast-hashes', 'take password hashes that can be guessed at once (salted MD5 and kin), and hash them again')
      for (const option of importer.options) command.addOption(optionOf(option))
    },
    async run(context, args) {
      const { file, rejects: given } = args
      const dryRun = args.dryRun === true
      const source = await openSource(context, file, importer, importerOptions(importer, args))
      const path = given ?? `${file === '-' ? importer.name : file}.rejects.jsonl`
      if (path === file) throw new WrongUse('--rejects: that is the file to import')
      const rejects = await openRejects(context, path, given === undefined)
      const result = await run(context, importer, args, source, rejects)
      const left = await rejects.close()
      if (await source.hasChanged()) await context.output.note(`${file} has changed while it was read: import it again`)
      await context.output.result({ ...result, dryRun, rejects: left }, resultText(result, { source: file, rejects: left, dryRun }))
      return codeOf(result)
    },
  })

export const importCommands: readonly CliCommand[] = importers.map(importCommand)
