/** Commands of the program, run on the database of a world as they run in a server; what they print and write is at hand. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { commands, groups } from '../../src/cli/commands.ts'
import { fileSize, readFile, writeFile } from '../../src/cli/local/files.ts'
import { asOperator } from '../../src/cli/opening.ts'
import { parseCommandLine } from '../../src/cli/program.ts'
import { runCommand } from '../../src/cli/runCommand.ts'
import { root } from './database.ts'
import type { World } from './world.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly errors: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
  readonly json: any
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export interface HowToRun {
  readonly signal?: AbortSignal
  /** What happens in place of writing to a file. */
  readonly writeFile?: typeof writeFile
  /** Called when progress is shown. */
  readonly onProgress?: () => void
}

/** `words` are those after `vestibule`. */
export async function runWords(world: World, words: readonly string[], how: HowToRun = {}): Promise<Ran> {
  const line = parseCommandLine({ commands, groups, version: '' }, words)
  if (line.kind !== 'run') throw new Error(`not a command line: ${JSON.stringify(line)}`)
  const printed = { out: '', err: '' }
  const refuse = async (): Promise<never> => {
    throw new Error('nobody can be asked')
  }
  const side = {
    print: async (to: 'out' | 'err', text: string) => {
      printed[to] += text
    },
    progress: () => how.onProgress?.(),
    confirm: refuse,
    askSecret: refuse,
    readFile,
    fileSize,
    writeFile: how.writeFile ?? writeFile,
  }
  const { config, db: database } = world
  const signal = how.signal ?? new AbortController().signal
  const code = await runCommand(
    {
      side,
      signal,
      root,
      provide: async (_command, bare, use) =>
        await use({ ...bare, config, dataDir: '/nowhere', database, ...asOperator(world.app.domain) }),
    },
    line,
  )
  return { code, out: printed.out, errors: printed.err, json: parsed(printed.out) }
}

/** A directory for the files of a test file. */
export function useDirectory(): () => string {
  let directory = ''
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'vestibule-files-'))
  })
  afterAll(async () => await rm(directory, { recursive: true, force: true }))
  return () => directory
}
