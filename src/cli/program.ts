/** The command line: from words to a command and its arguments, or to a text such as the help. */
import { Command, CommanderError } from 'commander'
import type { CliCommand } from './command.ts'
import { camelCase } from './wording.ts'

/** What a command line asks for. */
export type Parsed =
  | {
      readonly kind: 'run'
      readonly command: CliCommand
      readonly args: Record<string, unknown>
      readonly flags: Flags
      /** The options that were read from the environment, as words: for a server, which does not have that environment. */
      readonly environmentWords: readonly string[]
    }
  | { readonly kind: 'text'; readonly text: string }
  /** `help` is shown before the message, where there is more to say than one line. */
  | { readonly kind: 'wrong'; readonly message: string; readonly help?: string }

export interface Flags {
  readonly json: boolean
  readonly yes: boolean
}

const examplesText = ({ examples }: CliCommand): string => {
  const width = Math.max(...examples.map(([line]) => line.length))
  return ['', 'Examples:', ...examples.map(([line, does]) => `  vestibule ${line.padEnd(width)}  ${does}`)].join('\n')
}

const argsOf = (command: Command): Record<string, unknown> => {
  const named = command.registeredArguments.map((argument, index) => [camelCase(argument.name()), command.processedArgs[index]] as const)
  return { ...command.opts(), ...Object.fromEntries(named) }
}

const environmentWordsOf = (command: Command): string[] =>
  command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === 'env')
    .map((option) => `${option.long}=${command.getOptionValue(option.attributeName())}`)

/** Leaves the environment of this process to itself. */
const forgetEnvironment = (command: Command): void => {
  for (const option of command.options) Object.assign(option, { envVar: undefined })
}

export interface ProgramParts {
  readonly commands: readonly CliCommand[]
  /** What the first word of several commands is about. */
  readonly groups: Readonly<Record<string, string>>
  readonly version: string
  /** Whether options may be read from the environment, as they are by default. */
  readonly takesEnvironment?: boolean
}

/** Commander's tree of all commands; `chosen` is called with the one that a command line names. */
export function createProgram(
  { commands, groups, version, takesEnvironment = true }: ProgramParts,
  chosen: (command: CliCommand, args: Record<string, unknown>, environmentWords: readonly string[]) => void,
): Command {
  const program = new Command('vestibule')
    .description('Serves one user base to new and legacy clients, and administers it.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', '\nSettings come from the environment and from .env, as for the server. `vestibule COMMAND --help` has examples.')
  const parents = new Map<string, Command>()
  const parentOf = (words: readonly string[]): Command => {
    const [group] = words
    if (words.length < 2 || group === undefined) return program
    const known =
      parents.get(group) ??
      program
        .command(group)
        .description(groups[group] ?? '')
        .helpCommand(false)
    parents.set(group, known)
    return known
  }
  for (const each of commands) {
    const words = each.name.split(' ')
    const command = parentOf(words).command(words.at(-1) ?? '', each.isHidden === true ? { hidden: true } : {})
    command.description(each.summary).summary(each.summary)
    each.define?.(command)
    if (!takesEnvironment) forgetEnvironment(command)
    if (each.printsJson !== false) command.option('--json', 'print JSON for programs, and nothing else, on standard output')
    if (each.asks === true) command.option('--yes', 'do not ask before something is destroyed')
    command.addHelpText('after', examplesText(each))
    command.action(() => chosen(each, argsOf(command), environmentWordsOf(command)))
  }
  return program
}

/** Of a command and all below it. */
const configure = (command: Command, write: { out(text: string): void; err(text: string): void }): void => {
  command
    .exitOverride()
    .configureOutput({ writeOut: write.out, writeErr: write.err, getOutHelpWidth: () => 110, getErrHelpWidth: () => 110 })
  for (const child of command.commands) configure(child, write)
}

const oneLine = (message: string): string => message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')

/** Without side effects. */
export function parseCommandLine(parts: ProgramParts, words: readonly string[]): Parsed {
  let parsed: Parsed | undefined
  const program = createProgram(parts, (command, { json = false, yes = false, ...args }, environmentWords) => {
    parsed = { kind: 'run', command, args, flags: { json: json === true, yes: yes === true }, environmentWords }
  })
  const out: string[] = []
  const err: string[] = []
  const write = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) }
  configure(program, write)
  try {
    program.parse([...words], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'text', text: out.join('') }
    // Commander shows the help for a group without a command.
    if (error.code === 'commander.help') return { kind: 'wrong', message: 'a command is missing', help: err.join('') }
    return { kind: 'wrong', message: oneLine(error.message) }
  }
  return parsed ?? { kind: 'wrong', message: 'a command is missing', help: program.helpInformation() }
}
