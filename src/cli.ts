/**
 * The program `vestibule`: runs one command line, and ends with its exit code. Settings are those of the server. A command that needs the
 * embedded database of a running server runs in that server.
 */
import { fileURLToPath } from 'node:url'
import { completionOf } from './cli/commands/completion.ts'
import { serve } from './cli/commands/serve.ts'
import { commands, groups } from './cli/commands.ts'
import { type ExitCode, exitCodes } from './cli/exitCodes.ts'
import { createLocalSide } from './cli/local/localSide.ts'
import { parseCommandLine } from './cli/program.ts'
import { provideHere } from './cli/provideHere.ts'
import { runCommand, tell } from './cli/runCommand.ts'
import { readVersion } from './server/version.ts'
import { takeWarnings } from './server/warnings.ts'

/** Where package.json is: one level above this file, and above its bundle. */
const root = fileURLToPath(new URL('..', import.meta.url))
const words = process.argv.slice(2)

/** What a shell reports for a program that a Ctrl-C ended. */
const INTERRUPTED = 130

async function run(): Promise<ExitCode> {
  const interruption = new AbortController()
  const side = createLocalSide(interruption.signal)
  const all = [serve, ...commands]
  const parts = { groups, version: readVersion(root) }
  const parsed = parseCommandLine({ ...parts, commands: [...all, completionOf({ ...parts, commands: all })] }, words)
  if (parsed.kind !== 'run') return await tell({ side }, parsed)
  // It has its own signals, log and end.
  if (parsed.command === serve) return await import('./main.ts').then(() => new Promise<never>(() => undefined))
  takeWarnings((warning) => process.stderr.write(`vestibule: warning: ${warning.message.split('\n')[0]}\n`))
  const interrupt = (): void => {
    if (interruption.signal.aborted) process.exit(INTERRUPTED)
    interruption.abort()
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const { signal } = interruption
  return await runCommand(
    { side, signal, root, provide: provideHere({ side, signal, words, environmentWords: parsed.environmentWords }) },
    parsed,
  )
}

process.setSourceMapsEnabled(true)
const code = await run().catch((error: unknown): ExitCode => {
  process.stderr.write(`vestibule: ${error instanceof Error ? error.stack : error}\n`)
  return exitCodes.failed
})
// What was printed has been taken; connections that idle must not keep the process.
process.exit(code)
