/** The program `vestibule` as a script runs it: from the build, in a directory of its own, without a terminal. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { root } from './database.ts'

export const CLI = join(root, 'dist/cli.js')

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly errors: string
}

export interface Given {
  /** What is on standard input. */
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface Cli {
  (words: readonly string[], given?: Given): Promise<Ended>
  /** Starts it, with pipes. */
  start(words: readonly string[], given?: Given): ChildProcess
}

/** No setting of the person who runs the tests reaches it. */
export const systemEnv = (): Record<string, string> => ({ PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' })

/** @param settings of every call */
export const cliIn = (cwd: string, settings: Readonly<Record<string, string>> = {}): Cli => {
  const start = (words: readonly string[], { input = '', env = {} }: Given = {}): ChildProcess => {
    const child = spawn(process.execPath, [CLI, ...words], { cwd, env: { ...systemEnv(), ...settings, ...env } })
    child.stdin.on('error', () => undefined).end(input)
    return child
  }
  const run = async (words: readonly string[], given?: Given): Promise<Ended> => {
    const child = start(words, given)
    const code = new Promise<number | null>((resolve) => child.once('close', resolve))
    const [out, errors] = await Promise.all([text(child.stdout as NodeJS.ReadableStream), text(child.stderr as NodeJS.ReadableStream)])
    return { code: await code, out, errors }
  }
  return Object.assign(run, { start })
}

/** The documents of NDJSON. */
export const documents = (out: string): Record<string, unknown>[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
