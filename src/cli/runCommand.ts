/** Runs a command of a command line to its exit code, wherever it runs. */
import type { ClientSide } from './clientSide.ts'
import type { BareContext, CliCommand, Contexts } from './command.ts'
import { type ExitCode, endedBy, exitCodes, Interrupted } from './exitCodes.ts'
import { createOutput } from './output.ts'
import type { Flags, Parsed } from './program.ts'

/** Gives a command what it needs, and closes that when it has ended; or has it run elsewhere. */
export type Provide = (
  command: CliCommand,
  bare: BareContext,
  use: (context: Contexts[CliCommand['needs']]) => Promise<ExitCode>,
) => Promise<ExitCode>

interface Parts {
  readonly side: ClientSide
  readonly signal: AbortSignal
  readonly root: string
  readonly provide: Provide
}

type Run = Extract<Parsed, { kind: 'run' }>

const bareContext = ({ side, signal, root }: Parts, flags: Flags) => {
  const output = createOutput(side, flags.json)
  const context: BareContext = {
    output,
    signal,
    root,
    async confirm(question) {
      if (flags.yes || (await side.confirm(question))) return true
      await output.note('Nothing was changed.')
      return false
    },
    askSecret: side.askSecret,
    readFile: side.readFile,
    fileSize: side.fileSize,
    writeFile: side.writeFile,
  }
  return { context, end: output.end }
}

/** Never rejects: what went wrong is printed on standard error. */
export async function runCommand(parts: Parts, { command, args, flags }: Run): Promise<ExitCode> {
  const { context, end } = bareContext(parts, flags)
  try {
    return await parts.provide(command, context, async (given) => await command.run(given as never, args))
  } catch (error) {
    end()
    const { code, text } = endedBy(parts.signal.aborted ? new Interrupted() : error)
    await parts.side.print('err', text).catch(() => undefined)
    return code
  } finally {
    end()
  }
}

/** Help, version, or why a command line cannot be followed. */
export async function tell({ side }: Pick<Parts, 'side'>, parsed: Exclude<Parsed, Run>): Promise<ExitCode> {
  if (parsed.kind === 'text') {
    await side.print('out', parsed.text)
    return exitCodes.done
  }
  await side.print('err', `${parsed.help === undefined ? '' : `${parsed.help}\n`}vestibule: ${parsed.message}\n`)
  return exitCodes.wrongUse
}
