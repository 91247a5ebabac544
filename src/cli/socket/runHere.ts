/** In the server: runs the command line of a connection with what the server has open. */
import { commands, groups } from '../commands.ts'
import { type ExitCode, exitCodes } from '../exitCodes.ts'
import { asOperator } from '../opening.ts'
import { parseCommandLine } from '../program.ts'
import { type Provide, runCommand, tell } from '../runCommand.ts'
import { PROTOCOL } from './frames.ts'
import type { RemoteSide } from './remoteSide.ts'
import type { ServerParts } from './serverParts.ts'

interface Parts extends ServerParts {
  readonly side: RemoteSide
  readonly signal: AbortSignal
}

const provideFrom =
  ({ config, dataDir, database, domain }: ServerParts): Provide =>
  async (command, bare, use) => {
    const given = { ...bare, config, dataDir, database }
    // What the server has counted and not written yet belongs to what a command finds.
    await domain.usage.flush()
    await domain.lastSeen.flush()
    return await use(command.needs === 'domain' ? { ...given, ...asOperator(domain) } : given)
  }

export async function runHere(parts: Parts, protocol: number, words: readonly string[]): Promise<ExitCode> {
  const { side, log } = parts
  const wrong = (message: string) => tell({ side }, { kind: 'wrong', message })
  if (protocol !== PROTOCOL) return await wrong('the server is of another version than this command: restart it')
  const parsed = parseCommandLine({ commands, groups, version: '', takesEnvironment: false }, words)
  if (parsed.kind !== 'run') return await tell({ side }, parsed)
  const { name, needs } = parsed.command
  if (needs !== 'database' && needs !== 'domain') return await wrong(`${name} does not run in the server`)
  const code = await runCommand({ side, signal: parts.signal, root: parts.root, provide: provideFrom(parts) }, parsed)
  log[code === exitCodes.failed ? 'warn' : 'info']({ command: name, exitCode: code }, 'ran a command')
  return code
}
