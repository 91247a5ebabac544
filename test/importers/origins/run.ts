/** Runs a program to its end, while the thread goes on: the database of a test must not wait. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

interface Options {
  readonly cwd?: string
  /** Beside the variables of this process. */
  readonly env?: Readonly<Record<string, string>>
}

/** What it writes to standard output. @throws if it fails */
export const run = async (program: string, args: readonly string[], { env = {}, ...options }: Options = {}): Promise<string> => {
  const given = { ...options, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 }
  return (await promisify(execFile)(program, [...args], given)).stdout
}
